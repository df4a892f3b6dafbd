"""An act that is one statement leaves exactly the traces of any act, or none."""

from __future__ import annotations

import json

import pytest

from linli.registers.bus.actions import Deed
from linli.registers.bus.models import Inbox, Outbox
from linli.registers.bus.once import act_once
from linli.registers.bus.types import Labels
from linli.registers.record.models import Entry
from linli.registers.record.queries import broken_entries
from linli.registers.record.types import Actor, Subject
from tests.conftest import writing

# The inbox serves as a table that is there: (consumer, uid) is unique.
STATEMENT = """WITH done AS (
  INSERT INTO bus_inbox (consumer, uid, at) VALUES (%(consumer)s, '00000000-0000-0000-0000-000000000001', %(act_at)s)
  ON CONFLICT DO NOTHING RETURNING id
)"""


def deed(events: int = 1) -> Deed:
    made = Deed(Actor("account", "dispatcher"), "thing_done", Subject("thing", "t1"), payload={"why": "因为"})
    for number in range(events):
        made.tell("thing.done", {"number": number}, Labels(kind="thing", subject="t1"))
    return made


@pytest.mark.parametrize("events", [0, 1, 3])
def test_the_entry_and_the_events_come_with_the_change(db: None, events: int) -> None:
    assert act_once(deed(events), STATEMENT, {"consumer": "tests"}, done="done") is not None
    entry = Entry.objects.get(action="thing_done")
    assert (entry.actor_key, entry.subject_keys, json.loads(entry.payload or "")) == (
        "dispatcher",
        ["t1"],
        {"why": "因为"},
    )
    assert list(broken_entries()) == []
    assert [json.loads(row.body)["data"]["number"] for row in Outbox.objects.order_by("id")] == list(
        range(events)
    )


def test_a_change_that_does_not_happen_leaves_no_trace(db: None) -> None:
    with writing():
        Inbox.objects.create(consumer="tests", uid="00000000-0000-0000-0000-000000000001", at=deed().at)
    assert act_once(deed(), STATEMENT, {"consumer": "tests"}, done="done") is None
    assert not Entry.objects.exists()
    assert not Outbox.objects.exists()
