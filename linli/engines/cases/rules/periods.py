"""Periods of the city's calendar: day, week (from Monday), month, quarter, year."""

from __future__ import annotations

from datetime import date, timedelta

from linli.engines.cases.types.indicators import Period

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(kind: str, on: date) -> Period:
    """Return the period of a kind that holds a day."""
    if kind == "day":
        return Period(kind, on, on + timedelta(days=1))
    if kind == "week":
        monday = on - timedelta(days=on.weekday())
        return Period(kind, monday, monday + timedelta(days=7))
    length = MONTHS[kind]
    begins_on = date(on.year, (on.month - 1) // length * length + 1, 1)
    months = begins_on.year * 12 + begins_on.month - 1 + length
    return Period(kind, begins_on, date(months // 12, months % 12 + 1, 1))


def period_before(period: Period) -> Period:
    """Return the period of the same kind that ends where this one begins."""
    return period_of(period.kind, period.begins_on - timedelta(days=1))


def period_after(period: Period) -> Period:
    """Return the period of the same kind that begins where this one ends."""
    return period_of(period.kind, period.ends_on)
