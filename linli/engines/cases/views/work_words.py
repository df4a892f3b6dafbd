"""What staff pages say in words: what is left of a time limit, how far away something is, who did it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from linli.kernel import clock
from linli.registers.access.queries import actor_of
from linli.registers.calendar.queries import NoCalendar, calendar
from linli.registers.calendar.rules import full_day, working_time_between
from linli.registers.calendar.types import CalendarGap
from linli.ui.templatetags.ui import named
from linli.ui.times import exact_words

FARTHEST = timedelta(days=60)

SOURCES = {
    "web": _l("市民网上上报"),
    "app": _l("市民手机上报"),
    "collector": _l("采集员上报"),
    "hotline": _l("12345 热线"),
    "video": _l("视频发现"),
    "sensor": _l("感知设备"),
    "kiosk": _l("自助终端"),
    "open311": _l("Open311 接口"),
}


def source_words(source: str) -> str:
    """Say by which way a case came in."""
    return str(SOURCES.get(source, source))


def left_words(due_at: datetime, unit: str, now: datetime) -> str:
    """Say what is left of a limit in the unit it is counted in: "还剩 2 工作时", "超期 3 工作日".

    Empty for limits counted by the clock and for times too far away to count: the plain words then fit.
    COST: O(days between), at most two months.
    """
    if unit == "urgent_hours" or abs(due_at - now) > FARTHEST:
        return ""
    try:
        working = calendar()
        is_over = due_at < now
        time = working_time_between(min(due_at, now), max(due_at, now), working)
        day = full_day(working)
    except (NoCalendar, CalendarGap):
        return ""
    if time < timedelta(minutes=1):
        return ""
    if time >= day:
        count = int(time / day)
        amount = ngettext("%(count)d 工作日", "%(count)d 工作日", count) % {"count": count}
    elif time >= timedelta(hours=1):
        count = int(time / timedelta(hours=1))
        amount = ngettext("%(count)d 工作时", "%(count)d 工作时", count) % {"count": count}
    else:
        count = int(time / timedelta(minutes=1))
        amount = ngettext("%(count)d 工作分钟", "%(count)d 工作分钟", count) % {"count": count}
    return (_("超期 %(amount)s") if is_over else _("还剩 %(amount)s")) % {"amount": amount}


def distance_words(metres: float) -> str:
    """Say a distance: metres to the ten below one kilometre, else kilometres."""
    if metres < 1000:
        return _("%(count)d 米") % {"count": max(10, round(metres / 10) * 10)}
    return _("%(count).1f 公里") % {"count": metres / 1000}


def printed_words(request: HttpRequest, count: int) -> str:
    """Say on paper and on top of an export who took it, when, and how much it is."""
    actor = actor_of(request)
    return _("%(name)s（%(account)s）于 %(time)s 取得，共 %(count)s 条。仅限工作使用，不得外传。") % {
        "name": named(request.user),
        "account": actor.key,
        "time": exact_words(clock.now()),
        "count": count,
    }
