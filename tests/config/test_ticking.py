"""The worker's clocks: at their pace, at once while more waits, and never ended by a failure."""

from __future__ import annotations

import asyncio

import pytest

from linli.config.processes import ticking
from linli.kernel.room import OFFERS, Clock


def ticked(clock: Clock, seconds: float) -> None:
    """Let a clock run for a moment, then ask it to stop."""

    async def live() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(ticking.run(clock, stop))
        await asyncio.sleep(seconds)
        stop.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(live())


@pytest.mark.django_db(transaction=True)
def test_a_clock_runs_at_the_start_and_again_at_once_while_more_is_waiting() -> None:
    left = [True, True, False]
    ran: list[bool] = []

    def run() -> bool:
        ran.append(left[len(ran)])
        return ran[-1]

    ticked(Clock("three batches", 60, run), 0.5)
    assert ran == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_fails_is_tried_again_at_its_pace(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[int] = []

    def run() -> bool:
        ran.append(1)
        if len(ran) == 1:
            raise RuntimeError("the first run breaks")
        return False

    ticked(Clock("breaks once", 0.05, run), 0.6)
    assert len(ran) > 1
    assert "clock breaks once fails" in caplog.text


def test_clocks_are_offered_like_everything_else_of_a_room() -> None:
    assert "clocks" in OFFERS
