"""Count a deadline from the steps of its clock. Pure: the same steps over another calendar give its due there.

A deadline is never edited: it is what its steps say, so a republished calendar only counts them again.
Steps, in order: start, then any of extend (延期), pause and resume (挂账).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.engines.cases.types import EscalationStep, Limit
from linli.registers.calendar.rules import due_at, working_time_between
from linli.registers.calendar.types import Due, WorkCalendar

Step = Mapping[str, Any]
HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A due time counted from steps, with the explanation kept beside it."""

    due_at: datetime
    explanation: dict[str, Any]


def start_step(at: datetime, limit: Limit) -> dict[str, Any]:
    """Say that a limit begins to run."""
    return {"do": "start", "at": at.isoformat(), "amount": limit.amount, "unit": limit.unit}


def reckon(steps: Sequence[Step], calendar: WorkCalendar, about: Mapping[str, Any]) -> Reckoned:
    """Count the steps over a calendar. `about` (source, certainty and what else is to be kept) joins the explanation.

    A pause takes no working time: after it, what was left of the limit begins to run again; a limit that was over
    before the pause stays over. An extension is counted from the due time it moves.
    SHAPE of the explanation: `Explanation.as_json` of the last stretch, `steps`, `pauses` [{from, to, reason}],
    `extended_from` (each due time a delay moved), `running_from` (when the clock last began to run), and `about`.
    COST: O(days counted).
    """
    first, *rest = steps
    due = due_at(datetime.fromisoformat(first["at"]), first["amount"], first["unit"], calendar)
    running_from, pauses, extended_from = first["at"], [], []
    for step in rest:
        if step["do"] == "extend":
            extended_from.append(due.at.isoformat())
            due = due_at(due.at, step["amount"], step["unit"], calendar)
        elif step["do"] == "pause":
            pauses.append({"from": step["at"], "to": "", "reason": step["reason"]})
        else:
            pauses[-1]["to"] = running_from = step["at"]
            due = _resumed(due, datetime.fromisoformat(pauses[-1]["from"]), step["at"], calendar)
    said = due.explanation.as_json() | {
        "steps": [dict(step) for step in steps],
        "pauses": pauses,
        "extended_from": extended_from,
        "running_from": running_from,
    }
    return Reckoned(due.at, said | dict(about))


def steps_of(explanation: Mapping[str, Any]) -> list[Step]:
    """Return the steps an explanation was counted from; one kept before steps were is a start."""
    if "steps" in explanation:
        return list(explanation["steps"])
    return [
        {
            "do": "start",
            "at": explanation["start"],
            "amount": explanation["amount"],
            "unit": explanation["unit"],
        }
    ]


def about_of(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an explanation says of its limit: where it comes from and how certain that is."""
    return {key: explanation[key] for key in ("source", "certainty") if key in explanation}


def moments(
    rows: Sequence[EscalationStep],
    stage: str,
    due: datetime,
    explanation: Mapping[str, Any],
    cal: WorkCalendar,
) -> list[tuple[datetime, EscalationStep]]:
    """Return when each row for a stage falls due, earliest first.

    A share is one of the time the deadline gave since its clock last began to run, counted as the limit is: in
    working time, or on the clock for 紧急工作时. Share 1 is the due time itself.
    """
    running_from = datetime.fromisoformat(explanation.get("running_from", explanation["start"]))
    found = [
        (_at_share(row.share, running_from, due, explanation["unit"], cal), row)
        for row in rows
        if not row.stages or stage in row.stages
    ]
    return sorted(found, key=lambda pair: pair[0])


def _resumed(due: Due, paused_at: datetime, resumed: str, calendar: WorkCalendar) -> Due:
    """Let what was left of a limit run again. Working days go on as the working hours left of them."""
    resumed_at = datetime.fromisoformat(resumed)
    urgent = due.explanation.unit == "urgent_hours"
    left = due.at - paused_at if urgent else working_time_between(paused_at, due.at, calendar)
    if left <= timedelta(0):
        return due
    return due_at(
        resumed_at, left.total_seconds() / HOUR_S, "urgent_hours" if urgent else "working_hours", calendar
    )


def _at_share(share: float, start: datetime, due: datetime, unit: str, calendar: WorkCalendar) -> datetime:
    if share == 1 or due <= start:
        return due
    whole = due - start if unit == "urgent_hours" else working_time_between(start, due, calendar)
    if not whole:
        return due
    hours = whole.total_seconds() / HOUR_S * share
    moment = due_at(start, hours, "urgent_hours" if unit == "urgent_hours" else "working_hours", calendar).at
    return max(moment, due) if share > 1 else min(moment, due)
