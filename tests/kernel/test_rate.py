"""Token buckets: a burst, an even refill, and bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.rate import RateLimit


class Watch:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_burst_passes_and_the_next_call_is_told_how_long_to_wait() -> None:
    watch = Watch()
    limit = RateLimit(3, 0.5, watch)
    assert [limit.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    assert limit.take("b") == 0.0
    watch.now_s = 2.0
    assert limit.take("a") == 0.0
    assert limit.take("a") == 2.0


@given(st.lists(st.floats(0, 5), max_size=60))
def test_never_more_pass_than_the_burst_and_what_flowed_in(pauses_s: list[float]) -> None:
    watch = Watch()
    limit, passed = RateLimit(5, 0.7, watch), 0
    for pause_s in pauses_s:
        watch.now_s += pause_s
        passed += limit.take("a") == 0.0
    assert passed <= 5 + 0.7 * watch.now_s + 1e-6


def test_callers_longest_silent_are_forgotten() -> None:
    limit = RateLimit(1, 0.001, Watch(), kept=2)
    assert [limit.take(caller) == 0.0 for caller in ("a", "b", "c", "b", "a")] == [
        True,
        True,
        True,
        False,
        True,
    ]
