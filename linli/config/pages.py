"""Pages that belong to no room: health, not found, server error."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from linli.config.middleware import refusal_response
from linli.kernel.errors import NotFound


def health(request: HttpRequest) -> HttpResponse:
    """Say whether this process can serve: 200 with the database reachable, 503 without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return refusal_response(
        request, NotFound("no_page", _("这里没有页面。"), _("请检查地址，或从首页重新进入。"))
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own failure without touching the database."""
    return HttpResponseServerError(render_to_string("ui/server_error.html"))
