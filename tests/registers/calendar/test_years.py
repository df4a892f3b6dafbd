"""Years without announced holidays: counted by weekends and said aloud, and an error once they are past."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linli.config.processes.check_running import DatabaseFacts, holidays
from linli.config.processes.finding import Grade
from linli.kernel import clock
from linli.registers.calendar import city
from tests.registers.calendar.test_rules import CITY

LAST = city.last_announced_year(json.loads(CITY.read_text(encoding="utf-8")))
FOLDER = CITY.parents[1]


def new_years_eve(year: int) -> datetime:
    """The last minute of a year, in the city: sixteen o'clock of the same day in UTC."""
    return datetime(year, 12, 31, 15, 59, tzinfo=UTC)


def checked(at: datetime, folder: Path = FOLDER) -> list[tuple[str, str]]:
    with clock.frozen(at):
        return [(problem.where, problem.severity) for problem in city.check(folder)]


def doctor(at: datetime) -> tuple[Grade, str]:
    facts = DatabaseFacts(180_004, 0.0, 0, None, None, LAST)
    with clock.frozen(at):
        found = holidays(facts)
    return found[0].grade, found[0].chinese


def test_on_new_years_eve_the_year_is_known_and_a_minute_later_the_next_one_is_a_warning() -> None:
    assert checked(new_years_eve(LAST)) == []
    assert checked(new_years_eve(LAST) + timedelta(minutes=1)) == [("holidays", "warning")]
    assert checked(new_years_eve(LAST + 1)) == [("holidays", "warning")]


def test_a_past_year_without_data_is_an_error() -> None:
    assert checked(new_years_eve(LAST + 1) + timedelta(minutes=1)) == [("holidays", "error")]


def test_the_doctor_says_that_deadlines_count_weekends_for_now() -> None:
    assert doctor(datetime(LAST, 6, 1, tzinfo=UTC))[0] is Grade.GOOD
    for at in (new_years_eve(LAST), new_years_eve(LAST) + timedelta(hours=12)):
        grade, said = doctor(at)
        assert grade is Grade.NOTE
        assert f"{LAST + 1} 年起的节假日安排尚未公布，时限暂按周末计算" in said
    assert doctor(new_years_eve(LAST + 1) + timedelta(days=2))[0] is Grade.WRONG


def test_a_city_without_a_calendar_hears_nothing_of_holidays() -> None:
    assert holidays(DatabaseFacts(180_004, 0.0, None, None, None)) == []
