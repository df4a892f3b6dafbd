"""The secret by which a reporter follows a case, and the sealing of contacts."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

from linli.kernel.crypt import FieldCipher
from linli.kernel.home import Home
from linli.kernel.ids import ALPHABET

SECRET_LENGTH = 10


def secret_of(submission_id: UUID) -> str:
    """Derive a case's secret from its submission: a repeat gets the same one, and nothing need be stored.

    Ten characters of 30: 49 bits, guessed only through a rate-limited door.
    """
    number = int.from_bytes(hmac.digest(_track_key(), submission_id.bytes, hashlib.sha256), "big")
    characters = []
    for _position in range(SECRET_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[index])
    return "".join(characters)


def secret_hash(secret: str) -> bytes:
    """Hash a secret as it is kept and compared; case and spaces do not matter."""
    return hashlib.sha256(b"case secret " + "".join(secret.split()).upper().encode()).digest()


@lru_cache(maxsize=1)
def name_cipher() -> FieldCipher:
    """Give the cipher of reporters' names."""
    return FieldCipher(Home.current().secret("fields"), "case.reporter.name")


@lru_cache(maxsize=1)
def phone_cipher() -> FieldCipher:
    """Give the cipher of reporters' phones."""
    return FieldCipher(Home.current().secret("fields"), "case.reporter.phone")


@lru_cache(maxsize=1)
def _track_key() -> bytes:
    return Home.current().secret("case-track")
