"""Writing the record. Rooms above use `bus.act()`; only looks are written from here directly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.errors import Refusal
from linli.kernel.home import Home
from linli.kernel.ids import uuid7
from linli.registers.record import leaf as leaves
from linli.registers.record.types import Actor, Subject

COLUMNS = (
    "uid, at, actor_kind, actor_key, actor_post, action, subject_kind, subject_keys, purpose, reason, "
    "payload, salt, payload_hash, leaf_hash, mac"
)
INSERT_ENTRY = f"INSERT INTO record_entry ({COLUMNS}) VALUES ({', '.join(['%s'] * 15)})"  # noqa: S608


@lru_cache(maxsize=1)
def _mac_key() -> bytes:
    return Home.current().secret("record")


def entry_row(
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_keys: Sequence[str],
    *,
    at: datetime | None = None,
    uid: UUID | None = None,
    purpose: str = "",
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> tuple[Any, ...]:
    """Build the parameters of `INSERT_ENTRY` for one entry; no database is touched.

    Split from the insert so that `act()` can send the entry together with its outbox rows in one round trip.
    """
    uid, at = uid or uuid7(), at or clock.now()
    metadata = leaves.metadata_bytes(
        uid=uid,
        at=at,
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_post=actor.post,
        action=action,
        subject_kind=subject_kind,
        subject_keys=subject_keys,
        purpose=purpose,
        reason=reason,
    )
    leaf = leaves.leaf_of(metadata, payload or {})
    return (
        uid,
        at,
        actor.kind,
        actor.key,
        actor.post,
        action,
        subject_kind,
        list(subject_keys),
        purpose,
        reason,
        leaf.payload,
        leaf.salt,
        leaf.payload_hash,
        leaf.leaf_hash,
        leaves.mac_of(_mac_key(), leaf.leaf_hash),
    )


def look(
    actor: Actor, purpose: str, subjects: Sequence[Subject], fields: Sequence[str], reason: str = ""
) -> None:
    """Record that `actor` looks at personal fields of `subjects` for `purpose`.

    EFFECTS: one entry with the array of subject keys, in the caller's transaction or its own.
    ERRORS: Refusal purpose_missing; ValueError when the subjects are of several kinds.
    SOURCE: PIPL §6 (purpose), §51, §54.
    """
    if not purpose.strip():
        raise Refusal(
            "purpose_missing",
            _("查看个人信息必须说明用途。"),
            _("请选择或填写用途后再查看。"),
            field="purpose",
        )
    kinds = {subject.kind for subject in subjects}
    if len(kinds) != 1:
        raise ValueError("a look needs subjects of exactly one kind")
    row = entry_row(
        actor,
        "look",
        kinds.pop(),
        [subject.key for subject in subjects],
        purpose=purpose,
        reason=reason,
        payload={"fields": sorted(fields)},
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRY, row)
