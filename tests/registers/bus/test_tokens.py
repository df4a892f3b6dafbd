"""Tokens of the live stream."""

import base64
import json
import string

from hypothesis import assume, given
from hypothesis import strategies as st

from linli.registers.bus import tokens
from linli.registers.bus.types import Grant
from tests.registers.bus.test_rules import grants

KEY = bytes(range(32))
AT = 1_770_000_000.0
held = st.lists(grants, max_size=5).map(tuple)


@given(st.text(max_size=20), held)
def test_a_token_reads_back_as_it_was_issued(account: str, granted: tuple[Grant, ...]):
    reader = tokens.read(KEY, tokens.issue(KEY, account, granted, AT), AT + 1)
    assert reader == tokens.Reader(account, granted, AT, AT + tokens.LIFETIME_S)


@given(held, st.floats(0, 1e6))
def test_a_token_ends_after_five_minutes(granted: tuple[Grant, ...], later_s: float):
    token = tokens.issue(KEY, "handler", granted, AT)
    assert (tokens.read(KEY, token, AT + later_s) is None) == (later_s >= tokens.LIFETIME_S)


@given(held, st.binary(min_size=32, max_size=32))
def test_a_token_signed_with_another_key_is_refused(granted: tuple[Grant, ...], key: bytes):
    assume(key != KEY)
    assert tokens.read(KEY, tokens.issue(key, "handler", granted, AT), AT) is None


@given(st.data())
def test_any_changed_character_of_the_body_is_refused(data: st.DataObject):
    token = tokens.issue(KEY, "handler", [Grant("case", department="water")], AT)
    body = token.split(".")[0]
    place = data.draw(st.integers(0, len(body) - 1))
    alphabet = string.ascii_letters + string.digits + "-_"
    wrong = data.draw(st.sampled_from(alphabet).filter(lambda c: c != body[place]))
    forged = token[:place] + wrong + token[place + 1 :]
    read = tokens.read(KEY, forged, AT)
    # The last character of base64 may carry bits that stand for nothing; then the body is the same.
    assert read is None or read == tokens.read(KEY, token, AT)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_what_is_no_token_is_refused_and_never_raises(text: str):
    assert tokens.read(KEY, text, AT) is None
    assert tokens.read(KEY, text + "." + text, AT) is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_a_signed_body_of_another_shape_is_refused(body: object):
    import hashlib
    import hmac

    raw = json.dumps(body).encode()
    token = f"{tokens._b64(raw)}.{tokens._b64(hmac.digest(KEY, raw, hashlib.sha256))}"
    assert tokens.read(KEY, token, AT) is None


def test_a_token_for_nobody_hears_what_is_public_only():
    reader = tokens.read(KEY, tokens.issue(KEY, "", [], AT), AT)
    assert reader is not None
    assert reader.grants == ()
