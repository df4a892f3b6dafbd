"""Limits counted over working time. The tables are made by hand from the published holiday arrangements."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registers.calendar.city import resolve
from linli.registers.calendar.queries import work_calendar
from linli.registers.calendar.rules import due_at, full_day, working_time_between
from linli.registers.calendar.types import UNITS, CalendarGap

ZONE = ZoneInfo("Asia/Shanghai")
CITY = Path(__file__).parents[3] / "cities" / "jianyang" / "calendar" / "calendar.json"
CALENDAR = work_calendar(resolve(json.loads(CITY.read_text())), "city", 1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # Urgent hours run through the night.
        ("2026-11-23T23:30", 2, "urgent_hours", "2026-11-24T01:30"),
        # Working hours stop over lunch, at night and over the weekend.
        ("2026-11-23T11:00", 2, "working_hours", "2026-11-23T14:30"),
        ("2026-11-23T17:00", 2, "working_hours", "2026-11-24T09:30"),
        ("2026-11-27T17:00", 2, "working_hours", "2026-11-30T09:30"),
        ("2026-11-23T07:00", 8, "working_hours", "2026-11-23T18:00"),
        ("2026-11-23T20:00", 4, "working_hours", "2026-11-24T14:00"),
        # Working days do not count the day they start on, and end when work ends.
        ("2026-11-23T09:00", 1, "working_days", "2026-11-24T18:00"),
        ("2026-11-27T09:00", 1, "working_days", "2026-11-30T18:00"),
        ("2026-11-23T09:00", 0.5, "working_days", "2026-11-23T14:30"),
        ("2026-11-23T09:00", 1.5, "working_days", "2026-11-25T14:00"),
        # 国庆 2026: 1 to 7 October off; 20 September (Sunday) and 10 October (Saturday) are worked.
        ("2026-09-18T09:00", 1, "working_days", "2026-09-20T18:00"),
        ("2026-09-30T09:00", 3, "working_days", "2026-10-10T18:00"),
        ("2026-09-30T17:30", 1, "working_hours", "2026-10-08T09:00"),
        # 春节 2026: 15 to 23 February off; 14 and 28 February (Saturdays) are worked.
        ("2026-02-13T09:00", 1, "working_days", "2026-02-14T18:00"),
        ("2026-02-13T09:00", 2, "working_days", "2026-02-24T18:00"),
        ("2026-02-24T09:00", 4, "working_days", "2026-02-28T18:00"),
    ],
)
def test_a_limit_ends_where_a_hand_made_table_says(start: str, amount: float, unit: str, due: str) -> None:
    found = due_at(local(start), amount, unit, CALENDAR)
    assert found.at == local(due)
    assert found.explanation.due == found.at


def test_an_explanation_names_the_days_passed_over_and_the_make_up_day() -> None:
    explanation = due_at(local("2026-09-30T09:00"), 3, "working_days", CALENDAR).explanation
    assert [day.on.isoformat() for day in explanation.skipped] == [f"2026-10-0{n}" for n in range(1, 8)]
    assert {day.name.zh for day in explanation.skipped if day.name} >= {"国庆节"}
    assert [day.on.isoformat() for day in explanation.made_up] == ["2026-10-10"]
    assert explanation.provisional_years == ()
    assert json.loads(json.dumps(explanation.as_json()))["working_days"] == 3


def test_a_year_not_announced_counts_weekends_and_says_it_is_provisional() -> None:
    found = due_at(local("2026-12-31T09:00"), 1, "working_days", CALENDAR)
    assert found.at == local("2027-01-01T18:00")
    assert found.explanation.provisional_years == (2027,)


def test_a_past_year_without_data_is_an_error() -> None:
    with pytest.raises(CalendarGap):
        due_at(local("2017-06-01T09:00"), 1, "working_days", CALENDAR)


@pytest.mark.parametrize("amount", [0, -1, float("nan")])
def test_a_limit_of_nothing_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="limit"):
        due_at(local("2026-11-23T09:00"), amount, "working_hours", CALENDAR)


def test_a_start_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        due_at(datetime(2026, 11, 23, 9), 1, "working_hours", CALENDAR)


moments = st.datetimes(datetime(2019, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
amounts = st.integers(1, 240).map(lambda quarters: quarters / 4)


@given(moments, amounts)
def test_exactly_the_amount_of_working_time_lies_before_the_due_time(start: datetime, hours: float) -> None:
    due = due_at(start, hours, "working_hours", CALENDAR).at
    assert working_time_between(start, due, CALENDAR) == timedelta(hours=hours)


@given(moments, st.integers(1, 20))
def test_so_many_full_days_lie_between_the_day_of_the_start_and_the_due_time(
    start: datetime, days: int
) -> None:
    due = due_at(start, days, "working_days", CALENDAR).at
    next_day = datetime.combine(start.astimezone(ZONE).date() + timedelta(days=1), datetime.min.time(), ZONE)
    assert working_time_between(next_day, due, CALENDAR) == full_day(CALENDAR) * days


@given(moments, amounts, st.sampled_from(UNITS), st.floats(0, 86_400 * 20))
def test_starting_later_never_ends_earlier(start: datetime, amount: float, unit: str, later_s: float) -> None:
    later = start + timedelta(seconds=later_s)
    assert due_at(start, amount, unit, CALENDAR).at <= due_at(later, amount, unit, CALENDAR).at


@given(moments, amounts, amounts, st.sampled_from(UNITS))
def test_a_longer_limit_never_ends_earlier(start: datetime, one: float, more: float, unit: str) -> None:
    assert due_at(start, one, unit, CALENDAR).at <= due_at(start, one + more, unit, CALENDAR).at


@given(moments, amounts, st.sampled_from(UNITS))
def test_a_due_time_lies_after_its_start_and_in_working_time(
    start: datetime, amount: float, unit: str
) -> None:
    due = due_at(start, amount, unit, CALENDAR).at
    assert due > start
    if unit != "urgent_hours":
        assert working_time_between(due - timedelta(seconds=1), due, CALENDAR) == timedelta(seconds=1)
