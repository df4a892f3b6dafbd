"""What every page's frame needs: the menu this person may use, the city's name, whether this is a demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from linli.doors.tour_views import COOKIE
from linli.kernel.room import MenuItem, offered
from linli.registers.access.queries import may
from linli.registers.places.queries import city_profile


def frame(request: HttpRequest) -> dict[str, Any]:
    """SHAPE: {menu: [MenuItem], city, is_demo, way_back: {url, label} or None}. Lazy: no menu shown, nothing paid."""
    return {
        "menu": SimpleLazyObject(lambda: menu_of(request)),
        "city": SimpleLazyObject(city_profile),
        "is_demo": settings.LINLI_DEMO,
        "way_back": way_back(request),
    }


def way_back(request: HttpRequest) -> dict[str, Any] | None:
    """Lead a visitor on a tour of the demo back to it, from every page but its own."""
    if not settings.LINLI_DEMO or COOKIE not in request.COOKIES or request.path == reverse("doors:tour"):
        return None
    return {"url": reverse("doors:tour"), "label": _("回到“走一遍”")}


def menu_of(request: HttpRequest) -> list[MenuItem]:
    """Return the menu items this account may use, in order."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return []
    items = [item for _, room in offered("menu") for item in room.items]
    return sorted((i for i in items if not i.permission or may(account, i.permission)), key=lambda i: i.order)
