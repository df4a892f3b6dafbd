"""Consumers: a room's ear on the stream, exactly once in effect.

Rule: the inbox row and the effects share a transaction; JetStream is acknowledged after the commit. A crash in
between delivers the event again and the inbox row turns it away.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection, transaction
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig

from linli.kernel import clock
from linli.registers.bus import stream
from linli.registers.bus.types import Consumer, Event, Labels
from linli.registers.record.types import Subject

log = logging.getLogger("linli.consume")
BATCH = 100
WAIT_S = 1.0
RETRY_S = 5


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


def take_in(consumer: Consumer, event: Event) -> bool:
    """Run `consumer.handle` for an event it has not taken in before; tell whether it ran.

    EFFECTS: the inbox row and the handler's writes, in one transaction.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bus_inbox (consumer, uid, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (consumer.name, event.id, clock.now()),
            )
            if cursor.rowcount == 0:
                return False
        consumer.handle(event)
    return True


async def run(consumer: Consumer, stop: asyncio.Event) -> None:
    """Take in events until `stop`; a handler that fails is tried again after a pause, in order of the stream."""
    while not stop.is_set():
        try:
            await _listen(consumer, stop)
        except (NatsError, TimeoutError, OSError) as error:
            log.warning("%s waits: %r", consumer.name, error)
            await asyncio.sleep(1.0)


async def _listen(consumer: Consumer, stop: asyncio.Event) -> None:
    client = await stream.connect(f"consumer {consumer.name}")
    try:
        js = client.jetstream()
        await stream.ensure_stream(js)
        config = ConsumerConfig(
            durable_name=consumer.name,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=60,
            filter_subjects=[stream.subject_of(name) for name in consumer.events],
        )
        await js.add_consumer(stream.STREAM, config)
        subscription = await js.pull_subscribe_bind(consumer=consumer.name, stream=stream.STREAM)
        while not stop.is_set():
            try:
                messages = await subscription.fetch(BATCH, timeout=WAIT_S)
            except TimeoutError:
                continue
            await asyncio.to_thread(_take_in_all, consumer, messages)
            for message in messages:
                await (message.nak(delay=RETRY_S) if getattr(message, "failed", False) else message.ack())
    finally:
        await client.close()


def _take_in_all(consumer: Consumer, messages: list[Msg]) -> None:
    failed = False
    for message in messages:
        try:
            if failed:
                raise RuntimeError("waits for the one before")
            take_in(consumer, event_of(message.data, message.metadata.sequence.stream))
        except (DatabaseError, RuntimeError, KeyError, ValueError) as error:
            if not failed:
                log.exception("%s failed: %r", consumer.name, error)
            failed = True
            _mark_failed(message)
    connection.close()


def _mark_failed(message: Any) -> None:
    message.failed = True
