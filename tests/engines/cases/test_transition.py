"""Moving cases: by the table, by who may, once, and never moving what a step does not move."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from linli.engines.cases.actions import (
    case_attach,
    case_note,
    case_rate,
    case_reporter_reveal,
    case_transition,
    table_publish,
)
from linli.engines.cases.models import Case, CaseAssignment, CaseDeadline, CaseRating, CaseStatus
from linli.engines.cases.queries.detail import case_detail
from linli.engines.cases.queries.rulebook import rulebook
from linli.kernel import clock
from linli.kernel.errors import Conflict, Refusal
from linli.registers.access.actions import account_create, organisation_load
from linli.registers.bus.models import Outbox
from linli.registers.record.models import Entry
from linli.registers.record.types import SYSTEM, Actor
from tests.engines.cases.conftest import table


def test_a_case_walks_from_report_to_close(open_case: Any, walk: Any) -> None:
    code = open_case().code
    walk(code)
    case = Case.objects.get(code=code)
    assert case.state == "closed"
    assert case.closed_at is not None
    assert case.holder_code == ""
    steps = list(CaseStatus.objects.filter(case=case).order_by("id").values_list("action", flat=True))
    assert steps == ["open", "accept", "verify", "file", "dispatch", "finish", "check_pass", "close"]
    assert Outbox.objects.filter(event="case.changed").count() == 7
    assert Entry.objects.filter(subject_kind="case", subject_keys=[code]).count() == 8


def test_a_step_the_table_does_not_have_tells_who_moved_the_case_and_when(
    frozen: datetime, open_case: Any, walk: Any, cast: Any, refused: Any
) -> None:
    code = open_case().code
    with clock.frozen(frozen + timedelta(minutes=30)):
        walk(code, "accept")
    with refused("case_moved") as caught:
        case_transition(cast.dispatcher, code, "accept")
    assert isinstance(caught.value, Conflict)
    said = str(caught.value.what)
    assert "林晚晴" in said
    assert "3月9日 10:30" in said
    assert "待核实" in said


@pytest.mark.django_db(transaction=True)
def test_of_two_dispatchers_exactly_one_moves_the_case(open_case: Any, cast: Any) -> None:
    code, won, lost = open_case().code, [], []

    def accept() -> None:
        try:
            won.append(case_transition(cast.dispatcher, code, "accept"))
        except Refusal as refusal:
            lost.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == ["case_moved"] * 5
    assert CaseStatus.objects.filter(case__code=code, action="accept").count() == 1


@pytest.mark.parametrize(
    ("who", "action"),
    [
        ("handler", "accept"),
        ("grid", "dispatch"),
        ("leader", "accept"),
        ("auditor", "reject"),
        ("handler", "suspend"),
    ],
)
def test_whoever_lacks_the_permission_is_refused(
    open_case: Any, walk: Any, cast: Any, refused: Any, who: str, action: str
) -> None:
    code = open_case().code
    with refused("not_permitted") as caught:
        case_transition(getattr(cast, who), code, action, reason="x", department="water")
    assert caught.value.status == 403
    assert Case.objects.get(code=code).state == "registered"


@pytest.mark.parametrize("who", ["other_handler", "stranger", "resident"])
def test_whoever_cannot_see_a_case_is_told_that_there_is_none(
    open_case: Any, cast: Any, refused: Any, who: str
) -> None:
    code = open_case().code
    with refused("no_case"):
        case_transition(getattr(cast, who), code, "finish", note="x")


@pytest.mark.parametrize(
    ("after", "action", "need"),
    [("file", "dispatch", "department"), ("dispatch", "finish", "note"), ("dispatch", "return", "reason")],
)
def test_a_step_without_what_it_needs_is_refused(
    open_case: Any, walk: Any, cast: Any, refused: Any, after: str, action: str, need: str
) -> None:
    code = open_case().code
    walk(code, after)
    who = cast.dispatcher if action == "dispatch" else cast.handler
    with refused(f"need_{need}") as caught:
        case_transition(who, code, action)
    assert caught.value.field == need


def test_a_case_cannot_be_sent_to_a_department_that_is_not_there(
    open_case: Any, walk: Any, cast: Any, refused: Any
) -> None:
    code = open_case().code
    walk(code, "file")
    with refused("unknown_department"):
        case_transition(cast.dispatcher, code, "dispatch", department="moon")
    with refused("unknown_action"):
        case_transition(cast.dispatcher, code, "teleport")


def test_the_clock_starts_when_the_case_is_dispatched(frozen: datetime, open_case: Any, walk: Any) -> None:
    code = open_case().code
    walk(code, "file")
    with clock.frozen(frozen + timedelta(hours=1)):
        walk(code, "dispatch", after="file")
    case = Case.objects.get(code=code)
    kept = CaseDeadline.objects.get(id=case.deadline_id)
    assert kept.kind == "handling"
    assert case.due_at == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    assert list(CaseDeadline.objects.filter(case=case).order_by("id").values_list("kind", flat=True)) == [
        "expected",
        "accept",
        "verify",
        "file",
        "dispatch",
        "handling",
    ]


def test_a_note_or_a_photo_does_not_move_the_deadline(
    open_case: Any, cast: Any, walk: Any, stored: str
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    before = Case.objects.get(code=code)
    case_note(cast.handler, code, "现场在排队")
    case_attach(cast.handler, code, [stored])
    after = Case.objects.get(code=code)
    assert (after.due_at, after.state, after.deadline_id) == (before.due_at, before.state, before.deadline_id)
    assert after.changed_at > before.changed_at


def test_a_persons_correction_of_the_department_is_kept_beside_the_rule(
    open_case: Any, walk: Any, cast: Any
) -> None:
    code = open_case().code
    walk(code, "file")
    moved = case_transition(cast.dispatcher, code, "dispatch", department="water")
    assert (moved.department, moved.holder) == ("water", "water")
    kept = list(
        CaseAssignment.objects.filter(case__code=code)
        .order_by("id")
        .values_list("rule_id", "department_code")
    )
    assert kept == [("default", "urban-management"), ("", "water")]
    # Whoever lost the case still hears that it went.
    told = json.loads(Outbox.objects.order_by("-id")[0].body)
    assert told["labels"]["departments"] == ["water", "urban-management", "command"]


def test_a_case_stays_on_the_table_it_was_opened_under(open_case: Any, walk: Any, cast: Any) -> None:
    code = open_case().code
    changed = table("procedure_urban")
    for row in changed["transitions"]:
        if row["action"] == "accept":
            row["to"], row["label_zh"] = "to_file", "直接受理"
    assert table_publish(SYSTEM, "procedure", changed) == 2
    assert table_publish(SYSTEM, "procedure", changed) == 2
    assert rulebook().procedure.version == 2
    assert case_transition(cast.dispatcher, code, "accept").state == "to_verify"
    assert case_transition(cast.dispatcher, open_case().code, "accept").state == "to_file"


def test_a_finished_case_is_rated_once_by_whoever_holds_its_secret(
    open_case: Any, walk: Any, refused: Any
) -> None:
    opened = open_case()
    with refused("not_finished"):
        case_rate(opened.code, opened.secret, 5)
    walk(opened.code)
    with refused("no_such_report"):
        case_rate(opened.code, "WRONG", 5)
    with refused("bad_score"):
        case_rate(opened.code, opened.secret, 6)
    case_rate(opened.code, opened.secret.lower(), 5, "很快")
    with refused("rated_already"):
        case_rate(opened.code, opened.secret, 1)
    assert CaseRating.objects.get(case__code=opened.code).score == 5
    told = Outbox.objects.get(event="case.rated").body
    assert "很快" not in told


def test_a_contact_is_shown_masked_and_in_full_only_for_a_purpose_on_the_record(
    open_case: Any, cast: Any, refused: Any
) -> None:
    code = open_case(phone="13900001234", name="戴爷爷").code
    shown = case_detail(cast.dispatcher, code).contact
    assert (shown.name, shown.phone) == ("戴**", "139****1234")
    assert case_detail(cast.leader, code).contact.phone == ""
    with refused("purpose_missing"):
        case_reporter_reveal(cast.dispatcher, code, " ")
    with refused("not_permitted"):
        case_reporter_reveal(cast.handler, code, "回访")
    assert not Entry.objects.filter(action="look").exists()
    assert case_reporter_reveal(cast.dispatcher, code, "回访").phone == "13900001234"
    look = Entry.objects.get(action="look")
    assert (look.actor_key, look.purpose, look.subject_keys) == ("dispatcher", "回访", [code])


def test_a_masked_phone_cannot_be_saved_back(open_case: Any, cast: Any, refused: Any) -> None:
    code = open_case(phone="13900001234").code
    masked = case_detail(cast.dispatcher, code).contact.phone
    with refused("masked_value"):
        open_case(phone=masked)


def test_an_actor_by_name_is_held_to_the_accounts_rights(open_case: Any, cast: Any, refused: Any) -> None:
    code = open_case().code
    assert case_transition(Actor("account", "dispatcher"), code, "accept").state == "to_verify"
    with refused("no_case"):
        case_transition(Actor("account", "nobody"), code, "verify")
    assert case_transition(SYSTEM, code, "verify").state == "to_file"


def test_only_the_department_that_holds_a_case_may_finish_it(
    open_case: Any, walk: Any, cast: Any, refused: Any
) -> None:
    """A town officer sees what a bureau holds in the town, and may not answer for the bureau."""
    town = {"code": "town", "name_zh": "镇街工作人员", "name_en": "Town officer"}
    post = {
        "code": "town-1",
        "name_zh": "综治专员",
        "name_en": "Governance officer",
        "department_id": "town-510185001",
        "role_id": "town",
        "area_codes": ["510185001"],
    }
    organisation_load("town", {"departments": [], "roles": [town], "posts": [post]})
    officer = account_create(
        SYSTEM, "town", "linli-demo", name_zh="冯国栋", name_en="", kind="staff", posts=["town-1"]
    )
    code = open_case().code
    walk(code, "dispatch")
    assert [option.action for option in case_detail(officer, code).options] == []
    for action in ("finish", "return"):
        with refused("not_the_holder") as caught:
            case_transition(officer, code, action, note="已清运", reason="不是我们的")
        assert caught.value.status == 403
        assert "综合行政执法局" in str(caught.value.what)
    assert "finish" in [option.action for option in case_detail(cast.handler, code).options]
