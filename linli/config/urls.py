"""All addresses: each room's own, mounted in floor order, and the API assembled from the rooms' routers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from linli.config import pages
from linli.config.api import api
from linli.kernel.room import offered

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", pages.health, name="health"),
    path("language", set_language, name="set_language"),
    path("api/", api.urls),
    *(path("", include((room.urlpatterns, config.label))) for config, room in offered("urls")),
]

handler404 = "linli.config.pages.not_found"
handler500 = "linli.config.pages.server_error"
