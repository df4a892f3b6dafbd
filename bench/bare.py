"""One bare transaction that inserts the rows of one opened case, again and again with new keys.

The rows are read once from the newest case of the home: case, status, location, assignment, deadline, record entry
and outbox row, so the limit writes exactly what `case_open` writes, one statement a row.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any
from uuid import uuid4

import django
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

FACTS = ("cases_casestatus", "cases_caselocation", "cases_caseassignment", "cases_casedeadline")


@lru_cache(maxsize=1)
def rows() -> list[tuple[str, list[str], list[Any]]]:
    """Read the newest case's rows. SHAPE: (insert statement, columns, values) per row, the case first."""
    found = [_row("cases_case", "ORDER BY id DESC LIMIT 1", [])]
    case_id = found[0][2][found[0][1].index("id")]
    found += [_row(table, "WHERE case_id = %s ORDER BY id LIMIT 1", [case_id]) for table in FACTS]
    found.append(_row("record_entry", "WHERE action = 'case_open' ORDER BY id DESC LIMIT 1", []))
    # Copies carry hashes that are not theirs: their action says so, and whoever verifies the record leaves them out.
    found[-1][2][found[-1][1].index("action")] = "bench_bare"
    body = '{"id":"","event":"bench.bare","at":"2026-01-01T00:00:00Z","subject":{"kind":"bench","key":""},'
    body += '"labels":{"kind":"bench"},"data":{"filler":"' + "x" * 600 + '"}}'
    columns = ["uid", "event", "body", "at"]
    found.append((_insert("bus_outbox", columns), columns, [uuid4(), "bench.bare", body, found[-1][2][2]]))
    return found


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """Insert one set of rows and commit."""
    template = rows()
    with transaction.atomic(), connection.cursor() as cursor:
        case_id = 0
        for statement, columns, values in template:
            fresh = list(values)
            for place, column in enumerate(columns):
                if column in ("uid", "submission_id"):
                    fresh[place] = uuid4()
                elif column == "code":
                    fresh[place] = uuid4().hex[:20]
                elif column == "case_id":
                    fresh[place] = case_id
            if "submission_id" in columns:
                cursor.execute(f"{statement} RETURNING id", _without_id(columns, fresh))
                case_id = cursor.fetchone()[0]
            else:
                cursor.execute(statement, _without_id(columns, fresh))
    return HttpResponse(b"{}", status=201, content_type="application/json")


def _row(table: str, where: str, parameters: list[Any]) -> tuple[str, list[str], list[Any]]:
    from psycopg.types.json import Jsonb

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} {where}", parameters)
        row = cursor.fetchone()
        if row is None or cursor.description is None:
            raise RuntimeError(f"{table} is empty: open a case first")
        columns = [column.name for column in cursor.description]
    values = [Jsonb(value) if isinstance(value, dict) else value for value in row]
    kept = [i for i, column in enumerate(columns) if column != "transaction_id"]
    columns, values = [columns[i] for i in kept], [values[i] for i in kept]
    return _insert(table, [column for column in columns if column != "id"]), columns, values


def _without_id(columns: list[str], values: list[Any]) -> list[Any]:
    return [value for column, value in zip(columns, values, strict=True) if column != "id"]


def _insert(table: str, columns: list[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"


urlpatterns = [path("insert", insert)]

if os.environ.get("DJANGO_SETTINGS_MODULE") == "bench.bare_settings":
    django.setup()
    application = get_wsgi_application()
