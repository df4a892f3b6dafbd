"""Climbing with late cases: oldest first, once, nobody left out, also after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.engines.cases.actions import case_note, case_transition, cases_escalate
from linli.engines.cases.clocks import clocks
from linli.engines.cases.models import Case, CaseDeadline, CaseEscalation
from linli.engines.cases.queries.detail import case_detail
from linli.kernel import clock
from linli.registers.bus.models import Outbox
from linli.registers.record.models import Entry
from tests.conftest import writing
from tests.engines.cases.staff import QUEUE, case_url

DAY = timedelta(days=1)


def tick() -> list[int]:
    """Let the clock run as the worker does: until nothing is waiting. Returns the sizes of the batches."""
    sizes = []
    while size := cases_escalate():
        sizes.append(size)
    return sizes


def steps(code: str) -> list[str]:
    return list(CaseEscalation.objects.filter(case__code=code).order_by("id").values_list("step", flat=True))


def test_a_case_is_reminded_of_before_it_is_due_and_supervised_when_it_is(
    frozen: datetime, open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    case = Case.objects.get(code=code)
    assert tick() == []
    # Four working hours from 10:00: eight tenths of them are over at 14:42, with the break at noon.
    with clock.frozen(frozen + timedelta(hours=4, minutes=42)):
        assert tick() == [1]
        assert steps(code) == ["remind"]
        assert Case.objects.get(code=code).supervised_at is None
        assert tick() == []
    with clock.frozen(case.due_at):
        assert tick() == [1]
        assert steps(code) == ["remind", "supervise"]
        assert Case.objects.get(code=code).supervised_at == case.due_at
    told = json.loads(Outbox.objects.filter(event="case.escalated").order_by("-id")[0].body)
    assert told["data"]["step"] == "supervise"
    assert set(told["labels"]["departments"]) == {"urban-management", "command"}
    assert Entry.objects.filter(action="case_escalate", subject_keys=[code]).count() == 2
    titles = [line.title_zh for line in case_detail(cast.handler, code).story]
    assert titles[:2] == ["超期督办", "催办"]


def test_a_case_nobody_has_taken_climbs_to_the_duty_officer_and_then_to_the_leader(
    frozen: datetime, open_case: Any
) -> None:
    code = open_case().code
    with clock.frozen(frozen + timedelta(minutes=15)):
        tick()
    assert steps(code) == ["supervise", "unowned"]
    assert Case.objects.get(code=code).escalated_to == "duty"
    with clock.frozen(frozen + timedelta(minutes=30)):
        tick()
    assert steps(code)[-1] == "leader"
    case = Case.objects.get(code=code)
    assert (case.escalated_to, case.escalate_at) == ("leader", None)


def test_a_case_in_a_department_without_people_climbs_as_one_nobody_has_taken(
    open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case().code
    walk(code, "file")
    case_transition(cast.dispatcher, code, "dispatch", department="town-510185001")
    with writing():
        cast.grid.holdings.all().delete()
    with clock.frozen(Case.objects.get(code=code).due_at):
        tick()
    assert "unowned" in steps(code)
    assert CaseEscalation.objects.get(case__code=code, step="unowned").is_unowned


def test_a_case_under_supervision_says_so_in_its_page_its_list_and_the_api(
    frozen: datetime, open_case: Any, walk: Any, cast: Any, client_of: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    client = client_of(cast.handler)
    assert "督办" not in client.get(case_url(code)).content.decode()
    with clock.frozen(Case.objects.get(code=code).due_at + timedelta(minutes=1)):
        tick()
        for address in (case_url(code), QUEUE):
            assert "督办" in client.get(address).content.decode(), address
        row = client.get("/api/cases").json()["items"][0]
    assert (row["supervised"], row["paused"], row["overdue"]) == (True, False, True)


def test_an_edit_neither_delays_nor_repeats_a_step(
    frozen: datetime, open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    due = Case.objects.get(code=code).due_at
    with clock.frozen(due - timedelta(minutes=1)):
        tick()
        case_note(cast.handler, code, "在路上")
    with clock.frozen(due):
        tick()
        case_note(cast.handler, code, "堵车")
        tick()
    assert steps(code) == ["remind", "supervise"]


def test_a_suspended_case_does_not_climb(frozen: datetime, open_case: Any, walk: Any, cast: Any) -> None:
    code = open_case().code
    walk(code, "dispatch")
    case_transition(cast.dispatcher, code, "suspend", reason="等管材")
    with clock.frozen(frozen + 9 * DAY):
        assert tick() == []


def test_a_case_that_was_late_in_one_stage_begins_the_next_with_a_clean_clock(
    frozen: datetime, open_case: Any, walk: Any
) -> None:
    code = open_case().code
    with clock.frozen(frozen + timedelta(minutes=20)):
        tick()
        walk(code, "accept")
        assert tick() == []
    assert Case.objects.get(code=code).stage_due_at == frozen + timedelta(minutes=80)


def test_a_batch_costs_the_same_statements_whatever_its_size(
    frozen: datetime, open_case: Any, django_assert_max_num_queries: Any
) -> None:
    multiply(open_case().code, 40)
    with clock.frozen(frozen + DAY), django_assert_max_num_queries(24):
        assert cases_escalate() == 41


def test_the_worker_is_offered_both_clocks() -> None:
    assert [one.name for one in clocks] == ["cases-replan", "cases-escalate"]


def multiply(code: str, copies: int) -> None:
    """Put copies of a case into the table, each a second older than the one before, with its stage's deadline."""
    case = Case.objects.get(code=code)
    names = [field.column for field in Case._meta.fields if field.column != "id"]
    fact = CaseDeadline.objects.get(id=case.stage_deadline_id)
    with writing(), connection.cursor() as cursor:
        changed = {
            "code": "'C' || n",
            "submission_id": "gen_random_uuid()",
            "escalate_at": "escalate_at - n * interval '1 second'",
            "stage_due_at": "stage_due_at - n * interval '1 second'",
            "stage_deadline_id": f"{fact.id} + n",
        }
        chosen = ", ".join(changed.get(name, name) for name in names)
        cursor.execute(
            f"INSERT INTO cases_case ({', '.join(names)}) SELECT {chosen} "
            "FROM cases_case, generate_series(1, %s) AS n WHERE code = %s",
            [copies, code],
        )
        cursor.execute(
            "INSERT INTO cases_casedeadline (id, case_id, at, actor_kind, actor_key, kind, due_at, explanation) "
            "SELECT c.stage_deadline_id, c.id, f.at, f.actor_kind, f.actor_key, f.kind, c.stage_due_at, "
            "f.explanation FROM cases_casedeadline f, cases_case c WHERE f.id = %s AND c.code LIKE 'C%%'",
            [fact.id],
        )
        cursor.execute("SELECT setval('cases_casedeadline_id_seq', max(id)) FROM cases_casedeadline")


WORKER = """
import sys
from datetime import datetime
sys.path.insert(0, {root!r})
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = {name!r}
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from linli.engines.cases.actions import cases_escalate
from linli.kernel import clock
with clock.frozen(datetime.fromisoformat({at!r})):
    while cases_escalate():
        print("batch", flush=True)
"""


def climb_with_a_kill(copies: int, code: str, at: datetime) -> None:
    """Start the clock in a process of its own, kill it in the middle of its batches, and finish here."""
    multiply(code, copies)
    root = str(Path(__file__).parents[3])
    name = connection.settings_dict["NAME"]
    script = WORKER.format(root=root, name=name, at=at.isoformat())
    environment = dict(os.environ, DJANGO_SETTINGS_MODULE="linli.config.settings")
    worker = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root, env=environment
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "batch\n"
    time.sleep(0.1)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    before = CaseEscalation.objects.count()
    assert before
    with clock.frozen(at):
        ticks = 0
        while cases_escalate():
            ticks += 1
        assert cases_escalate() == 0
    rows = list(CaseEscalation.objects.order_by("id").values_list("case_id", "step", "due_at"))
    assert set(Counter((case, step) for case, step, _due in rows).values()) == {1}
    assert {case for case, _step, _due in rows} == set(Case.objects.values_list("id", flat=True))
    supervised = [due for _case, step, due in rows if step == "supervise"]
    assert len(supervised) == copies + 1
    assert supervised == sorted(supervised)
    assert Outbox.objects.filter(event="case.escalated").count() == len(rows)
    assert not Case.objects.filter(escalate_at__lte=at).exists()


@pytest.mark.django_db(transaction=True)
def test_hundreds_of_overdue_cases_climb_oldest_first_and_once_although_the_worker_is_killed(
    frozen: datetime, open_case: Any, cast: Any
) -> None:
    climb_with_a_kill(900, open_case().code, frozen + DAY)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_overdue_cases_climb_within_two_ticks_although_the_worker_is_killed(
    frozen: datetime, open_case: Any, cast: Any
) -> None:
    climb_with_a_kill(10_000, open_case().code, frozen + DAY)
