"""`act()`: the one door through which state changes.

The change, its record entry and its events share one transaction, so none exists without the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from linli.kernel import clock
from linli.kernel.canonical import canonical_json
from linli.kernel.ids import uuid7
from linli.registers.bus.types import Labels, Told
from linli.registers.record.actions import INSERT_ENTRY, entry_row
from linli.registers.record.types import Actor, Subject

_acting: ContextVar[int] = ContextVar("acting", default=0)


@dataclass
class Deed:
    """What an act is about to leave behind. Rooms add to it inside the `with` block.

    `subjects` may be set for bulk work: then one entry is written per subject, with the same payload.
    """

    actor: Actor
    action: str
    subject: Subject
    reason: str = ""
    purpose: str = ""
    at: datetime = field(default_factory=clock.now)
    payload: dict[str, Any] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    subjects: Sequence[Subject] = ()

    def tell(self, event: str, data: Mapping[str, Any], labels: Labels, key: str = "") -> None:
        """Add an event to the outbox of this act. `key` defaults to the subject's. Never personal data."""
        self.told.append(Told(event, key or self.subject.key, dict(data), labels))


@contextmanager
def act(
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    reason: str = "",
    purpose: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Iterator[Deed]:
    """Open the transaction of one act and leave its record entry and outbox rows in it.

    EFFECTS: on success, the block's writes, one `record_entry` per subject and one `bus_outbox` row per
    event told, committed together; on an exception, nothing. Nested acts join the outer transaction and
    keep entries of their own.
    COST: one statement beyond the block's own, whatever is told.
    """
    deed = Deed(actor, action, subject, reason, purpose, payload=dict(payload or {}))
    # The outermost act is a transaction (or, inside somebody's transaction, a savepoint); inner acts join it.
    is_outermost = not is_acting()
    token = _acting.set(_acting.get() + 1)
    try:
        with transaction.atomic(savepoint=is_outermost):
            yield deed
            _leave_traces(deed)
    finally:
        _acting.reset(token)


def is_acting() -> bool:
    """Tell whether the caller is inside an act (the write guard asks)."""
    return _acting.get() > 0


def _leave_traces(deed: Deed) -> None:
    entries = [
        entry_row(
            deed.actor,
            deed.action,
            subject.kind,
            [subject.key],
            at=deed.at,
            purpose=deed.purpose,
            reason=deed.reason,
            payload=deed.payload,
        )
        for subject in (deed.subjects or (deed.subject,))
    ]
    with connection.cursor() as cursor:
        if len(entries) == 1 and deed.told:
            cursor.execute(*_entry_and_events(entries[0], deed))
            return
        cursor.executemany(INSERT_ENTRY, entries)
        if deed.told:
            rows = _outbox_rows(deed)
            places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
            cursor.execute(
                f"INSERT INTO bus_outbox (uid, event, body, at) VALUES {places}",  # noqa: S608
                [value for row in rows for value in row],
            )


def _entry_and_events(entry: tuple[Any, ...], deed: Deed) -> tuple[str, list[Any]]:
    """Return one statement (and its parameters) that inserts the entry and all its events."""
    rows = _outbox_rows(deed)
    places = ", ".join(["(%s::uuid, %s, %s, %s::timestamptz)"] * len(rows))
    statement = (
        f"WITH entry AS ({INSERT_ENTRY}) INSERT INTO bus_outbox (uid, event, body, at) VALUES {places}"  # noqa: S608
    )
    return statement, [*entry, *(value for row in rows for value in row)]


def _outbox_rows(deed: Deed) -> list[tuple[Any, ...]]:
    rows = []
    for told in deed.told:
        uid = uuid7()
        body = canonical_json(
            {
                "id": str(uid),
                "event": told.event,
                "at": deed.at,
                "subject": {"kind": deed.subject.kind, "key": told.key},
                "labels": told.labels.as_dict(),
                "data": told.data,
            }
        )
        rows.append((uid, told.event, body.decode(), deed.at))
    return rows
