"""What every response gets: safety headers, and refusals in the caller's form and language."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlparse

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Forbidden, Refusal, TooLarge
from linli.kernel.home import Home
from linli.registers.files.uploads import too_large

Response = Callable[[HttpRequest], HttpResponse]


def content_security_policy() -> str:
    """Return the policy: everything from us; the live stream may stand on a port of its own."""
    live = settings.LINLI_LIVE_URL
    ports = Home.current().ports()
    origins = [f"http://{host}:{ports.live}" for host in ("127.0.0.1", "localhost")]
    if live:
        parts = urlparse(live)
        origins = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {' '.join(origins)}".strip(),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "media-src 'self' blob:",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ]
    )


class CallersAddress:
    """Behind trusted proxies, take the caller's address from X-Forwarded-For: limits and lock-outs count by it.

    The last `LINLI_PROXIES` addresses of the header were written by our own proxies; what stands before them is
    whatever the caller cared to send and is not believed.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response, self.proxies = get_response, settings.LINLI_PROXIES
        if not self.proxies:
            raise MiddlewareNotUsed

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(said) >= self.proxies:
            request.META["REMOTE_ADDR"] = said[-self.proxies]
        return self.get_response(request)


class SafetyHeaders:
    """Set the content security policy and its companions on every response."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)"
        )
        return response


class Refusals:
    """Turn a `Refusal` into JSON for APIs, a fragment for htmx, a page for everybody else.

    A request that says it is larger than we take is refused here, before anything reads it.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = too_large(request)
        return refusal_response(request, refusal) if refusal else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            error = TooLarge("request_too_large", _("提交的内容太大。"), _("请减少内容后重试。"))
        return refusal_response(request, error) if isinstance(error, Refusal) else None


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Render `refusal` the way the caller asked for it."""
    if wants_json(request):
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    template = "ui/_refusal.html" if getattr(request, "htmx", False) else "ui/refusal.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller is a program."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a missing or stale form token instead of a bare 403."""
    return refusal_response(
        request, Forbidden("form_expired", _("页面已过期，没有保存。"), _("请刷新页面后再提交一次。"))
    )
