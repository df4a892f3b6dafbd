"""The wall: the map is the page; rooms bring the panels; the live stream moves them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import NotFound
from linli.kernel.room import Panel, offered
from linli.registers.access.queries import staff_page
from linli.registers.places.queries import city_profile

SIDES = ("left", "right", "bottom")
WORDS = {
    "online": _("实时"),
    "reconnecting": _("正在重新连接"),
    "offline": _("已断开，显示的是最后收到的情况"),
    "opened": _("新事件"),
    "changed": _("有变化"),
}


def panels() -> list[Panel]:
    """Return every room's panels in order."""
    return sorted(
        (panel for _config, room in offered("panels") for panel in room.panels), key=lambda p: p.order
    )


@require_safe
@staff_page("wall.read")
def wall(request: HttpRequest) -> HttpResponse:
    """Draw the whole wall; what moves afterwards comes by the stream."""
    by_side: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for panel in panels():
        by_side[panel.side].append({"panel": panel, "html": _draw(request, panel)})
    city = city_profile()
    config = {
        "center": list(city.centre),
        "zoom": max(city.centre_zoom, 12),
        "sources": [
            {"id": "cases", "tiles": "/tiles/cases/{z}/{x}/{y}.mvt", "layer": "cases"},
            {"id": "live", "cluster": False},
        ],
        "popup": {"title": "category_name", "label": "state_name", "url": "/work/cases/{code}/"},
    }
    context = {"sides": by_side, "map_config": config, "page_family": "wall", "wall_words": WORDS}
    return render(request, "doors/wall.html", context)


@require_safe
@staff_page("wall.read")
def wall_panel(request: HttpRequest, key: str) -> HttpResponse:
    """Draw one panel afresh."""
    panel = next((one for one in panels() if one.key == key), None)
    if panel is None:
        raise NotFound("no_panel", _("大屏上没有这一块。"), _("请刷新大屏。"))
    return HttpResponse(_draw(request, panel))


def _draw(request: HttpRequest, panel: Panel) -> str:
    return render_to_string(panel.template, {"panel": panel, **panel.context(request)}, request)
