"""The one clock."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from linli.kernel import clock

AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def test_the_clock_gives_aware_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_and_runs_again_afterwards():
    with clock.frozen(AT):
        assert clock.now() == AT == clock.now()
        with clock.shifted(timedelta(hours=3)):
            assert clock.now() == AT + timedelta(hours=3)
        assert clock.now() == AT
    assert clock.now() > AT or clock.now() < AT


def test_a_frozen_clock_answers_in_utc_whatever_zone_it_was_given():
    with clock.frozen(datetime(2026, 3, 9, 10, 0, tzinfo=timezone(timedelta(hours=8)))):
        assert clock.now() == AT
        assert clock.now().tzinfo is UTC


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 3, 9)):
        pass


def test_the_clock_is_frozen_for_the_caller_only():
    seen: list[datetime] = []
    with clock.frozen(AT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != AT


def test_the_clock_runs_again_after_a_failure():
    with pytest.raises(KeyError), clock.frozen(AT):
        raise KeyError
    assert clock.now() != AT
