"""Ids that sort by time, and codes a person can read aloud."""

import string
import time

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import ids

bodies = st.text(ids.ALPHABET, min_size=1, max_size=12)


def test_version_7_ids_carry_their_version_variant_and_time():
    before = time.time_ns() // 1_000_000
    made = ids.uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after


def test_version_7_ids_of_later_milliseconds_sort_later():
    first = ids.uuid7()
    time.sleep(0.003)
    assert first < ids.uuid7()


def test_version_7_ids_do_not_repeat():
    assert len({ids.uuid7() for _ in range(5_000)}) == 5_000


def test_a_short_code_has_the_asked_length_and_one_check_character():
    code = ids.short_code(7)
    assert len(code) == 8
    assert ids.is_short_code(code)


def test_the_alphabet_holds_nothing_to_confuse():
    assert not set("01OILU") & set(ids.ALPHABET)
    assert set(ids.ALPHABET) <= set(string.digits + string.ascii_uppercase)
    assert len(ids.ALPHABET) == len(set(ids.ALPHABET))


@given(bodies, st.data())
def test_any_single_mistyped_character_is_noticed(body: str, data: st.DataObject):
    code = body + ids._check_character(body)
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from(ids.ALPHABET).filter(lambda c: c != code[place]))
    assert ids.is_short_code(code)
    assert not ids.is_short_code(code[:place] + wrong + code[place + 1 :])


@given(st.text(max_size=12))
def test_any_text_may_be_asked_about(text: str):
    assert ids.is_short_code(text) in (True, False)
