"""Opening a case: placed, routed with a reason, due with an explanation, once however often it is sent."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from linli.engines.cases.actions import case_open
from linli.engines.cases.models import (
    Case,
    CaseAssignment,
    CaseDeadline,
    CaseLocation,
    CaseReporter,
    CaseStatus,
)
from linli.engines.cases.queries import rulebook
from linli.engines.cases.types import Report
from linli.registers.bus.models import Outbox
from linli.registers.calendar import queries as calendar_queries
from linli.registers.places import ground
from linli.registers.record.models import Entry
from linli.registers.record.queries import broken_entries
from tests.engines.cases.conftest import HERE, RESIDENT

WALL_CLOCK = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def test_a_report_becomes_a_case_with_its_first_facts(open_case: Any, frozen: datetime) -> None:
    opened = open_case(phone="139 0000 1234", name="戴爷爷")
    case = Case.objects.get(code=opened.code)
    assert opened.code.startswith("20260309-")
    assert (case.state, case.department_code, case.holder_code) == (
        "registered",
        "urban-management",
        "command",
    )
    assert (case.area_code, case.urban_unit) == ("510185001002001", "510185001002007")
    assert case.address == "白塔路"
    assert CaseStatus.objects.get(id=case.status_id).case_id == case.id
    assert CaseLocation.objects.get(id=case.location_id).lon == HERE[0]
    assignment = CaseAssignment.objects.get(id=case.assignment_id)
    assert (assignment.rule_id, assignment.reason_code) == ("default", "default")
    assert assignment.reason_zh
    # Events enter the record and the stream in the same transaction, without the contact.
    assert (
        Entry.objects.filter(action="case_open", subject_keys=[opened.code], actor_key=opened.code).count()
        == 1
    )
    assert list(broken_entries()) == []
    told = Outbox.objects.get(event="case.opened").body
    assert opened.code in told
    assert "1234" not in told
    assert "戴" not in told


def test_a_due_time_explains_itself(open_case: Any, frozen: datetime) -> None:
    """暴露垃圾: 4 working hours from 10:00 on a Monday, with the noon break, is 15:30."""
    case = Case.objects.get(code=open_case().code)
    kept = CaseDeadline.objects.get(id=case.deadline_id)
    assert kept.due_at == case.due_at == datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
    assert kept.explanation["unit"] == "working_hours"
    assert kept.explanation["amount"] == 4
    assert kept.explanation["calendar_version"] == 1
    assert kept.explanation["source"]
    assert kept.kind == "expected"


def test_a_contact_is_sealed_and_found_by_its_phone_only(open_case: Any) -> None:
    opened = open_case(phone="13900001234", name="戴爷爷")
    row = CaseReporter.objects.get(case__code=opened.code)
    assert b"1390000" not in bytes(row.phone_sealed) + bytes(row.phone_search)
    again = open_case(phone="+8613900001234".removeprefix("+86"), description="又有垃圾")
    assert CaseReporter.objects.filter(phone_search=row.phone_search).count() == 2
    assert again.code != opened.code


def test_a_double_click_gives_one_case(open_case: Any) -> None:
    submission = uuid4()
    first, second = open_case(submission), open_case(submission)
    assert (second.code, second.secret, second.replayed) == (first.code, first.secret, True)
    assert Case.objects.count() == CaseStatus.objects.count() == 1
    assert Outbox.objects.filter(event="case.opened").count() == 1
    assert Entry.objects.filter(action="case_open").count() == 1


def test_the_same_submission_with_other_words_is_refused(open_case: Any, refused: Any) -> None:
    submission = uuid4()
    open_case(submission)
    with refused("submission_reused") as caught:
        open_case(submission, description="别人的另一件事")
    assert caught.value.status == 409


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_opens_the_case(open_case: Any) -> None:
    submission, answers = uuid4(), []

    def click() -> None:
        try:
            answers.append(open_case(submission))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.code for answer in answers}) == len({answer.secret for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert len(answers) == 8
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"lon": 116.4, "lat": 39.9}, "outside_city", "place"),
        ({"lon": None}, "no_place", "place"),
        ({"lon": float("nan")}, "no_place", "place"),
        ({"lon": 30.4, "lat": 104.5}, "no_place", "place"),
        ({"category_code": "event.9999"}, "unknown_category", "category"),
        ({"category_code": "event.01"}, "unknown_category", "category"),
        ({"description": "  "}, "nothing_said", "description"),
        ({"description": "长" * 2001}, "text_too_long", "description"),
        ({"description": "a\0b"}, "text_unreadable", "description"),
        ({"phone": "12"}, "bad_phone", "phone"),
        ({"phone": "139****1234"}, "masked_value", "phone"),
        ({"name": "戴**"}, "masked_value", "name"),
        ({"photos": ("0" * 64,)}, "photo_unknown", "photos"),
        ({"photos": ("../../etc/passwd",)}, "photo_unknown", "photos"),
        ({"photos": tuple(f"{n:064x}" for n in range(7))}, "too_many_photos", "photos"),
    ],
)
def test_what_cannot_become_a_case_is_refused_with_how_to_mend_it(
    open_case: Any, refused: Any, said: dict[str, Any], code: str, field: str
) -> None:
    with refused(code) as caught:
        open_case(**said)
    assert caught.value.field == field
    assert str(caught.value.what)
    assert str(caught.value.mend)
    assert Case.objects.count() == 0


def test_a_place_in_another_datum_is_shifted_before_it_is_located(open_case: Any) -> None:
    opened = open_case(lon=104.5488921, lat=30.4087168, datum="gcj02")
    case = Case.objects.get(code=opened.code)
    assert abs(case.lon - 104.5465) < 1e-6
    assert abs(case.lat - 30.4115) < 1e-6


def test_a_case_is_opened_with_all_its_traces_in_one_statement(
    open_case: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A slow machine must not make the processes' look at fresh tables, once a second, fall into the measured call.
    for module, name in ((rulebook, "FRESH_S"), (calendar_queries, "FRESH_S"), (ground, "LOOK_EVERY_S")):
        monkeypatch.setattr(module, name, 3600.0)
    open_case()
    with django_assert_num_queries(1):
        case_open(RESIDENT, Report("event.0102", "垃圾没人清", *HERE, phone="13900001234"), uuid4())
