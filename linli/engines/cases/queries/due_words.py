"""Say why a case, or a stage of it, is due when it is: the calendar's sentences with what the case did to its clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext

from linli.registers.calendar.words import sentences


def due_sentences(kind: str, explanation: Mapping[str, Any]) -> list[str]:
    """Give the explanation kept with a deadline fact as short sentences, in order."""
    said = sentences(explanation)
    if kind == "expected":
        said.insert(1, gettext("尚未派遣，先按登记时间预计；派遣后从派遣时起算。"))
    before = [
        gettext("准予延期：原应于 %(time)s 前办结，从那时起再加时限。") % {"time": moment(at)}
        for at in explanation.get("extended_from", ())
    ]
    for pause in explanation.get("pauses", ()):
        before.append(_paused(pause))
    if former := explanation.get("calendar_before"):
        before.append(
            gettext("工作日历重新公布（第 %(old)s 版改为第 %(new)s 版），按新日历重算；原为 %(time)s 到期。")
            % {
                "old": former["version"],
                "new": explanation["calendar_version"],
                "time": moment(former["due"]),
            }
        )
    said = [*before, *said]
    if source := explanation.get("source"):
        said.append(gettext("时限来源：%(source)s。") % {"source": source})
    return said


def _paused(pause: Mapping[str, str]) -> str:
    if not pause["to"]:
        return gettext("%(time)s 起挂账，时钟停走，恢复后按剩余时间继续。理由：%(reason)s") % {
            "time": moment(pause["from"]),
            "reason": pause["reason"],
        }
    return gettext("%(since)s 至 %(until)s 挂账，不计时；恢复后按剩余时间继续。理由：%(reason)s") % {
        "since": moment(pause["from"]),
        "until": moment(pause["to"]),
        "reason": pause["reason"],
    }


def moment(at: str) -> str:
    """Say a moment kept as text in the city's time."""
    return format_date(timezone.localtime(datetime.fromisoformat(at)), gettext("n月j日 H:i"))
