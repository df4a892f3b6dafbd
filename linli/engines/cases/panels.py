"""The cases' part of the wall: today's figures, kinds and towns, the newest, the overdue, the last hour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import events
from linli.engines.cases.queries import wall
from linli.kernel.room import Panel
from linli.registers.places.queries import division_names

MOVES = (events.OPENED, events.CHANGED)
BARS = 5
NEWEST, OVERDUE = 7, 5
HOUR_HEIGHT, HOUR_STEP = 80, 12


def _today(request: HttpRequest) -> dict[str, Any]:
    return {"counts": wall.counts_today(request)}


def _kinds(request: HttpRequest) -> dict[str, Any]:
    return {"bars": _bars(wall.counts_today(request).by_category)}


def _towns(request: HttpRequest) -> dict[str, Any]:
    counted = wall.counts_today(request).by_town[:BARS]
    names = division_names([code for code, _count in counted])
    return {"bars": _bars((names.get(code, code), count) for code, count in counted)}


def _newest(request: HttpRequest) -> dict[str, Any]:
    return {"rows": wall.newest(request, NEWEST)}


def _overdue(request: HttpRequest) -> dict[str, Any]:
    return {"rows": wall.overdue(request, OVERDUE)}


def _hour(request: HttpRequest) -> dict[str, Any]:
    """SHAPE: one column a minute, heights in the picture's units; the totals say the same in words."""
    lines = wall.timeline_hour(request)
    most = max((max(line.opened, line.closed) for line in lines), default=0) or 1
    columns = [
        {
            "x": number * HOUR_STEP,
            "closed_x": number * HOUR_STEP + 5,
            "opened": round(HOUR_HEIGHT * line.opened / most, 1),
            "closed": round(HOUR_HEIGHT * line.closed / most, 1),
            "opened_y": round(HOUR_HEIGHT - HOUR_HEIGHT * line.opened / most, 1),
            "closed_y": round(HOUR_HEIGHT - HOUR_HEIGHT * line.closed / most, 1),
        }
        for number, line in enumerate(lines)
    ]
    return {
        "columns": columns,
        "width": len(lines) * HOUR_STEP,
        "height": HOUR_HEIGHT,
        "began_at": lines[0].at if lines else None,
        "opened": sum(line.opened for line in lines),
        "closed": sum(line.closed for line in lines),
    }


def _bars(counted: Iterable[tuple[Any, int]]) -> list[dict[str, Any]]:
    top = list(counted)[:BARS]
    most = max((count for _thing, count in top), default=0) or 1
    return [{"thing": thing, "count": count, "most": most} for thing, count in top]


panels = [
    Panel("today", "left", _("今天"), "cases/panel_today.html", _today, 10, MOVES),
    Panel("kinds", "left", _("今天上报最多的类别"), "cases/panel_bars.html", _kinds, 20, (events.OPENED,)),
    Panel("towns", "left", _("今天上报最多的镇街"), "cases/panel_bars.html", _towns, 30, (events.OPENED,)),
    Panel("newest", "right", _("最新上报"), "cases/panel_rows.html", _newest, 40, MOVES),
    Panel("overdue", "right", _("超期最久"), "cases/panel_rows.html", _overdue, 50, MOVES),
    Panel("hour", "bottom", _("最近一小时"), "cases/panel_hour.html", _hour, 60, MOVES),
]
