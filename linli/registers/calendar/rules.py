"""Count limits over working time. Pure: no clock, no database, no language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from linli.registers.calendar.types import UNITS, CalendarGap, Day, Due, Explanation, Unit, WorkCalendar

LONGEST_WALK_DAYS = 3_660
"""No limit runs longer than ten years: a walk beyond it means a calendar without working days."""


def day_of(on: date, calendar: WorkCalendar) -> Day:
    """Say how one local day counts.

    ERRORS: CalendarGap for a year before the calendar's first.
    """
    if on.year < calendar.first_year:
        raise CalendarGap(
            f"calendar {calendar.code} has no data for {on.year}; it begins in {calendar.first_year}"
        )
    if (name := calendar.holidays.get(on)) is not None:
        return Day(on, "holiday", False, name)
    if (name := calendar.makeup_days.get(on)) is not None:
        return Day(on, "makeup", True, name)
    provisional = on.year > calendar.last_year
    if on.isoweekday() in calendar.weekend:
        return Day(on, "weekend", False, None, provisional)
    return Day(on, "workday", True, None, provisional)


def due_at(start: datetime, amount: float, unit: Unit, calendar: WorkCalendar) -> Due:
    """Find when a limit that starts at `start` runs out, and why then.

    Working days: the day of the start is not counted, and the limit ends when work ends on the last day
    (民法典 第二百零一条、第二百零三条). A part of a day is counted in working hours of a full day.
    UNITS: `amount` in the unit named; `start` aware; the answer in UTC.
    ERRORS: ValueError for an amount that is not positive, an unknown unit or a start without zone;
    CalendarGap for a year before the calendar's first.
    COST: O(days passed).
    """
    if start.tzinfo is None:
        raise ValueError("a deadline starts at an aware time")
    if not amount > 0:
        raise ValueError("a limit is more than nothing")
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    start = start.astimezone(UTC)
    if unit == "urgent_hours":
        due = start + timedelta(hours=amount)
        return Due(due, Explanation(unit, amount, calendar.code, calendar.version, start, due, 0))
    seen: list[Day] = []
    if unit == "working_hours":
        due = _after_working_time(start, timedelta(hours=amount), calendar, seen)
    else:
        due = _after_working_days(start, amount, calendar, seen)
    return Due(due, _explained(unit, amount, calendar, start, due, seen))


def working_time_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Sum the working time from `start` to `end`; nothing when `end` is not after `start`.

    COST: O(days between).
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total = timedelta(0)
    if end <= start:
        return total
    last = end.astimezone(calendar.zone).date()
    for day in _days_from(start.astimezone(calendar.zone).date(), calendar):
        if day.on > last:
            break
        if day.working:
            for opens, closes in _windows_on(day.on, calendar):
                total += max(timedelta(0), min(end, closes) - max(start, opens))
    return total


def _days_from(first: date, calendar: WorkCalendar) -> Iterator[Day]:
    for offset in range(LONGEST_WALK_DAYS):
        yield day_of(first + timedelta(days=offset), calendar)
    raise ValueError(f"calendar {calendar.code} has no working day in ten years")


def _windows_on(on: date, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    zone = calendar.zone
    return [
        (
            datetime.combine(on, opens, zone).astimezone(UTC),
            datetime.combine(on, closes, zone).astimezone(UTC),
        )
        for opens, closes in calendar.windows
    ]


def _after_working_time(
    start: datetime, amount: timedelta, calendar: WorkCalendar, seen: list[Day]
) -> datetime:
    """Walk forward until `amount` of working time has passed; a limit met at closing ends at closing."""
    left = amount
    for day in _days_from(start.astimezone(calendar.zone).date(), calendar):
        seen.append(day)
        if not day.working:
            continue
        for opens, closes in _windows_on(day.on, calendar):
            begins = max(start, opens)
            if begins >= closes:
                continue
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
    raise AssertionError("the walk above returns or raises")


def _after_working_days(start: datetime, amount: float, calendar: WorkCalendar, seen: list[Day]) -> datetime:
    whole, part = divmod(amount, 1)
    moment = start
    if whole:
        left = int(whole)
        for day in _days_from(start.astimezone(calendar.zone).date() + timedelta(days=1), calendar):
            seen.append(day)
            left -= day.working
            if not left:
                moment = _windows_on(day.on, calendar)[-1][1]
                break
    if part:
        moment = _after_working_time(moment, full_day(calendar) * part, calendar, seen)
    return moment


def full_day(calendar: WorkCalendar) -> timedelta:
    """Sum the windows of one working day."""
    minutes = sum(
        (closes.hour - opens.hour) * 60 + closes.minute - opens.minute for opens, closes in calendar.windows
    )
    return timedelta(minutes=minutes)


def _explained(
    unit: Unit, amount: float, calendar: WorkCalendar, start: datetime, due: datetime, seen: list[Day]
) -> Explanation:
    days = {day.on: day for day in seen}.values()
    return Explanation(
        unit=unit,
        amount=amount,
        calendar=calendar.code,
        calendar_version=calendar.version,
        start=start,
        due=due,
        working_days=sum(day.working for day in days),
        skipped=tuple(day for day in days if not day.working),
        made_up=tuple(day for day in days if day.kind == "makeup"),
        provisional_years=tuple(sorted({day.on.year for day in days if day.provisional})),
    )
