"""Moments in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from linli.ui import times

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)  # ten o'clock in the city


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (5, "刚刚", "just now"),
        (61, "1 分钟前", "1 min ago"),
        (3599, "59 分钟前", "59 min ago"),
        (3600, "1 小时前", "1 h ago"),
        (47 * 3600, "47 小时前", "47 h ago"),
        (48 * 3600, "2 天前", "2 days ago"),
        (-7200, "2 小时后", "in 2 h"),
        (40 * 86400, "1月28日 10:00", "28 Jan 10:00"),
    ],
)
def test_how_long_ago_is_said_in_both_languages(
    frozen: datetime, seconds: int, chinese: str, english: str
) -> None:
    at = frozen - timedelta(seconds=seconds)
    with translation.override("zh-hans"):
        assert times.ago_words(at) == chinese
    with translation.override("en"):
        assert times.ago_words(at) == english


def test_a_due_time_is_said_beside_what_is_left(frozen: datetime) -> None:
    far = times.due_words(frozen + timedelta(hours=7, minutes=30), False)
    assert (far.level, far.left, far.moment) == ("far", "还剩 7 小时", "今天 17:30")
    near = times.due_words(frozen + timedelta(minutes=50), None)
    assert (near.level, near.left) == ("near", "还剩 50 分钟")
    over = times.due_words(frozen - timedelta(hours=20), None)
    assert (over.level, over.left, over.moment) == ("over", "超期 20 小时", "昨天 14:00")


def test_the_callers_own_count_of_working_hours_is_kept(frozen: datetime) -> None:
    words = times.due_words(frozen + timedelta(days=3), False, left="还剩 2 工作时")
    assert words.left == "还剩 2 工作时"


def test_overdue_is_what_the_caller_says_even_when_the_clock_disagrees(frozen: datetime) -> None:
    """A paused case is past its hour and still not overdue."""
    assert times.due_words(frozen - timedelta(hours=1), False).level == "near"


def test_another_year_is_said(frozen: datetime) -> None:
    assert times.moment_words(datetime(2025, 7, 3, 9, 30, tzinfo=UTC)) == "2025年7月3日 17:30"
