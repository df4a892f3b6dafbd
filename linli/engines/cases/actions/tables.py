"""Publishing the city's tables."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection

from linli.engines.cases.models import Catalogue, Indicators, Procedure, Routing
from linli.engines.cases.queries.rulebook import forget
from linli.kernel import clock
from linli.kernel.canonical import canonical_json
from linli.registers.bus.actions import act
from linli.registers.bus.types import Labels
from linli.registers.record.types import Actor, Subject

KINDS: dict[str, type[Procedure | Catalogue | Routing | Indicators]] = {
    "procedure": Procedure,
    "catalogue": Catalogue,
    "routing": Routing,
    "indicators": Indicators,
}


def table_publish(actor: Actor, kind: str, table: dict[str, Any]) -> int:
    """Publish a procedure, catalogue, routing or indicator table as its next version and return the number.

    Cases already open stay on the version they were opened under.
    EFFECTS: one row, one record entry, event `case.table_published`; nothing when the table equals the current
    version. Two publishers at once are put in order by an advisory lock.
    """
    model, code = KINDS[kind], table["code"]
    digest = hashlib.sha256(canonical_json(table)).hexdigest()
    newest = model.objects.filter(code=code).order_by("-version")
    current = newest.first()
    if current is not None and current.content_hash == digest:
        return current.version
    with act(actor, f"{kind}_publish", Subject(kind, code)) as deed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{kind} {code}"])
        current = newest.first()
        version = current.version + 1 if current else 1
        model.objects.create(
            code=code, version=version, content_hash=digest, table=table, published_at=clock.now()
        )
        deed.payload |= {"version": version, "content_hash": digest}
        deed.tell(
            "case.table_published", {"kind": kind, "code": code, "version": version}, Labels(kind="case")
        )
    forget()
    return version
