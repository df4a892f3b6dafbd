"""What the engine does with its own events: the daily roll-up that public pages read."""

from __future__ import annotations

from datetime import datetime

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


def tally_day(event: Event) -> None:
    """Add an opening or a close to its day and town; a case refused is not one closed.

    EFFECTS: one upsert, in the transaction of the inbox row: a repeated event adds nothing. COST: one statement.
    """
    opened = int(event.event == events.OPENED)
    closed = int(event.event == events.CHANGED and event.data["final"] and event.data["tone"] == "done")
    if not opened and not closed:
        return
    in_time = int(bool(closed) and event.at <= datetime.fromisoformat(event.data["due_at"]))
    town_code = event.labels.area[:TOWN_DIGITS]
    with connection.cursor() as cursor:
        cursor.execute(ADD_TO_DAY, [timezone.localdate(event.at), town_code, opened, closed, in_time])


consumers = [Consumer("cases-day", (events.OPENED, events.CHANGED), tally_day)]
