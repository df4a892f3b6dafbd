"""`act_once()`: an act that is one statement, for the few writes that come by the thousand.

`act()` needs four round trips (begin, write, traces, commit). A single statement is a transaction of its own, so
when all that an act changes fits into one, its record entry and its events go into that statement as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection

from linli.registers.bus.actions import Deed, _acting, _outbox_rows
from linli.registers.record.actions import COLUMNS, entry_row

SHARED = {"at": "act_at", "actor_kind": "actor_kind", "actor_key": "actor_key"}


def act_once(deed: Deed, statement: str, parameters: Mapping[str, Any], done: str) -> tuple[Any, ...] | None:
    """Carry out `statement` with the traces of `deed`, and return the row of its part `done`, None for no row.

    `statement` is `WITH … AS (…), done AS (INSERT … RETURNING …)`, open at its end; `parameters` are named, and
    `%(act_at)s`, `%(actor_kind)s`, `%(actor_key)s` of the deed are given besides. Everything is told beforehand.
    EFFECTS: as `act()`, but when `done` yields no row, nothing is left behind: no entry, no event. `done` must not
    yield more than one row. Joins a transaction that is open, without a savepoint.
    COST: one round trip.
    """
    entry = entry_row(
        deed.actor,
        deed.action,
        deed.subject.kind,
        [deed.subject.key],
        at=deed.at,
        purpose=deed.purpose,
        reason=deed.reason,
        payload=deed.payload,
    )
    given = dict(parameters)
    given |= {SHARED.get(name, f"entry_{name}"): value for name, value in zip(_names(), entry, strict=True)}
    for number, (uid, event, body, _at) in enumerate(_outbox_rows(deed)):
        given |= {f"told_uid_{number}": uid, f"told_event_{number}": event, f"told_body_{number}": body}
    token = _acting.set(_acting.get() + 1)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement + _traces(done, len(deed.told)), given)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row
    finally:
        _acting.reset(token)


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    return tuple(COLUMNS.split(", "))


@lru_cache(maxsize=64)
def _traces(done: str, events: int) -> str:
    """Build the parts that leave the entry and the events where `done` has a row."""
    values = ", ".join(f"%({SHARED.get(name, f'entry_{name}')})s" for name in _names())
    parts = f", entry AS (INSERT INTO record_entry ({COLUMNS}) SELECT {values} FROM {done})"  # noqa: S608
    if events:
        # One part for all, sorted: separate parts of a statement run in no order.
        rows = ", ".join(
            f"(%(told_uid_{n})s::uuid, %(told_event_{n})s, %(told_body_{n})s, {n})" for n in range(events)
        )
        told = f"(VALUES {rows}) AS told (uid, event, body, place)"
        columns = "told.uid, told.event, told.body, %(act_at)s::timestamptz"
        parts += (
            ", told AS (INSERT INTO bus_outbox (uid, event, body, at) "  # noqa: S608
            f"SELECT {columns} FROM {done} CROSS JOIN {told} ORDER BY place)"
        )
    return f"{parts} SELECT * FROM {done}"  # noqa: S608
