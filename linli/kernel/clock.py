"""The one clock. Everything that needs the present asks here, so that tests can freeze or move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """Return the present as aware UTC."""
    return _frozen_at.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) within the block. ERRORS: ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware time")
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen_at.reset(token)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Hold the clock `by` after its present reading within the block."""
    with frozen(now() + by):
        yield
