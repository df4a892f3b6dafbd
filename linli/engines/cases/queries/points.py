"""Cases as points in memory: what the map draws, refreshed by what changed, filtered by the same grants as lists."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from linli.engines.cases.models import Case
from linli.kernel import clock
from linli.registers.bus.types import Grant

AREA_DIGITS = 15
FRESH_S = 1.0
REST = 10.0
"""After a refresh that took long, rest this many times as long: many points never fill a processor."""
SHOWN_AFTER_CLOSING = timedelta(hours=24)
LATE_COMMIT = timedelta(seconds=15)
"""A change may become visible later than one stamped after it: each refresh looks this far back again."""
WHOLE_EVERY_S = 600.0
FIELDS = (
    "id",
    "code",
    "state",
    "family",
    "procedure_version",
    "catalogue_version",
    "category_code",
    "area_code",
    "department_code",
    "lon",
    "lat",
    "due_at",
    "paused_at",
    "closed_at",
    "changed_at",
)


Kind = tuple[str, int, str, int, str]
"""Family, procedure version, state, catalogue version, category."""


@dataclass(frozen=True, eq=False)
class Points:
    """Open cases and those closed within a day, one array a column. `version` rises with every change.

    UNITS: degrees; `due_s` seconds since 1970, infinite while the clock stands. `area` is the 15-digit grid code as
    a number; `kind` is the position in `kinds` of what state and category a point has.
    """

    version: int
    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    area: NDArray[np.int64]
    due_s: NDArray[np.float64]
    closed: NDArray[np.bool_]
    department: NDArray[Any]
    code: NDArray[Any]
    kind: NDArray[np.int64]
    kinds: tuple[Kind, ...]

    def __len__(self) -> int:
        return len(self.ids)


class _Memory:
    """The points of this process. One thread refreshes while the others go on with what there is."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rows: dict[int, tuple[Any, ...]] = {}
        self.points: Points | None = None
        self.next_look_s = self.whole_at_s = float("-inf")
        self.newest: Any = None


_memory = _Memory()


def points() -> Points:
    """Return the points, at most a second old (more only where reading them takes over a tenth of a second).

    COST: one indexed query a second in each process over what changed, O(n) when something did.
    """
    memory = _memory
    if memory.points is not None and time.monotonic() < memory.next_look_s:
        return memory.points
    if not memory.lock.acquire(blocking=memory.points is None):
        assert memory.points is not None
        return memory.points
    try:
        return _refreshed(memory)
    finally:
        memory.lock.release()


def forget() -> None:
    """Drop what this process remembers: between tests."""
    global _memory
    _memory = _Memory()


def admitted(found: Points, grants: Sequence[Grant]) -> NDArray[np.bool_]:
    """Mark the points that grants admit: the same rule as `access.queries.rows`, over arrays. COST: O(n · grants)."""
    total = np.zeros(len(found), np.bool_)
    for grant in grants:
        one = np.ones(len(found), np.bool_)
        if grant.area_prefix is not None:
            one &= _in_area(found.area, grant.area_prefix)
        if grant.department is not None:
            one &= found.department == grant.department
        if grant.account is not None:
            one &= False
        if grant.subject is not None:
            one &= found.code == grant.subject
        total |= one
    return total


def _in_area(area: NDArray[np.int64], prefix: str) -> NDArray[np.bool_]:
    if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= AREA_DIGITS):
        return np.zeros(len(area), np.bool_)
    step = 10 ** (AREA_DIGITS - len(prefix))
    return (area >= int(prefix) * step) & (area < (int(prefix) + 1) * step)


def _refreshed(memory: _Memory) -> Points:
    now_s = time.monotonic()
    whole = memory.points is None or now_s - memory.whole_at_s > WHOLE_EVERY_S
    shown = Q(closed_at__isnull=True) | Q(closed_at__gt=clock.now() - SHOWN_AFTER_CLOSING)
    wanted = shown if whole else Q(changed_at__gt=memory.newest - LATE_COMMIT)
    fetched = list(Case.objects.filter(wanted).order_by().values_list(*FIELDS))
    if whole:
        fresh = {row[0]: row for row in fetched}
        memory.whole_at_s = now_s
    else:
        fresh = {row[0]: row for row in fetched if memory.rows.get(row[0]) != row}
    if whole or fresh:
        memory.rows = fresh if whole else memory.rows | fresh
        memory.newest = max((row[-1] for row in memory.rows.values()), default=clock.now())
        version = memory.points.version + 1 if memory.points else 1
        memory.points = _arrays(list(memory.rows.values()), version)
    took_s = time.monotonic() - now_s
    memory.next_look_s = now_s + took_s + max(FRESH_S, REST * took_s)
    assert memory.points is not None
    return memory.points


def _arrays(rows: list[tuple[Any, ...]], version: int) -> Points:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(FIELDS)
    of = dict(zip(FIELDS, columns, strict=True))
    kinds: dict[Kind, int] = {}
    kind_columns = (
        of[name] for name in ("family", "procedure_version", "state", "catalogue_version", "category_code")
    )
    kind = [kinds.setdefault(one, len(kinds)) for one in zip(*kind_columns, strict=True)]
    return Points(
        version=version,
        ids=np.array(of["id"], np.int64),
        lon=np.array(of["lon"], np.float64),
        lat=np.array(of["lat"], np.float64),
        area=np.array([int(code) for code in of["area_code"]], np.int64),
        due_s=np.array(
            [
                at.timestamp() if paused is None else np.inf
                for at, paused in zip(of["due_at"], of["paused_at"], strict=True)
            ],
            np.float64,
        ),
        closed=np.array([at is not None for at in of["closed_at"]], np.bool_),
        department=np.array(of["department_code"], object),
        code=np.array(of["code"], object),
        kind=np.array(kind, np.int64),
        kinds=tuple(kinds),
    )
