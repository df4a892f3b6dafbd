"""`act_once()`: one statement that leaves exactly what `act()` would."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.registers.access.models import Department
from linli.registers.bus.actions import Deed, is_acting
from linli.registers.bus.models import Outbox
from linli.registers.bus.once import act_once
from linli.registers.bus.types import Labels
from linli.registers.record.models import Entry
from linli.registers.record.queries import broken_entries
from linli.registers.record.types import Actor, Subject
from tests.registers.bus.test_act import counts

pytestmark = pytest.mark.django_db
FOUND = """
WITH done AS (
  INSERT INTO access_department (code, name_zh, name_en, kind, parent_code)
  VALUES (%(code)s, %(actor_key)s, %(actor_kind)s, 'bureau', '') ON CONFLICT DO NOTHING RETURNING *
)"""


def deed(code: str = "water", events: int = 1) -> Deed:
    who = Actor("account", "dispatcher", "林晚晴", "dispatcher-1", "command")
    made = Deed(who, "found", Subject("department", code), reason="机构改革", payload={"a": 1})
    for number in range(events):
        made.tell("department.founded", {"n": number}, Labels(kind="case", departments=("water",)))
    return made


def found(code: str = "water", events: int = 1) -> tuple[object, ...] | None:
    return act_once(deed(code, events), FOUND, {"code": code}, done="done")


def test_it_leaves_the_change_its_entry_and_its_events():
    row = found(events=2)
    assert row is not None and row[0] == "water"
    assert counts() == (1, 1, 2)
    assert Department.objects.get().name_zh == "dispatcher"
    entry = Entry.objects.get()
    assert (entry.actor_key, entry.actor_post, entry.action) == ("dispatcher", "dispatcher-1", "found")
    assert (entry.subject_keys, entry.reason, entry.payload) == (["water"], "机构改革", '{"a":1}')
    assert [json.loads(row.body)["data"]["n"] for row in Outbox.objects.order_by("id")] == [0, 1]
    assert list(broken_entries()) == []


def test_what_changed_nothing_leaves_nothing():
    found()
    assert found() is None
    assert counts() == (1, 1, 1)


def test_it_is_one_statement():
    with CaptureQueriesContext(connection) as seen:
        found(events=3)
    assert len(seen) == 1


def test_nothing_need_be_told():
    assert found(events=0) is not None
    assert counts() == (1, 1, 0)


def test_a_statement_that_fails_leaves_nothing_and_ends_the_act():
    with pytest.raises(Exception, match="does not exist"), transaction.atomic():
        act_once(deed(), FOUND.replace("access_department", "access_nothing"), {"code": "x"}, done="done")
    assert counts() == (0, 0, 0)
    assert not is_acting()


@pytest.mark.django_db(transaction=True)
def test_it_falls_with_the_transaction_it_joins():
    with pytest.raises(KeyError), transaction.atomic():
        found()
        raise KeyError
    assert counts() == (0, 0, 0)
    found()
    assert counts() == (1, 1, 1)
