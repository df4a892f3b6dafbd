"""Moments in the words people use: "3 小时前", "还剩 2 小时 · 今天 17:30"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.kernel import clock

NEAR_S = 2 * 3600


@dataclass(frozen=True)
class Due:
    """A due time in words. `level` is "far", "near" or "over"."""

    level: str
    left: str
    moment: str
    exact: str


def span_words(seconds: float) -> str:
    """Say a length of time in its largest fitting unit: minutes below 1 hour, hours below 2 days, else days."""
    seconds = abs(seconds)
    if seconds < 3600:
        count = max(1, int(seconds // 60))
        return ngettext("%(count)d 分钟", "%(count)d 分钟", count) % {"count": count}
    if seconds < 48 * 3600:
        count = int(seconds // 3600)
        return ngettext("%(count)d 小时", "%(count)d 小时", count) % {"count": count}
    count = int(seconds // 86400)
    return ngettext("%(count)d 天", "%(count)d 天", count) % {"count": count}


def ago_words(at: datetime) -> str:
    """Say how long ago `at` (aware) was, or how soon it will be."""
    seconds = (clock.now() - at).total_seconds()
    if -60 < seconds < 60:
        return _("刚刚")
    if seconds < 0:
        return _("%(span)s后") % {"span": span_words(seconds)}
    if seconds > 30 * 86400:
        return moment_words(at)
    return _("%(span)s前") % {"span": span_words(seconds)}


def moment_words(at: datetime) -> str:
    """Say a moment in local time: "今天 17:30", "明天 09:00", "7月3日 17:30", "2025年7月3日 17:30"."""
    local, today = timezone.localtime(at), timezone.localtime(clock.now()).date()
    hour = local.strftime("%H:%M")
    near = {
        today: _("今天 %(hour)s"),
        today + timedelta(days=1): _("明天 %(hour)s"),
        today - timedelta(days=1): _("昨天 %(hour)s"),
    }.get(local.date())
    if near:
        return near % {"hour": hour}
    # Translators: a Django date format, not a sentence.
    pattern = _("n月j日") if local.year == today.year else _("Y年n月j日")
    return f"{formats.date_format(local.date(), pattern)} {hour}"


def exact_words(at: datetime) -> str:
    """Say a moment with its year and minute, for a tooltip or a printed page."""
    local = timezone.localtime(at)
    # Translators: a Django date format, not a sentence.
    return f"{formats.date_format(local.date(), _('Y年n月j日'))} {local.strftime('%H:%M:%S')}"


def due_words(due_at: datetime, overdue: bool | None, left: str = "", near_s: float = NEAR_S) -> Due:
    """Say what is left until `due_at`, beside the moment itself.

    `left` is the caller's own words for what is left (working hours are counted by a calendar, not here);
    without it wall-clock time is counted. `overdue` None is decided by the clock.
    """
    seconds = (due_at - clock.now()).total_seconds()
    over = seconds < 0 if overdue is None else overdue
    if over:
        text = left or _("超期 %(span)s") % {"span": span_words(seconds)}
        level = "over"
    else:
        text = left or _("还剩 %(span)s") % {"span": span_words(seconds)}
        level = "near" if seconds <= near_s else "far"
    return Due(level, text, moment_words(due_at), exact_words(due_at))
