"""Deadlines of stages and cases: what begins them, what moves them, and that they say why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.actions import case_attach, case_note, case_transition
from linli.engines.cases.models import Case, CaseDeadline
from linli.engines.cases.queries.detail import case_detail
from linli.engines.cases.queries.lists import case_list
from linli.engines.cases.rules.deadlines import reckon, start_step
from linli.engines.cases.types import CaseFilter, Limit
from linli.kernel import clock
from linli.registers.calendar.queries import work_calendar
from tests.engines.cases.conftest import calendar_table

CALENDAR = work_calendar(calendar_table(), "city", 1)
SOURCED = {"source": "本市", "certainty": "assumed"}


def at(text: str) -> datetime:
    """Read a moment of the city, such as `2026-02-13 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def due(start: str, amount: float, unit: Any, *then: dict[str, Any]) -> datetime:
    steps = [start_step(at(start), Limit(amount, unit, "本市", "assumed")), *then]
    return reckon(steps, CALENDAR, SOURCED).due_at


def pause(since: str, until: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        {"do": "pause", "at": at(since).isoformat(), "reason": "等管材"},
        {"do": "resume", "at": at(until).isoformat()},
    )


# 2026: holidays from 15 February to 23 February; Saturday 14 February and Saturday 28 February are worked.
BY_HAND = [
    ("2026-02-13 09:00", 1, "working_days", "2026-02-14 18:00"),
    ("2026-02-13 09:00", 2, "working_days", "2026-02-24 18:00"),
    ("2026-02-14 17:00", 1, "working_days", "2026-02-24 18:00"),
    ("2026-02-14 17:00", 2, "working_hours", "2026-02-24 09:30"),
    ("2026-02-14 17:00", 2, "urgent_hours", "2026-02-14 19:00"),
    ("2026-02-20 10:00", 4, "working_hours", "2026-02-24 14:00"),
    ("2026-02-27 15:00", 1, "working_days", "2026-02-28 18:00"),
    ("2026-02-26 15:00", 3, "working_days", "2026-03-02 18:00"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "ends"), BY_HAND)
def test_a_due_time_over_the_spring_festival_equals_the_table_made_by_hand(
    start: str, amount: float, unit: Any, ends: str
) -> None:
    assert due(start, amount, unit) == at(ends)


def test_what_was_left_before_a_pause_is_left_after_it() -> None:
    # Two of four working hours are gone at 10:30; they go on on Wednesday at 09:00.
    resumed = due("2026-03-09 08:30", 4, "working_hours", *pause("2026-03-09 10:30", "2026-03-11 09:00"))
    assert resumed == at("2026-03-11 11:00")
    # A day that is counted from tomorrow is left whole, and so are the hours of today.
    days = due("2026-03-09 10:00", 1, "working_days", *pause("2026-03-10 08:30", "2026-03-12 08:30"))
    assert days == at("2026-03-12 18:00")
    urgent = due("2026-03-09 10:00", 2, "urgent_hours", *pause("2026-03-09 11:00", "2026-03-09 23:00"))
    assert urgent == at("2026-03-10 00:00")


def test_a_limit_that_was_over_before_the_pause_stays_over() -> None:
    over = due("2026-03-09 08:30", 1, "working_hours", *pause("2026-03-09 14:30", "2026-03-11 09:00"))
    assert over == at("2026-03-09 09:30")


@given(
    st.integers(0, 60 * 24 * 30),
    st.floats(0.25, 40),
    st.sampled_from(["urgent_hours", "working_hours", "working_days"]),
    st.lists(st.integers(1, 60 * 24 * 3), min_size=2, max_size=6),
)
def test_no_pause_ever_brings_a_due_time_forward(
    start: int, amount: float, unit: Any, gaps: list[int]
) -> None:
    begin = at("2026-01-20 08:00") + timedelta(minutes=start)
    steps: list[dict[str, Any]] = [start_step(begin, Limit(round(amount, 2), unit, "本市", "assumed"))]
    former, moment = reckon(steps, CALENDAR, SOURCED).due_at, begin
    for index in range(0, len(gaps) - 1, 2):
        moment += timedelta(minutes=gaps[index])
        steps.append({"do": "pause", "at": moment.isoformat(), "reason": "等"})
        assert reckon(steps, CALENDAR, SOURCED).due_at == former
        moment += timedelta(minutes=gaps[index + 1])
        steps.append({"do": "resume", "at": moment.isoformat()})
        found = reckon(steps, CALENDAR, SOURCED).due_at
        assert found >= former - timedelta(milliseconds=1)
        former = found


def test_every_stage_has_a_deadline_of_its_own_that_says_why(
    frozen: datetime, open_case: Any, walk: Any
) -> None:
    code = open_case().code
    walk(code)
    kept = CaseDeadline.objects.filter(case__code=code).order_by("id")
    assert [row.kind for row in kept] == [
        "expected", "accept", "verify", "file", "dispatch", "handling", "check", "close",
    ]  # fmt: skip
    for row in kept:
        assert row.explanation["calendar"] == "city"
        assert row.explanation["start"] == frozen.isoformat()
        assert row.explanation["due"] == row.due_at.isoformat()
        assert row.explanation["source"]
    case = Case.objects.get(code=code)
    assert (case.stage_due_at, case.stage_deadline_id, case.escalate_at) == (None, None, None)


def test_while_it_is_handled_the_case_and_its_stage_have_one_deadline(open_case: Any, walk: Any) -> None:
    code = open_case().code
    walk(code, "dispatch")
    case = Case.objects.get(code=code)
    assert (case.stage_due_at, case.stage_deadline_id) == (case.due_at, case.deadline_id)


def test_editing_a_case_does_not_move_its_deadline(open_case: Any, cast: Any, walk: Any, stored: str) -> None:
    code = open_case().code
    walk(code, "dispatch")
    columns = ("due_at", "deadline_id", "stage_due_at", "stage_deadline_id", "escalate_at")
    before = Case.objects.values(*columns).get(code=code)
    with clock.frozen(before["due_at"] - timedelta(minutes=5)):
        case_note(cast.handler, code, "现场在排队")
        case_attach(cast.handler, code, [stored])
    assert Case.objects.values(*columns).get(code=code) == before


def test_a_granted_delay_moves_the_due_time_and_says_so(
    frozen: datetime, open_case: Any, cast: Any, walk: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    before = Case.objects.get(code=code)
    case_transition(cast.handler, code, "request_delay", reason="要等挖机")
    asked = Case.objects.get(code=code)
    assert (asked.state, asked.due_at, asked.deadline_id) == (
        "delay_requested",
        before.due_at,
        before.deadline_id,
    )
    case_transition(cast.dispatcher, code, "grant_delay", note="同意")
    after = Case.objects.get(code=code)
    assert after.state == "in_handling"
    assert after.due_at > before.due_at
    assert after.stage_due_at == after.due_at
    said = "".join(case_detail(cast.handler, code).due_sentences)
    assert "准予延期：原应于 3月9日 15:30 前办结" in said


def test_a_refused_delay_moves_nothing(open_case: Any, cast: Any, walk: Any) -> None:
    code = open_case().code
    walk(code, "dispatch")
    before = Case.objects.get(code=code)
    facts = CaseDeadline.objects.count()
    case_transition(cast.handler, code, "request_delay", reason="要等挖机")
    case_transition(cast.dispatcher, code, "refuse_delay", reason="可先清运")
    after = Case.objects.get(code=code)
    assert (after.state, after.due_at, after.deadline_id) == (
        "in_handling",
        before.due_at,
        before.deadline_id,
    )
    assert CaseDeadline.objects.count() == facts


def test_the_unit_cannot_decide_on_its_own_delay(open_case: Any, cast: Any, walk: Any, refused: Any) -> None:
    code = open_case().code
    walk(code, "dispatch")
    case_transition(cast.handler, code, "request_delay", reason="要等挖机")
    for action in ("grant_delay", "suspend"):
        with refused("not_permitted"):
            case_transition(cast.handler, code, action, reason="自己同意")


def test_while_a_case_is_suspended_its_clock_stands_still(
    frozen: datetime, open_case: Any, cast: Any, walk: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    with clock.frozen(frozen + timedelta(minutes=30)):
        case_transition(cast.dispatcher, code, "suspend", reason="等管材到货")
        assert "挂账，时钟停走" in "".join(case_detail(cast.dispatcher, code).due_sentences)
    with clock.frozen(frozen + timedelta(days=20)):
        assert not case_detail(cast.dispatcher, code).row.overdue
        assert case_list(cast.dispatcher, CaseFilter(overdue=True)).total == 0
        case_transition(cast.dispatcher, code, "resume")
    case = Case.objects.get(code=code)
    # Three and a half of four working hours were left; the 20th day after is a Sunday: Monday 08:30 to 12:00.
    expected = at("2026-03-30 12:00")
    assert (case.due_at, case.paused_at, case.stage_due_at) == (expected, None, expected)
    said = "".join(case_detail(cast.dispatcher, code).due_sentences)
    assert "3月9日 10:30 至 3月29日 10:00 挂账，不计时" in said
    assert "等管材到货" in said


def test_a_case_over_the_new_year_not_announced_says_so(city: None, open_case: Any, cast: Any) -> None:
    last = CALENDAR.last_year
    with clock.frozen(at(f"{last}-12-31 17:30")):
        code = open_case(category_code="part.0118").code
        said = "".join(case_detail(cast.dispatcher, code).due_sentences)
    assert f"{last + 1} 年节假日安排尚未公布，暂按周末计算" in said
