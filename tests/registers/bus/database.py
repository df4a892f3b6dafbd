"""Reaching the test database from outside Django: other processes and plain connections see what was committed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connection


def url() -> str:
    """Give the libpq address of the database this test runs in."""
    its = connection.settings_dict
    login = f"{quote(its['USER'])}:{quote(its['PASSWORD'])}@" if its["USER"] else ""
    host, port = quote(its["HOST"], safe=""), its["PORT"]
    return f"postgresql://{login}/{its['NAME']}?host={host}" + (f"&port={port}" if port else "")


def rows(sql: str, *parameters: Any) -> list[Any]:
    """Ask over a connection of one's own."""
    with psycopg.connect(url()) as other:
        return other.execute(sql, parameters).fetchall()
