"""A republished calendar: open cases are counted again, say so, and only once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.cases.actions import case_transition, cases_replan
from linli.engines.cases.models import Case, CaseDeadline
from linli.engines.cases.queries.detail import case_detail
from linli.kernel import clock
from linli.registers.bus.models import Outbox
from linli.registers.calendar import queries as calendar_queries
from linli.registers.calendar.actions import calendar_publish
from linli.registers.record.models import Entry
from linli.registers.record.types import SYSTEM
from tests.engines.cases.conftest import calendar_table
from tests.engines.cases.test_deadlines import at

LIGHT = "part.0118"  # 路灯: two working days


def close_tomorrow() -> None:
    """Publish the calendar with Tuesday 10 March 2026 as a day off."""
    table = calendar_table()
    table["holidays"].append({"on": "2026-03-10", "name_zh": "停电日", "name_en": "Power cut"})
    calendar_publish(SYSTEM, "city", table)
    calendar_queries.forget()


def replan() -> list[int]:
    sizes = []
    while size := cases_replan():
        sizes.append(size)
    return sizes


def test_a_republished_calendar_moves_open_cases_and_says_so(
    frozen: datetime, open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case(category_code=LIGHT).code
    walk(code, "dispatch")
    assert Case.objects.get(code=code).due_at == at("2026-03-11 18:00")
    assert replan() == []
    close_tomorrow()
    assert replan() == [1]
    case = Case.objects.get(code=code)
    assert (case.due_at, case.stage_due_at) == (at("2026-03-12 18:00"),) * 2
    assert case.stage_deadline_id == case.deadline_id
    assert case.escalate_at is not None
    assert case.escalate_at < case.due_at
    detail = case_detail(cast.handler, code)
    assert (
        "工作日历重新公布（第 1 版改为第 2 版），按新日历重算；原为 3月11日 18:00 到期。"
        in detail.due_sentences
    )
    assert detail.story[0].title_zh == "时限重算"
    assert Entry.objects.filter(action="case_replan", subject_keys=[code]).count() == 1
    assert '"action":"replan"' in Outbox.objects.order_by("-id")[0].body.replace(" ", "")


def test_loading_the_same_calendar_again_counts_nothing_again(
    frozen: datetime, open_case: Any, walk: Any
) -> None:
    walk(open_case(category_code=LIGHT).code, "dispatch")
    close_tomorrow()
    replan()
    facts = CaseDeadline.objects.count()
    close_tomorrow()
    assert replan() == []
    assert CaseDeadline.objects.count() == facts


def test_a_case_the_change_does_not_touch_keeps_its_deadline(frozen: datetime, open_case: Any) -> None:
    code = open_case().code  # four working hours of Monday
    before = Case.objects.get(code=code)
    close_tomorrow()
    assert replan() == [1]
    after = Case.objects.get(code=code)
    assert (after.deadline_id, after.due_at, after.changed_at) == (
        before.deadline_id,
        before.due_at,
        before.changed_at,
    )
    assert after.calendar_version == 2
    assert not Entry.objects.filter(action="case_replan").exists()


def test_a_closed_case_keeps_the_due_time_it_was_judged_by(
    frozen: datetime, open_case: Any, walk: Any
) -> None:
    code = open_case(category_code=LIGHT).code
    walk(code)
    close_tomorrow()
    assert replan() == []
    assert Case.objects.get(code=code).due_at == at("2026-03-11 18:00")


def test_delays_and_pauses_are_counted_again_step_by_step(
    frozen: datetime, open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case(category_code=LIGHT).code
    walk(code, "dispatch")
    case_transition(cast.handler, code, "request_delay", reason="等灯杆")
    case_transition(cast.dispatcher, code, "grant_delay")
    assert Case.objects.get(code=code).due_at == at("2026-03-13 18:00")
    close_tomorrow()
    replan()
    assert Case.objects.get(code=code).due_at == at("2026-03-16 18:00")


def test_a_suspended_case_is_counted_by_the_calendar_in_force_when_it_goes_on(
    frozen: datetime, open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case(category_code=LIGHT).code
    walk(code, "dispatch")
    with clock.frozen(at("2026-03-09 18:00")):
        case_transition(cast.dispatcher, code, "suspend", reason="等灯杆")
    close_tomorrow()
    replan()
    assert Case.objects.get(code=code).escalate_at is None
    with clock.frozen(at("2026-03-16 08:30")):
        case_transition(cast.dispatcher, code, "resume")
    assert Case.objects.get(code=code).due_at == at("2026-03-17 18:00")


def test_cases_are_counted_again_in_batches_and_after_a_stop_where_it_stopped(
    frozen: datetime, open_case: Any
) -> None:
    for _case in range(5):
        open_case(category_code=LIGHT)
    close_tomorrow()
    assert cases_replan(limit=2) == 2
    assert cases_replan(limit=2) == 2
    assert cases_replan(limit=2) == 1
    assert cases_replan(limit=2) == 0
    moved = Case.objects.filter(due_at=at("2026-03-12 18:00"))
    assert moved.count() == 5
    assert Entry.objects.filter(action="case_replan").count() == 5
    assert timedelta(0) < moved[0].due_at - frozen
