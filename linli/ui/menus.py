"""The staff menu: which line leads where, and which one this page belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from linli.kernel.room import MenuItem


def menu_lines(items: Iterable[MenuItem], path: str) -> list[dict[str, Any]]:
    """Give each menu item its address and mark the one whose address is the longest beginning of `path`."""
    lines: list[dict[str, Any]] = []
    for item in items:
        try:
            lines.append({"item": item, "url": reverse(item.url_name), "current": False})
        except NoReverseMatch:
            continue
    inside = [line for line in lines if path.startswith(line["url"])]
    if inside:
        max(inside, key=lambda line: len(line["url"]))["current"] = True
    return lines
