"""What the engine does with its own events: the daily roll-up that public pages read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.engines.cases import events
from linli.registers.bus.types import Consumer, Event

TOWN_DIGITS = 9
ADD_TO_DAY = """
INSERT INTO cases_caseday ("on", town_code, opened, closed, closed_in_time) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT ("on", town_code) DO UPDATE SET opened = cases_caseday.opened + excluded.opened,
  closed = cases_caseday.closed + excluded.closed,
  closed_in_time = cases_caseday.closed_in_time + excluded.closed_in_time
"""


def tally_days(told: Sequence[Event]) -> None:
    """Add openings and closes to their day and town; a case refused is not one closed.

    EFFECTS: one upsert a day and town, in the transaction of the inbox rows: a repeated event adds nothing.
    """
    days: Counter[tuple[date, str, str]] = Counter()
    for event in told:
        day, town_code = timezone.localdate(event.at), event.labels.area[:TOWN_DIGITS]
        if event.event == events.OPENED:
            days[day, town_code, "opened"] += 1
        elif event.data["final"] and event.data["tone"] == "done":
            days[day, town_code, "closed"] += 1
            days[day, town_code, "in_time"] += event.at <= datetime.fromisoformat(event.data["due_at"])
    rows: list[list[Any]] = [
        [day, town_code, *(days[day, town_code, what] for what in ("opened", "closed", "in_time"))]
        for day, town_code in sorted({(day, town_code) for day, town_code, _what in days})
    ]
    with connection.cursor() as cursor:
        cursor.executemany(ADD_TO_DAY, rows)


consumers = [Consumer("cases-day", (events.OPENED, events.CHANGED), tally_days)]
