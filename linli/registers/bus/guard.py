"""Refuse writes outside `act()` (development and tests): the rule "one way to change a thing" made to bite.

Exempt tables are the named ones of the design: log-in libraries, sessions, job queue, sealer, roll-ups,
the inbox, and progress of long jobs. A room adds its roll-up tables with `exempt()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from linli.registers.bus.actions import is_acting

TABLE = r'\s+(?:ONLY\s+|TABLE\s+)?"?([a-z_0-9]+)"?'
WRITE = re.compile(rf"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY|MERGE\s+INTO){TABLE}", re.I)
# Inside a WITH statement every part may write; FOR UPDATE locks and DO UPDATE belongs to an insert already seen.
INNER_WRITE = re.compile(rf"(?<!FOR )(?<!DO )(?<!KEY )\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM){TABLE}", re.I)
WITH = re.compile(r"\s*WITH\b", re.I)
_exempt_tables = {
    "django_session",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "axes_accessattemptexpiration",
    "bus_inbox",
    "bus_outbox",
    "record_entry",
}


class WriteOutsideAct(RuntimeError):
    """Some code changed a table without `act()`: no record entry, no event. Wrap it."""


def exempt(*tables: str) -> None:
    """Name tables that are written outside acts on purpose (roll-ups and progress only)."""
    _exempt_tables.update(tables)


def arm(connection: Any, **_: Any) -> None:
    """Install the wrapper on a new database connection (handler of `connection_created`)."""
    if _check not in connection.execute_wrappers:
        connection.execute_wrappers.append(_check)


def written_tables(sql: str) -> list[tuple[str, str]]:
    """Return (verb, table) of each write in a statement, in order. COST: one match for all but WITH statements."""
    found = INNER_WRITE.finditer(sql) if WITH.match(sql) else filter(None, [WRITE.match(sql)])
    return [(match[1].upper(), match[2].lower()) for match in found]


def _check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if isinstance(sql, str) and not is_acting():
        for verb, table in written_tables(sql):
            if table not in _exempt_tables:
                raise WriteOutsideAct(f"{verb} {table} outside act(); write through the room's actions")
    return execute(sql, params, many, context)
