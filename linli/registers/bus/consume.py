"""Consumers: a room's ear on the stream, exactly once in effect.

Rule: the inbox row and the effects share a transaction; JetStream is acknowledged after the commit. A crash in
between delivers the event again and the inbox row turns it away.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import connection, transaction
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig
from prometheus_client import Counter

from linli.kernel import clock
from linli.registers.bus import stream
from linli.registers.bus.types import Consumer, Event, Labels
from linli.registers.record.types import Subject

log = logging.getLogger("linli.consume")
BATCH = 100
WAIT_S = 1.0
RETRY_S = 5.0
ACK_WAIT_S = 60
SWEEP_EVERY_S = 6 * 3600.0
KEEP = timedelta(days=30)
failures_total = Counter("linli_consumer_failures_total", "events a handler failed on", ["consumer"])


def event_of(body: bytes, seq: int) -> Event:
    """Decode one message of the stream."""
    data = json.loads(body)
    return Event(
        id=data["id"],
        seq=seq,
        event=data["event"],
        at=datetime.fromisoformat(data["at"]),
        subject=Subject(**data["subject"]),
        labels=Labels.from_dict(data["labels"]),
        data=data["data"],
    )


def take_in(consumer: Consumer, events: Sequence[Event]) -> int:
    """Hand `consumer.handle` those of `events` it has not taken in before, in order; return how many they were.

    EFFECTS: the inbox rows and the handler's writes, in one transaction for all. COST: one statement beyond them.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bus_inbox (consumer, uid, at) SELECT %s, uid, %s FROM unnest(%s::uuid[]) AS uid "
                "ON CONFLICT DO NOTHING RETURNING uid",
                (consumer.name, clock.now(), [event.id for event in events]),
            )
            fresh = {str(row[0]) for row in cursor.fetchall()}
        once = {event.id: event for event in reversed(events)}  # of two copies in one batch, the first
        if fresh:
            consumer.handle(sorted((once[uid] for uid in fresh), key=lambda event: event.seq))
    return len(fresh)


async def run(consumer: Consumer, stop: asyncio.Event) -> None:
    """Take in events until `stop`, in the order of the stream: a handler that fails holds up what follows it.

    Losing the bus or the database is survived by connecting again.
    """
    while not stop.is_set():
        try:
            await _listen(consumer, stop)
        except (NatsError, DatabaseError, TimeoutError, OSError) as error:
            log.warning("%s waits: %r", consumer.name, error)
            await _sleep(stop, 1.0)


async def _listen(consumer: Consumer, stop: asyncio.Event) -> None:
    client = await stream.connect(f"consumer {consumer.name}")
    try:
        js = client.jetstream()
        await stream.ensure_stream(js)
        config = ConsumerConfig(
            durable_name=consumer.name,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            filter_subjects=[stream.subject_of(name) for name in consumer.events],
        )
        await js.add_consumer(stream.STREAM, config)
        subscription = await js.pull_subscribe_bind(consumer=consumer.name, stream=stream.STREAM)
        sweep_at_s = 0.0
        while not stop.is_set():
            if time.monotonic() >= sweep_at_s:
                await asyncio.to_thread(forget_old, consumer)
                sweep_at_s = time.monotonic() + SWEEP_EVERY_S
            try:
                messages = await subscription.fetch(BATCH, timeout=WAIT_S)
            except TimeoutError:
                continue
            await _work_off(consumer, messages, stop)
    finally:
        await client.close()


async def _work_off(consumer: Consumer, waiting: list[Msg], stop: asyncio.Event) -> None:
    """Take in a batch in order; what waits behind a failure stays ours until it is tried again."""
    while waiting:
        done = await asyncio.to_thread(_take_in_until_failure, consumer, waiting)
        for message in waiting[:done]:
            await message.ack()
        waiting = waiting[done:]
        if waiting and stop.is_set():
            for message in waiting:
                await message.nak()
            return
        if waiting:
            for message in waiting:
                await message.in_progress()
            await _sleep(stop, RETRY_S)


def _take_in_until_failure(consumer: Consumer, messages: list[Msg]) -> int:
    """Return how many were taken in: all at once, or up to the one that fails.

    Any exception counts: a bug in a handler must not end the worker.
    """
    done = 0
    try:
        if len(messages) > 1 and _take_in_together(consumer, messages):
            return len(messages)
        for message in messages:
            take_in(consumer, [_event_in(message)])
            done += 1
    except Exception:
        failures_total.labels(consumer.name).inc()
        log.exception("%s fails on event %s", consumer.name, messages[done].metadata.sequence.stream)
    finally:
        connection.close()
    return done


def _take_in_together(consumer: Consumer, messages: list[Msg]) -> bool:
    """Take a batch in by one transaction; False when something in it fails, to be found one by one."""
    try:
        take_in(consumer, [_event_in(message) for message in messages])
    except Exception:
        log.info("%s takes a batch apart", consumer.name, exc_info=True)
        return False
    return True


def _event_in(message: Msg) -> Event:
    return event_of(message.data, message.metadata.sequence.stream)


def forget_old(consumer: Consumer) -> int:
    """Delete inbox rows older than `KEEP`, long after the stream forgot their events; return how many."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM bus_inbox WHERE consumer = %s AND at < %s", (consumer.name, clock.now() - KEEP)
            )
            return cursor.rowcount
    finally:
        connection.close()


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
