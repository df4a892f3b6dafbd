"""Write columns of many cases in one statement: Django's own bulk update costs five milliseconds a row."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from linli.engines.cases.models import Case

TYPES = {
    "BigIntegerField": "bigint",
    "CharField": "text",
    "DateTimeField": "timestamptz",
    "PositiveIntegerField": "integer",
}


def save_columns(cases: Sequence[Case], columns: Sequence[str]) -> None:
    """Save the named columns of cases already locked, inside an act. COST: one statement, none for no case."""
    if not cases:
        return
    kinds = [TYPES[Case._meta.get_field(name).get_internal_type()] for name in columns]
    settings = ", ".join(f"{name} = given.{name}" for name in columns)
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in kinds)])
    values = [
        [case.id for case in cases],
        *([getattr(case, name) for case in cases] for name in columns),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cases_case SET {settings} FROM unnest({arrays}) AS given (id, {', '.join(columns)}) "  # noqa: S608
            "WHERE cases_case.id = given.id",
            values,
        )
