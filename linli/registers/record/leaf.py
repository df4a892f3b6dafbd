"""The leaf of the record: pure functions from an entry to the hash a tree will be built on.

A leaf is hash(metadata ‖ salted hash of the payload): a payload can be erased by law and the tree still proves.
SOURCE: RFC 6962 §2.1 (leaf prefix 0x00); the salted inner hash is ours.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel.canonical import canonical_json

LEAF_PREFIX = b"\x00"
SALT_BYTES = 16
FORMAT = 1


@dataclass(frozen=True)
class Leaf:
    """What of an entry enters the tree. Hashes are 32 bytes, salt 16; `payload` is canonical JSON text."""

    metadata: bytes
    payload: str
    salt: bytes
    payload_hash: bytes
    leaf_hash: bytes


def metadata_bytes(
    *,
    uid: UUID,
    at: datetime,
    actor_kind: str,
    actor_key: str,
    actor_post: str,
    action: str,
    subject_kind: str,
    subject_keys: Sequence[str],
    purpose: str,
    reason: str,
) -> bytes:
    """Return the canonical form of an entry's metadata; the version of the format comes first."""
    return canonical_json(
        [
            FORMAT,
            uid,
            at,
            actor_kind,
            actor_key,
            actor_post,
            action,
            subject_kind,
            list(subject_keys),
            purpose,
            reason,
        ]
    )


def leaf_of(metadata: bytes, payload: Mapping[str, Any], salt: bytes | None = None) -> Leaf:
    """Compute the leaf of one entry. A fresh salt is drawn unless one is given (when proving)."""
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    text = canonical_json(payload)
    hashed = payload_hash(salt, text)
    return Leaf(metadata, text.decode(), salt, hashed, leaf_hash(metadata, hashed))


def payload_hash(salt: bytes, text: bytes) -> bytes:
    """Return SHA-256(salt ‖ payload as stored). The stored text is hashed as it is, never parsed first."""
    return hashlib.sha256(salt + text).digest()


def leaf_hash(metadata: bytes, hashed_payload: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ length of metadata ‖ metadata ‖ payload hash): the length keeps the two apart."""
    return hashlib.sha256(LEAF_PREFIX + len(metadata).to_bytes(4, "big") + metadata + hashed_payload).digest()


def mac_of(key: bytes, leaf: bytes) -> bytes:
    """Return the HMAC-SHA256 an entry carries until its tree is signed."""
    return hmac.digest(key, leaf, hashlib.sha256)
