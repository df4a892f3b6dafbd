"""Tokens of the live stream: the grants of a reader, signed, good for five minutes. No Django on this path."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from linli.registers.bus.types import Grant

LIFETIME_S = 300


@dataclass(frozen=True)
class Reader:
    """Who a token speaks for: an account key ("" for the public), its grants, issue and expiry in epoch seconds."""

    account: str
    grants: tuple[Grant, ...]
    issued_at: float
    expires_at: float


def issue(key: bytes, account: str, grants: Iterable[Grant], at: float) -> str:
    """Return a token: base64url(JSON) "." base64url(HMAC-SHA256)."""
    slim = [{k: v for k, v in asdict(grant).items() if v is not None} for grant in grants]
    body = json.dumps(
        {"a": account, "g": slim, "i": at, "e": at + LIFETIME_S}, separators=(",", ":")
    ).encode()
    return f"{_b64(body)}.{_b64(hmac.digest(key, body, hashlib.sha256))}"


def read(key: bytes, token: str, at: float) -> Reader | None:
    """Return the reader of a valid token, None when it is forged, malformed or expired."""
    try:
        body_text, mac_text = token.split(".")
        body = _unb64(body_text)
        if not hmac.compare_digest(hmac.digest(key, body, hashlib.sha256), _unb64(mac_text)):
            return None
        data = json.loads(body)
        grants = tuple(Grant(**grant) for grant in data["g"])
    except (ValueError, KeyError, TypeError):
        return None
    return Reader(data["a"], grants, data["i"], data["e"]) if data["e"] > at else None


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
