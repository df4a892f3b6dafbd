"""Consumers: exactly once in effect, in order, whatever a handler does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection

from linli.kernel import clock
from linli.kernel.errors import Conflict
from linli.kernel.ids import uuid7
from linli.registers.access.models import Department
from linli.registers.bus import consume, stream
from linli.registers.bus.actions import act
from linli.registers.bus.models import Inbox
from linli.registers.bus.types import Consumer, Event, Labels
from linli.registers.record.models import Entry
from linli.registers.record.types import SYSTEM, Subject
from tests.registers.bus.listening import jetstream, until

pytestmark = pytest.mark.django_db(transaction=True)


def body(number: int) -> bytes:
    return json.dumps(
        {
            "id": str(uuid7()),
            "event": "case.changed",
            "at": clock.now().isoformat(),
            "subject": {"kind": "case", "key": f"C{number}"},
            "labels": Labels(kind="case").as_dict(),
            "data": {"n": number},
        }
    ).encode()


def found(event: Event) -> None:
    with act(SYSTEM, "found", Subject("department", event.subject.key)):
        Department.objects.create(code=event.subject.key, name_zh="x", name_en="x", kind="bureau")


def consumer_of(handle: Callable[[Event], None], name: str = "tests") -> Consumer:
    """A consumer that handles what it is handed one by one."""

    def each(events: Sequence[Event]) -> None:
        for event in events:
            handle(event)

    return Consumer(name, ("case.changed",), each)


def taken_in_order() -> list[str]:
    """What took effect, in the order of the record."""
    return [entry.subject_keys[0] for entry in Entry.objects.order_by("id")]


def test_an_event_taken_in_twice_takes_effect_once():
    event = consume.event_of(body(1), 1)
    assert consume.take_in(consumer_of(found), [event])
    assert not consume.take_in(consumer_of(found), [event])
    assert (Department.objects.count(), Inbox.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_two_copies_in_one_batch_take_effect_once():
    one, other = body(1), body(2)
    events = [consume.event_of(raw, seq) for seq, raw in enumerate([one, other, one], 1)]
    seen: list[int] = []
    assert consume.take_in(consumer_of(lambda event: seen.append(event.seq)), events) == 2
    assert seen == [1, 2]


def test_two_consumers_each_take_an_event_in():
    event = consume.event_of(body(1), 1)
    seen: list[int] = []
    for name in ("one", "two"):
        assert consume.take_in(consumer_of(lambda e: seen.append(e.seq), name), [event])
    assert seen == [1, 1]


@pytest.mark.parametrize("error", [ValueError("bug"), TypeError("bug"), Conflict("taken", "x")])
def test_a_handler_that_fails_leaves_nothing_and_may_try_again(error: Exception):
    event = consume.event_of(body(1), 1)

    def fail(event: Event) -> None:
        found(event)
        raise error

    with pytest.raises(type(error)):
        consume.take_in(consumer_of(fail), [event])
    assert (Department.objects.count(), Inbox.objects.count(), Entry.objects.count()) == (0, 0, 0)
    assert consume.take_in(consumer_of(found), [event])


def test_a_batch_with_known_events_hands_on_only_the_fresh_ones():
    events = [consume.event_of(body(number), number) for number in range(5)]
    consume.take_in(consumer_of(found), events[1:3])
    seen: list[int] = []
    assert consume.take_in(consumer_of(lambda event: seen.append(event.seq)), events) == 3
    assert seen == [0, 3, 4]


def test_an_event_reads_as_it_was_told():
    event = consume.event_of(body(7), 42)
    assert (event.seq, event.event, event.subject) == (42, "case.changed", Subject("case", "C7"))
    assert event.at.tzinfo is not None
    assert event.data == {"n": 7}


def test_old_inbox_rows_are_forgotten_and_recent_ones_kept():
    with clock.shifted(timedelta(days=-31)):
        consume.take_in(consumer_of(found), [consume.event_of(body(1), 1)])
    consume.take_in(consumer_of(found), [consume.event_of(body(2), 2)])
    assert consume.forget_old(consumer_of(found)) == 1
    assert Inbox.objects.count() == 1


def run_until(consumer: Consumer, bodies: list[bytes], done: Callable[[], bool]) -> None:
    """Publish `bodies`, run the consumer until `done`, stop it in order."""

    async def all_of_it() -> None:
        async with jetstream() as js:
            for number, one in enumerate(bodies):
                await js.publish(stream.subject_of("case.changed"), one, headers={"x": str(number)})
            stop = asyncio.Event()
            running = asyncio.create_task(consume.run(consumer, stop))
            try:
                await until(done)
            finally:
                stop.set()
                await asyncio.wait_for(running, 10)

    asyncio.run(all_of_it())


def test_events_come_in_the_order_of_the_stream_and_duplicates_are_turned_away(bus):
    seen: list[int] = []
    bodies = [body(number) for number in range(250)]
    run_until(
        consumer_of(lambda event: seen.append(event.data["n"])),
        [*bodies, bodies[0], bodies[100], body(250)],
        lambda: 250 in seen,
    )
    assert seen == list(range(251))


def test_a_handler_that_fails_for_a_while_holds_up_what_follows_and_loses_nothing(bus, monkeypatch):
    monkeypatch.setattr(consume, "RETRY_S", 0.1)
    seen: list[int] = []
    failures = 0

    def handle(event: Event) -> None:
        nonlocal failures
        found(event)
        if event.data["n"] == 3 and failures < 3:
            failures += 1
            raise ZeroDivisionError
        seen.append(event.data["n"])

    run_until(consumer_of(handle), [body(number) for number in range(8)], lambda: 7 in seen)
    assert failures == 3
    assert taken_in_order() == [f"C{number}" for number in range(8)]
    assert Department.objects.count() == 8


def test_a_worker_killed_between_commit_and_acknowledgement_repeats_nothing(bus, monkeypatch):
    bodies = [body(number) for number in range(5)]
    for one in bodies[:3]:  # committed by a worker that never told NATS
        consume.take_in(consumer_of(found), [consume.event_of(one, 1)])
    seen: list[int] = []

    def handle(event: Event) -> None:
        found(event)
        seen.append(event.data["n"])

    run_until(consumer_of(handle), bodies, lambda: len(seen) == 2)
    assert seen == [3, 4]
    assert Department.objects.count() == 5


def test_a_consumer_that_was_away_goes_on_where_it_stopped(bus):
    seen: list[int] = []
    consumer = consumer_of(lambda event: seen.append(event.data["n"]))
    run_until(consumer, [body(0), body(1)], lambda: len(seen) == 2)
    run_until(consumer, [body(2), body(3)], lambda: len(seen) == 4)
    assert seen == [0, 1, 2, 3]


@pytest.mark.faults
def test_a_consumer_whose_database_is_cut_comes_back(bus, monkeypatch):
    monkeypatch.setattr(consume, "RETRY_S", 0.1)
    seen: list[int] = []
    cuts = 0

    def handle(event: Event) -> None:
        nonlocal cuts
        if event.data["n"] == 1 and cuts < 1:
            cuts += 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        found(event)
        seen.append(event.data["n"])

    run_until(consumer_of(handle), [body(number) for number in range(3)], lambda: 2 in seen)
    assert taken_in_order() == ["C0", "C1", "C2"]
    assert Department.objects.count() == 3
