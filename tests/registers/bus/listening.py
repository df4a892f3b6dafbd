"""Short ways to the stream for tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from nats.js import JetStreamContext

from linli.registers.bus import stream
from tests.registers.bus import database


@asynccontextmanager
async def jetstream() -> AsyncIterator[JetStreamContext]:
    """A connection with the stream made."""
    client = await stream.connect("tests")
    try:
        js = client.jetstream(publish_async_max_pending=1000)
        await stream.ensure_stream(js)
        yield js
    finally:
        await client.close()


@asynccontextmanager
async def relaying() -> AsyncIterator[tuple[psycopg.AsyncConnection[Any], JetStreamContext]]:
    """What `relay_once` needs, on the test's database."""
    async with jetstream() as js, await psycopg.AsyncConnection.connect(database.url()) as connection:
        yield connection, js


async def stored(js: JetStreamContext) -> list[dict[str, Any]]:
    """Every event of the stream, in order."""
    state = (await js.stream_info(stream.STREAM)).state
    found = []
    for seq in range(max(state.first_seq, 1), state.last_seq + 1):
        message = await js.get_msg(stream.STREAM, seq)
        found.append(json.loads(message.data or b"{}"))
    return found


async def until(condition: Callable[[], bool | Awaitable[bool]], timeout_s: float = 15.0) -> None:
    """Wait until `condition` holds. ERRORS: TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while True:
            value = condition()
            if await value if isinstance(value, Awaitable) else value:
                return
            await asyncio.sleep(0.02)
