"""The stream of events in NATS: its name, its limits, and how our processes connect. No Django here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError

from linli.kernel.home import Home

STREAM = "EVENTS"
SUBJECTS = "events.>"
KEEP_S = 14 * 86_400
# How long NATS remembers message ids. The relay retries for ever, so what it might send twice after a crash
# must fall inside; an outbox row is sent again within seconds of the relay's return.
DUPLICATES_S = 3_600


def subject_of(event: str) -> str:
    """Return the NATS subject of an event's name."""
    return f"events.{event}"


async def connect(name: str, on_return: Callable[[], Awaitable[None]] | None = None) -> Client:
    """Connect to this home's NATS and keep trying for ever, also after it restarts.

    `on_return` is called when a lost server is there again: what it knew of this client, such as an ordered
    consumer, is gone, and the client itself would notice only after missed heartbeats.
    """
    return await nats.connect(
        Home.current().nats_url(),
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,
        ping_interval=10,
        allow_reconnect=True,
        error_cb=_quiet,
        reconnected_cb=on_return,
    )


async def ensure_stream(js: JetStreamContext) -> None:
    """Create the stream or bring its limits up to date; idempotent."""
    config = StreamConfig(
        name=STREAM,
        subjects=[SUBJECTS],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        max_age=KEEP_S,
        duplicate_window=DUPLICATES_S,
    )
    try:
        await js.add_stream(config)
    except BadRequestError:
        await js.update_stream(config)


async def _quiet(error: Exception) -> None:
    """Connection errors are retried by the client; `linli doctor` and the relay's own log speak of them."""
