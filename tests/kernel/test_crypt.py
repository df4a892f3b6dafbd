"""Sealed fields, search keys and masks."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.crypt import FieldCipher, mask_name, mask_phone

KEY = bytes(range(32))
phones = FieldCipher(KEY, "phone")
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), max_size=40)


@given(words)
def test_what_is_sealed_opens_again(text: str):
    assert phones.open(phones.seal(text)) == text


def test_sealing_twice_never_looks_the_same():
    assert phones.seal("13800000000") != phones.seal("13800000000")


def test_the_text_does_not_show_in_the_seal():
    assert b"13800000000" not in phones.seal("13800000000")


def test_a_sealed_phone_does_not_open_as_a_name_or_with_another_key():
    sealed = phones.seal("13800000000")
    for other in (FieldCipher(KEY, "name"), FieldCipher(bytes(32), "phone")):
        with pytest.raises(InvalidTag):
            other.open(sealed)


def test_one_flipped_bit_is_noticed():
    sealed = bytearray(phones.seal("13800000000"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        phones.open(bytes(sealed))


@pytest.mark.parametrize("shown", [mask_phone("13800001234"), mask_name("戴爷爷"), "*", "138****1234 "])
def test_what_a_page_shows_can_never_be_saved_back(shown: str):
    with pytest.raises(ValueError, match="masked"):
        phones.seal(shown)


def test_search_keys_are_equal_for_equal_texts_only():
    assert phones.search_key(" 13800000000 ") == phones.search_key("13800000000")
    assert phones.search_key("13800000000") != phones.search_key("13800000001")
    assert phones.search_key("13800000000") != FieldCipher(KEY, "name").search_key("13800000000")
    assert len(phones.search_key("x")) == 32


def test_the_key_id_leads_the_seal():
    assert FieldCipher(KEY, "phone", key_id=7).seal("x")[0] == 7


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32"):
        FieldCipher(b"short", "phone")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800001234", "138****1234"), ("02812345678", "028****5678"), ("1234567", "*******"), ("", "")],
)
def test_masked_phones(phone: str, shown: str):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(("name", "shown"), [("戴爷爷", "戴**"), ("李", "李*"), ("", "")])
def test_masked_names(name: str, shown: str):
    assert mask_name(name) == shown


@given(st.text("0123456789", min_size=8, max_size=15))
def test_a_mask_hides_at_least_one_digit(phone: str):
    assert mask_phone(phone) != phone
    assert "*" in mask_phone(phone)
