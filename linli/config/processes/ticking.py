"""Run the rooms' clocks in the worker: each at its own pace, in a thread, never two runs of one at a time here."""

from __future__ import annotations

import asyncio
import logging

from django.db import connection

from linli.kernel.room import Clock

log = logging.getLogger(__name__)


async def run(clock: Clock, stop: asyncio.Event) -> None:
    """Tick until `stop`. A run that fails is logged and tried again at the next tick; it never ends the worker."""
    while not stop.is_set():
        while not stop.is_set() and await asyncio.to_thread(_batch, clock):
            pass
        try:
            async with asyncio.timeout(clock.every_s):
                await stop.wait()
        except TimeoutError:
            continue


def _batch(clock: Clock) -> bool:
    """Do one batch; say whether more is waiting. Any exception counts: a bug in a clock must not end the others."""
    try:
        return clock.run()
    except Exception:
        log.exception("clock %s fails", clock.name)
        return False
    finally:
        connection.close()
