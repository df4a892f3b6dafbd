"""Identifiers: time-ordered unique ids and short codes people can read aloud."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

# No 0/O, 1/I/L, no vowels but A and E: nothing to confuse on the phone, few accidental words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> UUID:
    """Return a version 7 UUID: 48 bits of Unix milliseconds, then random bits. SOURCE: RFC 9562 §5.7."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | 0x7 << 76 | 0x2 << 62)


def short_code(length: int) -> str:
    """Return `length` random characters and one check character of `ALPHABET` (Luhn mod N)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return body + _check_character(body)


def is_short_code(text: str) -> bool:
    """Tell whether `text` (upper case) is a well-formed short code: catches any single mistyped character."""
    return len(text) > 1 and all(c in ALPHABET for c in text) and _check_character(text[:-1]) == text[-1]


def _check_character(body: str) -> str:
    size, total = len(ALPHABET), 0
    for position, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if position % 2 == 0 else 1)
        total += value // size + value % size
    return ALPHABET[(size - total % size) % size]
