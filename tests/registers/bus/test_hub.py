"""The hub of the live stream: who hears what, what a returning reader gets, and what ends a stream."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from linli.registers.bus import live, tokens
from linli.registers.bus.types import Grant, Labels

ALL = (Grant("case"),)
WATER = (Grant("case", department="water"),)


def message(number: int, event: str = "case.changed", **labels: Any) -> bytes:
    return json.dumps(
        {
            "id": str(number),
            "event": event,
            "at": "2026-03-09T02:00:00Z",
            "subject": {"kind": "case", "key": f"C{number}"},
            "labels": Labels(**{"kind": "case", **labels}).as_dict(),
            "data": {"account": "handler", "n": number},
        }
    ).encode()


def reader(
    grants: tuple[Grant, ...] = ALL, account: str = "handler", lifetime_s: float = 60
) -> tokens.Reader:
    return tokens.Reader(account, grants, time.time(), time.time() + lifetime_s)


def hub_with(numbers: range, **labels: Any) -> live.Hub:
    hub = live.Hub()
    hub.begin(1, 0)
    for number in numbers:
        hub.hear(message(number, **labels), number)
    return hub


class Stream:
    """One open stream, read frame by frame."""

    def __init__(self, hub: live.Hub, who: tokens.Reader, after: int | None = None) -> None:
        self.frames: AsyncIterator[bytes] = live._frames(hub, who, after)

    async def next(self) -> str:
        return (await asyncio.wait_for(anext(self.frames), 5)).decode()

    async def numbers(self) -> list[int]:
        """Events of the next frame."""
        lines = (await self.next()).splitlines()
        return [json.loads(line[6:])["seq"] for line in lines if line.startswith("data: ")]

    async def rest(self) -> list[str]:
        return [frame.decode() async for frame in self.frames]


def test_a_new_reader_hears_what_comes_and_nothing_of_before():
    async def play() -> None:
        hub = hub_with(range(1, 4))
        stream = Stream(hub, reader())
        assert '"seq": 3' in await stream.next()
        waiting = asyncio.create_task(stream.numbers())
        await asyncio.sleep(0)
        hub.hear(message(4), 4)
        assert await waiting == [4]

    asyncio.run(play())


def test_a_returning_reader_gets_what_was_missed_once_and_in_order():
    async def play() -> None:
        hub = hub_with(range(1, 8))
        stream = Stream(hub, reader(), after=4)
        await stream.next()
        hub.hear(message(8), 8)
        assert [await stream.numbers() for _ in range(4)] == [[5], [6], [7], [8]]

    asyncio.run(play())


def test_a_reader_hears_only_what_the_grants_admit_live_and_from_the_past():
    async def play() -> None:
        hub = hub_with(range(1, 4), departments=("parks",))
        hub.hear(message(4, departments=("water",)), 4)
        stream = Stream(hub, reader(WATER), after=0)
        await stream.next()
        assert await stream.numbers() == [4]
        hub.hear(message(5, departments=("parks",)), 5)
        hub.hear(message(6, departments=("parks", "water")), 6)
        hub.hear(message(7, kind="alarm", departments=("water",)), 7)
        hub.hear(message(8, departments=("parks",), public=True), 8)
        assert await stream.numbers() == [6, 8]

    asyncio.run(play())


def test_what_is_no_longer_remembered_is_said():
    async def play(after: int) -> bool:
        hub = live.Hub()
        hub.begin(100, 100)
        hub.hear(message(100), 100)
        stream = Stream(hub, reader(), after=after)
        await stream.next()
        hub.hear(message(101), 101)
        return "event: gap" in await stream.next()

    assert asyncio.run(play(98))
    assert not asyncio.run(play(99))
    assert not asyncio.run(play(100))
    assert asyncio.run(play(500)), "a number of a stream that is gone"


def test_the_ring_forgets_the_oldest_and_then_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "RING", 10)
    hub = hub_with(range(1, 31))
    assert len(hub.ring) == 10
    missed, gap = hub.backlog(reader(), 5)
    assert (gap, [heard.seq for heard in missed]) == (True, list(range(21, 31)))
    assert hub.backlog(reader(), 20)[1] is False


def test_a_hub_that_restarts_does_not_repeat_the_past_to_who_has_seen_it():
    async def play() -> None:
        hub = live.Hub()
        assert hub.begin(1, 6) == 1
        seen, fresh = Stream(hub, reader(), after=4), Stream(hub, reader())
        await seen.next()
        assert '"seq": 6' in await fresh.next()
        for number in range(1, 8):
            hub.hear(message(number), number)
        assert await seen.numbers() == [5, 6, 7]
        assert await fresh.numbers() == [7]

    asyncio.run(play())


def test_a_stream_that_starts_over_makes_the_hub_forget_and_its_readers_come_back():
    async def play() -> None:
        hub = hub_with(range(1, 50))
        stream = Stream(hub, reader(), after=49)
        await stream.next()
        assert hub.begin(1, 3) == 1
        assert not hub.ring
        assert "bye" in (await stream.rest())[-1]

    asyncio.run(play())


def test_after_a_break_the_hub_goes_on_after_the_last_number():
    hub = hub_with(range(1, 50))
    assert hub.begin(1, 80) == 50


def test_an_account_whose_posts_change_is_cut_off_and_its_old_token_refused():
    async def play() -> None:
        hub = hub_with(range(1, 2))
        old, other = reader(), reader(account="leader")
        mine, theirs = Stream(hub, old), Stream(hub, other)
        await mine.next()
        await theirs.next()
        hub.hear(message(2, event="access.revoked", kind="access", accounts=("handler",)), 2)
        assert "bye" in (await mine.rest())[-1]
        assert hub.is_revoked(old)
        assert not hub.is_revoked(other)
        assert len(hub.listeners) == 1
        time.sleep(0.002)
        assert not hub.is_revoked(reader())

    asyncio.run(play())


def test_a_reader_that_falls_behind_is_ended_and_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch):
    async def play() -> None:
        hub = hub_with(range(1, 2))
        slow, quick = Stream(hub, reader()), Stream(hub, reader())
        await slow.next()
        await quick.next()
        heard = 0
        for number in range(2, live.QUEUE + 3):
            hub.hear(message(number), number)
            if number % 500 == 0:
                heard += len(await quick.numbers())
        assert len(hub.listeners) == 1
        heard += len(await quick.numbers())
        assert heard == live.QUEUE + 1
        assert "bye" in (await slow.rest())[-1]

    asyncio.run(play())


def test_a_stream_ends_with_its_token():
    async def play() -> list[str]:
        stream = Stream(hub_with(range(1, 2)), reader(lifetime_s=0.2))
        return await stream.rest()

    assert "bye" in asyncio.run(play())[-1]


def test_a_silent_stream_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)

    async def play() -> str:
        stream = Stream(hub_with(range(1, 2)), reader())
        await stream.next()
        return await stream.next()

    assert asyncio.run(play()).startswith(":")


def test_a_reader_who_leaves_is_forgotten():
    async def play() -> int:
        hub = hub_with(range(1, 2))
        stream = Stream(hub, reader())
        await stream.next()
        await stream.frames.aclose()  # type: ignore[attr-defined]
        return len(hub.listeners)

    assert asyncio.run(play()) == 0
