"""The format of a leaf is for ever: these vectors may never change."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from linli.registers.record import leaf

ENTRY = {
    "uid": UUID("0195f3a0-0000-7000-8000-000000000001"),
    "at": datetime(2026, 3, 9, 2, 0, 0, 5, tzinfo=UTC),
    "actor_kind": "account",
    "actor_key": "dispatcher",
    "actor_post": "dispatcher-1",
    "action": "case_dispatch",
    "subject_kind": "case",
    "subject_keys": ["A1", "A2"],
    "purpose": "",
    "reason": "井盖",
}
METADATA = (
    '[1,"0195f3a0-0000-7000-8000-000000000001","2026-03-09T02:00:00.000005Z","account","dispatcher",'
    '"dispatcher-1","case_dispatch","case",["A1","A2"],"","井盖"]'
).encode()
SALT = bytes(range(16))


def test_metadata_has_one_form():
    assert leaf.metadata_bytes(**ENTRY) == METADATA


def test_the_vector_of_format_1():
    made = leaf.leaf_of(METADATA, {"to": "water", "at": 1.5}, SALT)
    assert made.payload == '{"at":1.5,"to":"water"}'
    assert made.payload_hash == hashlib.sha256(SALT + made.payload.encode()).digest()
    expected = b"\x00" + len(METADATA).to_bytes(4, "big") + METADATA + made.payload_hash
    assert made.leaf_hash == hashlib.sha256(expected).digest()
    assert made.leaf_hash.hex() == "7ebcfa36d5ad3ecaa5e887046fff25339ff1feaee609954db0b6735215dc4fe7"


def test_the_vector_of_the_mac():
    assert (
        leaf.mac_of(b"k" * 32, b"\x01" * 32).hex()
        == "1207d5183564a93b8deb22d98b753ce01518a6b380e16bcf859c0059e4fdbaa5"
    )


def test_equal_payloads_have_unequal_hashes_so_nobody_can_guess_an_erased_one():
    first, second = leaf.leaf_of(METADATA, {"phone": "1"}), leaf.leaf_of(METADATA, {"phone": "1"})
    assert first.salt != second.salt
    assert first.payload_hash != second.payload_hash


@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32), st.integers(1, 31))
def test_bytes_cannot_move_between_metadata_and_payload_hash(metadata: bytes, hashed: bytes, moved: int):
    shifted = leaf.leaf_hash(metadata + hashed[:moved], hashed[moved:])
    assert leaf.leaf_hash(metadata, hashed) != shifted


@given(st.sampled_from(sorted(set(ENTRY) - {"uid", "at", "subject_keys"})), st.text(max_size=5))
def test_every_field_of_the_metadata_enters_the_leaf(name: str, value: str):
    changed = leaf.metadata_bytes(**{**ENTRY, name: value})
    assert (changed == METADATA) == (ENTRY[name] == value)
