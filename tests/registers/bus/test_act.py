"""`act()`: the change, its entry and its events exist together or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.registers.access.models import Department
from linli.registers.bus.actions import act, is_acting
from linli.registers.bus.models import Outbox
from linli.registers.bus.types import Labels
from linli.registers.record.models import Entry
from linli.registers.record.queries import broken_entries
from linli.registers.record.types import Actor, Subject
from tests.registers.bus import database

WHO = Actor("account", "dispatcher", "林晚晴", "dispatcher-1", "command")
WHAT = Subject("department", "water")
LABELS = Labels(kind="case", area="510185001001001", departments=("water",))


def found(code: str = "water") -> Department:
    return Department.objects.create(code=code, name_zh="水务局", name_en="Water", kind="bureau")


def counts() -> tuple[int, int, int]:
    return Department.objects.count(), Entry.objects.count(), Outbox.objects.count()


@pytest.mark.django_db
def test_an_act_leaves_the_change_its_entry_and_its_events():
    with act(WHO, "found", WHAT, reason="机构改革", purpose="演示", payload={"a": 1}) as deed:
        found()
        deed.payload["b"] = 2
        deed.tell("department.founded", {"code": "water"}, LABELS)
        deed.tell("department.changed", {}, LABELS, key="other")
    assert counts() == (1, 1, 2)
    entry = Entry.objects.get()
    assert (entry.actor_key, entry.actor_post, entry.action) == ("dispatcher", "dispatcher-1", "found")
    assert (entry.subject_kind, entry.subject_keys) == ("department", ["water"])
    assert (entry.reason, entry.purpose, entry.payload) == ("机构改革", "演示", '{"a":1,"b":2}')
    first, second = (json.loads(row.body) for row in Outbox.objects.order_by("id"))
    assert first["event"] == "department.founded"
    assert first["subject"] == {"kind": "department", "key": "water"}
    assert first["labels"]["departments"] == ["water"]
    assert second["subject"]["key"] == "other"
    assert list(broken_entries()) == []


@pytest.mark.django_db
def test_a_subject_that_is_created_inside_may_be_named_inside():
    with act(WHO, "found", Subject("department", "")) as deed:
        deed.subject = Subject("department", found().code)
        deed.tell("department.founded", {}, LABELS)
    assert Entry.objects.get().subject_keys == ["water"]
    assert json.loads(Outbox.objects.get().body)["subject"]["key"] == "water"


@pytest.mark.django_db
def test_bulk_work_leaves_one_entry_per_subject():
    with act(WHO, "import", Subject("department", "")) as deed:
        deed.subjects = [Subject("department", f"D{n}") for n in range(5)]
        deed.tell("department.imported", {"count": 5}, LABELS, key="D0")
    assert counts() == (0, 5, 1)
    assert {row.subject_keys[0] for row in Entry.objects.all()} == {f"D{n}" for n in range(5)}


@pytest.mark.django_db(transaction=True)
def test_an_exception_leaves_nothing():
    with pytest.raises(KeyError), act(WHO, "found", WHAT) as deed:
        found()
        deed.tell("department.founded", {}, LABELS)
        raise KeyError
    assert counts() == (0, 0, 0)
    assert not is_acting()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_written_undoes_the_change():
    with pytest.raises(TypeError), act(WHO, "found", WHAT) as deed:
        found()
        deed.tell("department.founded", {"raw": b"bytes have no JSON"}, LABELS)
    assert counts() == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_nested_acts_stand_or_fall_together():
    with act(WHO, "outer", WHAT) as outer:
        found("one")
        with act(WHO, "inner", Subject("department", "two")) as inner:
            found("two")
            inner.tell("department.founded", {}, LABELS)
        outer.tell("department.changed", {}, LABELS)
    assert counts() == (2, 2, 2)
    with pytest.raises(KeyError), act(WHO, "outer", WHAT):
        with act(WHO, "inner", WHAT):
            found("three")
        raise KeyError
    assert counts() == (2, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_seen_by_others_before_the_end_and_all_of_it_after():
    seen = "SELECT (SELECT count(*) FROM access_department), (SELECT count(*) FROM record_entry)"
    with act(WHO, "found", WHAT):
        found()
        assert database.rows(seen) == [(0, 0)]
    assert database.rows(seen) == [(1, 1)]


@pytest.mark.django_db
def test_telling_costs_one_statement_whatever_is_told():
    with (
        CaptureQueriesContext(
            connection,
        ) as seen,
        act(WHO, "found", WHAT) as deed,
    ):
        for number in range(20):
            deed.tell("department.changed", {"n": number}, LABELS)
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 1


MURDERED = """
import django, os, time
django.setup()
from linli.registers.access.models import Department
from linli.registers.bus.actions import act
from linli.registers.bus.types import Labels
from linli.registers.record.types import SYSTEM, Subject
with act(SYSTEM, "found", Subject("department", "water")) as deed:
    Department.objects.create(code="water", name_zh="x", name_en="x", kind="bureau")
    deed.tell("department.founded", {}, Labels(kind="case"))
    if os.environ["DIE"] == "inside":
        print("inside", flush=True)
        time.sleep(60)
print("after", flush=True)
time.sleep(60)
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "left"), [("inside", (0, 0, 0)), ("after", (1, 1, 1))])
def test_a_process_killed_leaves_nothing_of_an_act_or_all_of_it(moment: str, left: tuple[int, int, int]):
    environment = {
        **os.environ,
        "LINLI_DATABASE_URL": database.url(),
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "DIE": moment,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", MURDERED], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline().strip() == moment
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    assert counts() == left
