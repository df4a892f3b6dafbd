"""Until the city is loaded, every page shows how far the loading is."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from linli.doors.models import CityLoading

OPEN_PATHS = ("/healthz", "/static/", "/language", "/gallery/")


def newest() -> CityLoading | None:
    """Return the newest loading, None before the first (or before the tables exist)."""
    try:
        return CityLoading.objects.order_by("-id").first()
    except DatabaseError:
        return None


class LoadingPage:
    """Answer 503 with the progress page until one loading has finished; afterwards costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_loaded = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_loaded and not request.path.startswith(OPEN_PATHS):
            self.is_loaded = self._finished_once()
            if not self.is_loaded:
                return self._progress(request)
        return self.get_response(request)

    def _finished_once(self) -> bool:
        if getattr(settings, "LINLI_SKIP_LOADING_PAGE", False):
            return True
        try:
            return CityLoading.objects.filter(finished_at__isnull=False).exists()
        except DatabaseError:
            return False

    def _progress(self, request: HttpRequest) -> HttpResponse:
        loading = newest()
        headers = {"Retry-After": "2", "Cache-Control": "no-store"}
        if request.path.startswith("/api/"):
            body = {"code": "loading", "percent": loading.percent if loading else 0}
            return JsonResponse(body, status=503, headers=headers)
        template = "doors/_loading.html" if request.headers.get("HX-Request") else "doors/loading.html"
        # htmx swaps only successful answers; the fragment polls itself.
        status = 200 if request.headers.get("HX-Request") else 503
        response = render(request, template, {"loading": loading}, status=status)
        for name, value in headers.items():
            response[name] = value
        return response
