"""The live stream: server-sent events from NATS, filtered by signed grants. Starlette, no Django on its path.

`GET /live?token=…&after=SEQ` sends every event after SEQ that the token's grants admit. A token that expires or is
revoked ends the stream; the page fetches a new token and comes back with the last number it saw. `event: hello`
tells the newest number, `event: gap` that some of what was missed is no longer kept.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from linli.kernel.home import Home
from linli.registers.bus import stream, tokens
from linli.registers.bus.rules import admits
from linli.registers.bus.types import Labels

log = logging.getLogger("linli.live")
RING = 20_000
QUEUE = 2_000
HEARTBEAT_S = 15
READERS_MAX = 5_000
readers_now = Gauge("linli_live_readers", "open live streams")
events_heard = Counter("linli_live_events_total", "events heard from the stream")
slow_readers = Counter("linli_live_slow_readers_total", "streams ended because the reader fell behind")


@dataclass(frozen=True, slots=True)
class Heard:
    """One event, encoded once for all readers."""

    seq: int
    labels: Labels
    frame: bytes


@dataclass(eq=False)
class Listener:
    """One open stream and what waits to be sent on it. It has been given everything up to `after`."""

    reader: tokens.Reader
    after: int = 0
    queue: asyncio.Queue[Heard | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))


class Hub:
    """Hears the stream once and hands each event to the listeners who may have it."""

    def __init__(self) -> None:
        self.ring: deque[Heard] = deque(maxlen=RING)
        self.listeners: set[Listener] = set()
        self.revoked_at: dict[str, float] = {}
        self.key = Home.current().secret("live")
        self.connected = self.has_begun = False
        self.first_seq, self.stream_seq = 1, 0

    def hear(self, body: bytes, seq: int) -> None:
        """Take one message in: ring, revocations, listeners. COST: O(listeners × grants)."""
        data = json.loads(body)
        events_heard.inc()
        if data["event"] == "access.revoked":
            self._revoke(data["data"]["account"])
        payload = json.dumps({**data, "seq": seq}, ensure_ascii=False, separators=(",", ":"))
        heard = Heard(seq, Labels.from_dict(data["labels"]), f"id: {seq}\ndata: {payload}\n\n".encode())
        self.ring.append(heard)
        for listener in list(self.listeners):
            if seq > listener.after and admits(listener.reader.grants, heard.labels):
                self._offer(listener, heard)

    def _offer(self, listener: Listener, heard: Heard) -> None:
        try:
            listener.queue.put_nowait(heard)
        except asyncio.QueueFull:
            slow_readers.inc()
            self._end(listener)

    def _revoke(self, account: str) -> None:
        self.revoked_at[account] = time.time()
        for listener in [one for one in self.listeners if one.reader.account == account]:
            self._end(listener)

    def _end(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        while not listener.queue.empty():
            listener.queue.get_nowait()
        listener.queue.put_nowait(None)

    def is_revoked(self, reader: tokens.Reader) -> bool:
        """Tell whether the reader's token was issued before its account's posts changed."""
        return reader.issued_at <= self.revoked_at.get(reader.account, 0.0)

    def backlog(self, reader: tokens.Reader, after: int) -> tuple[list[Heard], bool]:
        """Return what the reader missed after `after`, and whether some of it is no longer remembered.

        A number we never gave out comes from a stream that is gone: a gap as well.
        """
        first = self.ring[0].seq if self.ring else self.first_seq
        gap = after + 1 < first or after > self.head
        missed = [heard for heard in self.ring if heard.seq > after and admits(reader.grants, heard.labels)]
        return missed, gap

    @property
    def last_seq(self) -> int:
        return self.ring[-1].seq if self.ring else 0

    @property
    def head(self) -> int:
        """The newest number known to exist; while the past is still being read, ahead of `last_seq`."""
        return max(self.last_seq, self.stream_seq)

    def begin(self, first_seq: int, last_seq: int) -> int:
        """Return the number to listen from, given what the stream holds now.

        EFFECTS: a stream that ends before what was heard is another one; then everything heard is forgotten.
        """
        if last_seq < self.last_seq:
            self.ring.clear()
            for listener in list(self.listeners):
                self._end(listener)
        self.stream_seq, self.has_begun = last_seq, True
        if self.ring:
            return self.last_seq + 1
        self.first_seq = max(first_seq, last_seq - RING + 1, 1)
        return self.first_seq


async def _listen_for_ever(hub: Hub) -> None:
    """Follow the stream from as far back as the ring reaches; after any break, go on after the last number heard."""
    while True:
        client = None
        returned = asyncio.Event()
        try:
            client = await stream.connect("live", on_return=_setter(returned))
            js = client.jetstream()
            await stream.ensure_stream(js)
            state = (await js.stream_info(stream.STREAM)).state
            start = hub.begin(state.first_seq, state.last_seq)
            subscription = await js.subscribe(
                stream.SUBJECTS,
                ordered_consumer=True,
                config=ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=start),
            )
            hub.connected = True
            await _hear_until(hub, subscription.messages, returned)
        except asyncio.CancelledError:
            raise
        except Exception:  # whatever the client raises, the hub comes back
            log.warning("the live stream lost the bus", exc_info=True)
            await asyncio.sleep(0.5)
        finally:
            hub.connected = False
            if client is not None:
                await client.close()


def _setter(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def set_it() -> None:
        event.set()

    return set_it


async def _hear_until(hub: Hub, messages: AsyncIterator[Msg], returned: asyncio.Event) -> None:
    """Hand messages to the hub until the bus was lost and has returned. ERRORS: what the client raises."""

    async def hear() -> None:
        async for message in messages:
            hub.hear(message.data, message.metadata.sequence.stream)

    tasks = {asyncio.create_task(hear()), asyncio.create_task(returned.wait())}
    try:
        finished, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def live(request: Request) -> Response:
    """Stream events. Query: token, after (sequence number, optional).

    401 for a bad token; 503 when full, or before the bus was found for the first time.
    """
    hub: Hub = request.app.state.hub
    reader = tokens.read(hub.key, request.query_params.get("token", ""), time.time())
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if reader is None or hub.is_revoked(reader):
        return JSONResponse({"code": "token_invalid"}, status_code=401, headers=headers)
    if len(hub.listeners) >= READERS_MAX or not hub.has_begun:
        code = "full" if hub.has_begun else "no_bus"
        return JSONResponse({"code": code}, status_code=503, headers=headers)
    after_text = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
    after = int(after_text) if after_text.isascii() and after_text.isdecimal() else None
    return StreamingResponse(_frames(hub, reader, after), media_type="text/event-stream", headers=headers)


async def _frames(hub: Hub, reader: tokens.Reader, after: int | None) -> AsyncIterator[bytes]:
    # While the hub still reads the past, what the reader has already seen (or never asked for) passes it by.
    listener = Listener(reader, hub.head if after is None else min(after, hub.head))
    # Between taking the backlog and listening there is no await, so nothing falls in the gap.
    backlog, gap = hub.backlog(reader, after) if after is not None else ([], False)
    hub.listeners.add(listener)
    readers_now.set(len(hub.listeners))
    try:
        yield f"retry: 1000\nevent: hello\ndata: {json.dumps({'seq': hub.head})}\n\n".encode()
        if gap:
            yield b"event: gap\ndata: {}\n\n"
        for heard in backlog:
            yield heard.frame
        while (left_s := reader.expires_at - time.time()) > 0:
            try:
                heard_now = await asyncio.wait_for(listener.queue.get(), min(HEARTBEAT_S, left_s))
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if heard_now is None:
                break
            frames = [heard_now.frame]
            while not listener.queue.empty():
                following = listener.queue.get_nowait()
                if following is None:
                    yield b"".join(frames)
                    return
                frames.append(following.frame)
            yield b"".join(frames)
        yield b"event: bye\ndata: {}\n\n"
    finally:
        hub.listeners.discard(listener)
        readers_now.set(len(hub.listeners))


async def health(request: Request) -> Response:
    """Say whether the hub hears the stream."""
    hub: Hub = request.app.state.hub
    body: dict[str, Any] = {"status": "ok" if hub.connected else "no bus", "readers": len(hub.listeners)}
    return JSONResponse(body, status_code=200 if hub.connected else 503)


async def metrics(request: Request) -> Response:
    """Prometheus text."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub()
    task = asyncio.create_task(_listen_for_ever(app.state.hub))
    try:
        yield
    finally:
        task.cancel()


application = Starlette(
    routes=[Route("/live", live), Route("/healthz", health), Route("/metrics", metrics)], lifespan=_lifespan
)
