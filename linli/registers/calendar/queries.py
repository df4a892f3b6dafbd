"""Reading published calendars."""

from __future__ import annotations

import time as monotonic_time
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from linli.registers.calendar.models import CalendarVersion
from linli.registers.calendar.types import DayName, WorkCalendar

FRESH_S = 1.0
_cache: dict[str, tuple[float, WorkCalendar]] = {}


class NoCalendar(LookupError):
    """No calendar of this code was ever published: the city is not loaded."""


def calendar(code: str = "city") -> WorkCalendar:
    """Return the current version of a calendar.

    ERRORS: NoCalendar. COST: at most one indexed query a second in each process.
    """
    cached = _cache.get(code)
    if cached and monotonic_time.monotonic() - cached[0] < FRESH_S:
        return cached[1]
    version = (
        CalendarVersion.objects.filter(code=code)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    if version is None:
        raise NoCalendar(code)
    found = cached[1] if cached and cached[1].version == version else calendar_version(code, version)
    _cache[code] = (monotonic_time.monotonic(), found)
    return found


def calendar_version(code: str, version: int) -> WorkCalendar:
    """Return one published version, current or not. ERRORS: CalendarVersion.DoesNotExist."""
    row = CalendarVersion.objects.get(code=code, version=version)
    return work_calendar(row.table, code, version)


def forget() -> None:
    """Drop what this process remembers: after publishing, and between tests."""
    _cache.clear()


def work_calendar(table: dict[str, Any], code: str, version: int) -> WorkCalendar:
    """Build the calendar from its published table."""
    return WorkCalendar(
        code=code,
        version=version,
        zone=ZoneInfo(table["timezone"]),
        windows=tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in table["windows"]
        ),
        weekend=frozenset(table["weekend"]),
        first_year=table["first_year"],
        last_year=table["last_year"],
        holidays=_days(table["holidays"]),
        makeup_days=_days(table["makeup_days"]),
    )


def _days(rows: list[dict[str, str]]) -> dict[date, DayName]:
    return {date.fromisoformat(row["on"]): DayName(row["name_zh"], row["name_en"]) for row in rows}
