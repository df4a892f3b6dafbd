"""What every page's frame needs: the menu this person may use, the city's name, whether this is a demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linli.kernel.room import MenuItem, offered
from linli.registers.access.queries import may
from linli.registers.places.queries import city_profile


def frame(request: HttpRequest) -> dict[str, Any]:
    """SHAPE: {menu: [MenuItem], city, is_demo}. Lazy: a page that shows no menu pays nothing for it."""
    return {
        "menu": SimpleLazyObject(lambda: menu_of(request)),
        "city": SimpleLazyObject(city_profile),
        "is_demo": settings.LINLI_DEMO,
    }


def menu_of(request: HttpRequest) -> list[MenuItem]:
    """Return the menu items this account may use, in order."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return []
    items = [item for _, room in offered("menu") for item in room.items]
    return sorted((i for i in items if not i.permission or may(account, i.permission)), key=lambda i: i.order)
