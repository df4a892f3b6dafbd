"""One byte form for one meaning, so that hashes and signatures can be made again anywhere."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def canonical_json(value: Any) -> bytes:
    """Encode as JSON with sorted keys, no spaces, UTF-8; times as RFC 3339 UTC with microseconds.

    Floats keep Python's shortest round-trip form. ERRORS: TypeError for a type without a form here;
    ValueError for NaN and infinities. SOURCE: the idea of RFC 8785, without its number rules.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    ).encode()


def instant(at: datetime) -> str:
    """Return RFC 3339 in UTC with six digits of microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return sorted(value) if not isinstance(value, tuple) else list(value)
    if hasattr(value, "__str__") and value.__class__.__name__ == "__proxy__":  # a lazily translated text
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")
