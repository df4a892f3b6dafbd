"""Reading the record."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.home import Home
from linli.registers.record import leaf as leaves
from linli.registers.record.models import Entry
from linli.registers.record.types import Actor, Subject


@dataclass(frozen=True)
class EntryView:
    """One entry as a page shows it; `payload` is None once erased."""

    at: datetime
    actor: Actor
    action: str
    purpose: str
    reason: str
    payload: dict[str, Any] | None


def entries_about(subject: Subject, limit: int = 200) -> list[EntryView]:
    """Return what was done with `subject`, or looked at of it, newest first. COST: one indexed query."""
    rows = Entry.objects.filter(subject_kind=subject.kind, subject_keys__contains=[subject.key]).order_by(
        "-id"
    )
    return [_view(row) for row in rows[:limit]]


def broken_entries(batch: int = 2000) -> Iterator[tuple[int, str]]:
    """Yield (entry id, what is wrong) for each entry whose hashes or HMAC do not fit. COST: O(n), streamed."""
    key = Home.current().secret("record")
    for row in Entry.objects.order_by("id").iterator(chunk_size=batch):
        metadata = leaves.metadata_bytes(
            uid=row.uid,
            at=row.at,
            actor_kind=row.actor_kind,
            actor_key=row.actor_key,
            actor_post=row.actor_post,
            action=row.action,
            subject_kind=row.subject_kind,
            subject_keys=row.subject_keys,
            purpose=row.purpose,
            reason=row.reason,
        )
        leaf = leaves.leaf_hash(metadata, bytes(row.payload_hash))
        if leaf != bytes(row.leaf_hash):
            yield row.id, "metadata"
        elif not hmac.compare_digest(leaves.mac_of(key, leaf), bytes(row.mac)):
            yield row.id, "mac"
        elif row.payload is not None and leaves.payload_hash(
            bytes(row.salt or b""), row.payload.encode()
        ) != bytes(row.payload_hash):
            yield row.id, "payload"


def _view(row: Entry) -> EntryView:
    return EntryView(
        at=row.at,
        actor=Actor(row.actor_kind, row.actor_key, post=row.actor_post),
        action=row.action,
        purpose=row.purpose,
        reason=row.reason,
        payload=json.loads(row.payload) if row.payload is not None else None,
    )
