"""What the calendar register hands to other rooms: a working calendar, a due time, and why it is that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["urgent_hours", "working_hours", "working_days"]
"""How a limit is counted.

`urgent_hours` 紧急工作时: hours of the clock, day and night.
`working_hours` 工作时: hours inside the city's working windows only.
`working_days` 工作日: statutory working days; the day it starts is not counted.
"""

UNITS: tuple[Unit, ...] = ("urgent_hours", "working_hours", "working_days")

DayKind = Literal["workday", "weekend", "holiday", "makeup"]


@dataclass(frozen=True, slots=True)
class DayName:
    """What a special day is called, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """One published version of a city's working calendar.

    `windows` are the working windows of a working day in local time, in order and apart.
    `holidays` 节假日 are days off, `makeup_days` 调休 are weekend days that are worked.
    Years after `last_year` are not announced yet: they are counted by weekends and marked 暂按.
    """

    code: str
    version: int
    zone: ZoneInfo
    windows: tuple[tuple[time, time], ...]
    weekend: frozenset[int]
    first_year: int
    last_year: int
    holidays: Mapping[date, DayName] = field(default_factory=dict)
    makeup_days: Mapping[date, DayName] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """How one calendar day counts."""

    on: date
    kind: DayKind
    working: bool
    name: DayName | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a due time is what it is: enough for a clerk to recount it by hand.

    SHAPE: `skipped` are the days passed over and `made_up` the weekend days counted, both in order.
    `provisional_years` are years counted by weekends only, because their holidays are not announced.
    """

    unit: Unit
    amount: float
    calendar: str
    calendar_version: int
    start: datetime
    due: datetime
    working_days: int
    skipped: tuple[Day, ...] = ()
    made_up: tuple[Day, ...] = ()
    provisional_years: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give the explanation as plain JSON, the form it is kept in beside the deadline."""
        return {
            "unit": self.unit,
            "amount": self.amount,
            "calendar": self.calendar,
            "calendar_version": self.calendar_version,
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "working_days": self.working_days,
            "skipped": [_day_json(day) for day in self.skipped],
            "made_up": [_day_json(day) for day in self.made_up],
            "provisional_years": list(self.provisional_years),
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A due time with its explanation."""

    at: datetime
    explanation: Explanation


class CalendarGap(ValueError):
    """A past year without data: counting it by weekends would rewrite history silently."""


def _day_json(day: Day) -> dict[str, str]:
    name = day.name or DayName("", "")
    return {"on": day.on.isoformat(), "kind": day.kind, "name_zh": name.zh, "name_en": name.en}
