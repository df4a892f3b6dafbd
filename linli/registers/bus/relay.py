"""The outbox relay: what was committed is told to NATS, in order, and only then forgotten.

Rule: an outbox row is deleted only after JetStream acknowledged it. A crash in between sends it again with the
same message id, which JetStream drops. Several relays may run: SKIP LOCKED divides the rows among them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import psycopg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from prometheus_client import Counter

from linli.kernel.home import Home
from linli.registers.bus import stream

log = logging.getLogger("linli.relay")
BATCH = 500
IDLE_S = 0.05
PUBLISH_TIMEOUT_S = 10
told_total = Counter("linli_events_told_total", "events handed to the stream")

TAKE = "SELECT id, uid, event, body FROM bus_outbox ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
FORGET = "DELETE FROM bus_outbox WHERE id = ANY(%s)"


async def run(stop: asyncio.Event) -> None:
    """Relay until `stop` is set; lost connections are made again with a pause that grows to 5 s."""
    pause_s = IDLE_S
    while not stop.is_set():
        try:
            await _relay(stop)
            pause_s = IDLE_S
        except (psycopg.Error, NatsError, TimeoutError, OSError) as error:
            log.warning("relay waits %.1f s: %r", pause_s, error)
            await _sleep(stop, pause_s)
            pause_s = min(max(pause_s, 0.2) * 2, 5.0)


async def _relay(stop: asyncio.Event) -> None:
    client = await stream.connect("relay")
    try:
        js = client.jetstream(publish_async_max_pending=BATCH * 2)
        await stream.ensure_stream(js)
        async with await psycopg.AsyncConnection.connect(Home.current().database_url()) as database:
            while not stop.is_set():
                if await relay_once(database, js) < BATCH:
                    await _sleep(stop, IDLE_S)
    finally:
        await client.close()


async def relay_once(database: psycopg.AsyncConnection[Any], js: JetStreamContext) -> int:
    """Tell one batch and return its size. ERRORS: psycopg or NATS errors; then nothing is forgotten."""
    async with database.transaction():
        cursor = await database.execute(TAKE, (BATCH,))
        rows = await cursor.fetchall()
        if not rows:
            return 0
        waiting = [
            await js.publish_async(stream.subject_of(event), body.encode(), headers={"Nats-Msg-Id": str(uid)})
            for _, uid, event, body in rows
        ]
        async with asyncio.timeout(PUBLISH_TIMEOUT_S):
            await asyncio.gather(*waiting)
        await database.execute(FORGET, ([row[0] for row in rows],))
    told_total.inc(len(rows))
    return len(rows)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
