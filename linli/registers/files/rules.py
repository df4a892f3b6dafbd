"""Signed links to one file: made and checked without a database."""

from __future__ import annotations

import hashlib
import hmac


def signature(key: bytes, sha256: str, until_s: int) -> str:
    """Sign that `sha256` may be read until `until_s` (seconds since 1970)."""
    return hmac.digest(key, f"file {sha256} {until_s}".encode(), hashlib.sha256).hex()[:40]


def opens(key: bytes, sha256: str, until_s: int, given: str, now_s: float) -> bool:
    """Tell whether a link is genuine and not yet over. Compares in constant time."""
    return hmac.compare_digest(signature(key, sha256, until_s).encode(), given.encode()) and now_s < until_s
