"""Writing calendars: publishing a version is the only act there is."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection

from linli.kernel import clock
from linli.kernel.canonical import canonical_json
from linli.registers.bus.actions import act
from linli.registers.bus.types import Labels
from linli.registers.calendar import queries
from linli.registers.calendar.models import CalendarVersion
from linli.registers.record.types import Actor, Subject


def calendar_publish(actor: Actor, code: str, table: dict[str, Any]) -> int:
    """Publish a calendar table as the next version and return its number.

    EFFECTS: one row, one record entry, event `calendar.published`; nothing at all when the table equals the
    current version. Two publishers at once are put in order by an advisory lock.
    """
    digest = hashlib.sha256(canonical_json(table)).hexdigest()
    current = CalendarVersion.objects.filter(code=code).order_by("-version").first()
    if current is not None and current.content_hash == digest:
        return current.version
    with act(actor, "calendar_publish", Subject("calendar", code)) as deed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"calendar {code}"])
        current = CalendarVersion.objects.filter(code=code).order_by("-version").first()
        version = current.version + 1 if current else 1
        CalendarVersion.objects.create(
            code=code, version=version, content_hash=digest, table=table, published_at=clock.now()
        )
        deed.payload |= {"version": version, "content_hash": digest}
        deed.tell(
            "calendar.published", {"code": code, "version": version}, Labels(kind="calendar", public=True)
        )
    queries.forget()
    return version
