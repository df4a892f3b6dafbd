"""The outbox relay against a real NATS: in order, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connection as django_connection

from linli.registers.bus import relay
from linli.registers.bus.actions import act
from linli.registers.bus.models import Outbox
from linli.registers.bus.types import Labels
from linli.registers.record.types import SYSTEM, Subject
from tests.registers.bus import database
from tests.registers.bus.listening import jetstream, relaying, stored, until

pytestmark = pytest.mark.django_db(transaction=True)


def tell(count: int, start: int = 0) -> None:
    with act(SYSTEM, "count", Subject("case", "C")) as deed:
        for number in range(start, start + count):
            deed.tell("case.changed", {"n": number}, Labels(kind="case"))


async def relay_all() -> list[int]:
    async with relaying() as (connection, js):
        while await relay.relay_once(connection, js):
            pass
        return [event["data"]["n"] for event in await stored(js)]


def test_what_was_committed_is_told_in_order_and_then_forgotten(bus):
    tell(1200)
    assert asyncio.run(relay_all()) == list(range(1200))
    assert Outbox.objects.count() == 0


def test_what_was_rolled_back_is_never_told(bus):
    with pytest.raises(KeyError), act(SYSTEM, "count", Subject("case", "C")) as deed:
        deed.tell("case.changed", {"n": 1}, Labels(kind="case"))
        raise KeyError
    assert asyncio.run(relay_all()) == []


class DiesBeforeForgetting:
    """A connection whose process is killed after telling, before its outbox rows are gone."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection

    def transaction(self) -> Any:
        return self.connection.transaction()

    async def execute(self, sql: str, parameters: Any) -> Any:
        if sql == relay.FORGET:
            raise psycopg.OperationalError("killed")
        return await self.connection.execute(sql, parameters)


def test_a_relay_that_dies_after_telling_doubles_nothing(bus):
    tell(50)

    async def twice() -> list[int]:
        async with relaying() as (connection, js):
            with pytest.raises(psycopg.OperationalError):
                await relay.relay_once(DiesBeforeForgetting(connection), js)  # type: ignore[arg-type]
            assert len(await stored(js)) == 50
            assert await relay.relay_once(connection, js) == 50
            return [event["data"]["n"] for event in await stored(js)]

    assert asyncio.run(twice()) == list(range(50))
    assert Outbox.objects.count() == 0


def test_two_relays_divide_the_work_and_tell_everything_once(bus):
    tell(700)

    async def both() -> list[int]:
        async with relaying() as (one, js), relaying() as (other, js_of_other):
            while sum(await asyncio.gather(relay.relay_once(one, js), relay.relay_once(other, js_of_other))):
                pass
            return [event["data"]["n"] for event in await stored(js)]

    assert sorted(asyncio.run(both())) == list(range(700))
    assert Outbox.objects.count() == 0


def test_without_a_stream_nothing_is_forgotten(bus):
    tell(3)

    async def refused() -> None:
        async with relaying() as (connection, js):
            await js.delete_stream("EVENTS")
            with pytest.raises(Exception):  # noqa: B017  whatever the client raises
                await relay.relay_once(connection, js)

    asyncio.run(refused())
    assert Outbox.objects.count() == 3
    assert asyncio.run(relay_all()) == [0, 1, 2]


def test_the_relay_keeps_running_tells_what_comes_and_stops_when_asked(bus, monkeypatch):
    monkeypatch.setenv("LINLI_DATABASE_URL", database.url())
    tell(5)

    async def live() -> list[int]:
        stop = asyncio.Event()
        running = asyncio.create_task(relay.run(stop))
        async with jetstream() as js:

            async def told(count: int) -> bool:
                return len(await stored(js)) == count

            await until(lambda: told(5))
            await asyncio.to_thread(tell_in_thread, 5, 5)
            await until(lambda: told(10))
            stop.set()
            await asyncio.wait_for(running, 5)
            return [event["data"]["n"] for event in await stored(js)]

    assert asyncio.run(live()) == list(range(10))


def tell_in_thread(count: int, start: int) -> None:
    tell(count, start)
    django_connection.close()


@pytest.mark.faults
def test_a_relay_whose_database_connection_is_cut_comes_back(bus, monkeypatch):
    monkeypatch.setenv("LINLI_DATABASE_URL", database.url())
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)"
    )

    async def live() -> int:
        stop = asyncio.Event()
        running = asyncio.create_task(relay.run(stop))
        async with jetstream() as js:

            async def told(count: int) -> bool:
                return len(await stored(js)) == count

            await asyncio.to_thread(tell_in_thread, 3, 0)
            await until(lambda: told(3))
            ended = await asyncio.to_thread(database.rows, cut, ours)
            await asyncio.to_thread(tell_in_thread, 3, 3)
            await until(lambda: told(6))
            stop.set()
            await asyncio.wait_for(running, 8)
            return len(ended)

    assert asyncio.run(live()) >= 1
