"""One byte form for one meaning."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.canonical import canonical_json

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_and_no_space_is_kept():
    assert canonical_json({"b": 1, "a": [True, None, "井盖"]}) == '{"a":[true,null,"井盖"],"b":1}'.encode()


def test_times_are_utc_with_microseconds_whatever_their_zone():
    east = datetime(2026, 3, 9, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    assert canonical_json(east) == b'"2026-03-09T02:00:00.000000Z"'
    assert canonical_json(datetime(2026, 3, 9, 2, 0, tzinfo=UTC)) == canonical_json(east)


def test_days_ids_tuples_sets_and_translated_words_have_a_form():
    value = {
        "on": date(2026, 3, 9),
        "id": UUID(int=1),
        "pair": (2, 1),
        "set": {"b", "a"},
        "word": gettext_lazy("事件"),
    }
    assert json.loads(canonical_json(value)) == {
        "on": "2026-03-09",
        "id": str(UUID(int=1)),
        "pair": [2, 1],
        "set": ["a", "b"],
        "word": "事件",
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none_are_refused(value: float):
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"value": value})


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError, match="bytes"):
        canonical_json({"value": b"raw"})


@given(plain)
def test_reading_and_writing_again_gives_the_same_bytes(value: object):
    try:
        first = canonical_json(value)
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    assert canonical_json(json.loads(first)) == first


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), max_size=6))
def test_the_order_in_which_a_dictionary_was_built_does_not_matter(value: dict[str, int]):
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(value) == canonical_json(backwards)
