"""A staff page of its own, so that access is proved without knowing any room's page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from linli.config.urls import handler404, handler500
from linli.config.urls import urlpatterns as house
from linli.registers.access.queries import staff_page

__all__ = ["handler404", "handler500", "urlpatterns"]


@staff_page("case.dispatch")
def guarded(request: HttpRequest) -> HttpResponse:
    """Only who may dispatch."""
    return HttpResponse("inside")


@staff_page()
def staff_only(request: HttpRequest) -> HttpResponse:
    """Whoever holds a post."""
    return HttpResponse("inside")


urlpatterns = [path("guarded/", guarded), path("staff-only/", staff_only), *house]
