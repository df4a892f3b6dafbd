"""Say in the reader's language why a due time is what it is. Apart from `rules`, which know no language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, ngettext

DAYS_NAMED = 6
"""Skipped days named one by one; more of them are counted."""


def unit_words(amount: float, unit: str) -> str:
    """Say an amount with its unit, such as `4 工作时`."""
    number = f"{round(amount, 2):g}"
    if unit == "urgent_hours":
        return gettext("%(number)s 紧急工作时") % {"number": number}
    if unit == "working_hours":
        return gettext("%(number)s 工作时") % {"number": number}
    return gettext("%(number)s 工作日") % {"number": number}


def sentences(explanation: Mapping[str, Any]) -> list[str]:
    """Give the explanation kept with a deadline (`Explanation.as_json`) as short sentences, in order."""
    start, due = (datetime.fromisoformat(explanation[key]) for key in ("start", "due"))
    said = [
        gettext("限 %(limit)s，从 %(start)s 起算。")
        % {"limit": unit_words(explanation["amount"], explanation["unit"]), "start": _moment(start)}
    ]
    if explanation["unit"] == "urgent_hours":
        said.append(gettext("按钟点连续计算，不分昼夜和节假日。"))
    elif explanation["unit"] == "working_hours":
        said.append(gettext("只计工作时段内的时间。"))
    else:
        said.append(gettext("起算当日不计入，到最后一个工作日下班时为止。"))
    if skipped := explanation["skipped"]:
        said.append(_skipped(skipped))
    if made_up := explanation["made_up"]:
        said.append(gettext("计入调休上班日：%(days)s。") % {"days": _listed(made_up)})
    for year in explanation["provisional_years"]:
        said.append(gettext("%(year)s 年节假日安排尚未公布，暂按周末计算，公布后可能变动。") % {"year": year})
    said.append(gettext("到期：%(due)s。") % {"due": _moment(due)})
    return said


def _skipped(days: Sequence[Mapping[str, str]]) -> str:
    if len(days) > DAYS_NAMED:
        text = ngettext("跳过 %(count)s 天周末和节假日。", "跳过 %(count)s 天周末和节假日。", len(days))
        return text % {"count": len(days)}
    return gettext("跳过：%(days)s。") % {"days": _listed(days)}


def _listed(days: Sequence[Mapping[str, str]]) -> str:
    english = (get_language() or "").startswith("en")
    parts = []
    for day in days:
        name = day["name_en" if english else "name_zh"] or gettext("周末")
        on = format_date(date.fromisoformat(day["on"]), gettext("n月j日"))
        parts.append(gettext("%(on)s（%(name)s）") % {"on": on, "name": name})
    return gettext("、").join(parts)


def _moment(at: datetime) -> str:
    return format_date(timezone.localtime(at), gettext("n月j日 H:i"))
