"""Sealing of personal fields: AES-256-GCM with a key id, a keyed search hash, and masks for display."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cached_property

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

MASK = "*"


class FieldCipher:
    """Seal and open one kind of field. `purpose` separates kinds: a sealed phone never opens as a name."""

    def __init__(self, key: bytes, purpose: str, key_id: int = 1) -> None:
        if len(key) != 32:
            raise ValueError("FieldCipher needs a key of 32 bytes")
        self._key, self.purpose, self.key_id = key, purpose, key_id

    @cached_property
    def _aead(self) -> AESGCM:
        return AESGCM(HKDFExpand(SHA256(), 32, b"linli seal " + self.purpose.encode()).derive(self._key))

    @cached_property
    def _search_key(self) -> bytes:
        return HKDFExpand(SHA256(), 32, b"linli search " + self.purpose.encode()).derive(self._key)

    def seal(self, text: str) -> bytes:
        """Return key id (1 byte) ‖ nonce (12) ‖ ciphertext and tag. ERRORS: ValueError for a masked value,
        so that what a page shows can never be saved back over what it stands for."""
        if MASK in text:
            raise ValueError("a masked value cannot be sealed")
        nonce = os.urandom(12)
        return bytes([self.key_id]) + nonce + self._aead.encrypt(nonce, text.encode(), self.purpose.encode())

    def open(self, sealed: bytes | memoryview) -> str:
        """Return the text. ERRORS: cryptography.exceptions.InvalidTag when altered or of another purpose."""
        sealed = bytes(sealed)
        return self._aead.decrypt(sealed[1:13], sealed[13:], self.purpose.encode()).decode()

    def search_key(self, text: str) -> bytes:
        """Return 32 bytes that are equal for equal texts and tell nothing without the key."""
        return hmac.digest(self._search_key, text.strip().encode(), hashlib.sha256)


def mask_phone(phone: str) -> str:
    """Keep 3 + 4 digits of a phone number. SOURCE: common practice, `domain` facts §11."""
    return phone[:3] + MASK * max(len(phone) - 7, 3) + phone[-4:] if len(phone) > 7 else MASK * len(phone)


def mask_name(name: str) -> str:
    """Keep the family name's first character."""
    return name[:1] + MASK * max(len(name) - 1, 1) if name else ""
