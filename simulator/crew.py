"""Who is at work in a demo city: read from the city's own table of demonstration accounts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "linli-demo"  # noqa: S105  known on purpose, in demo homes only
HANDLING_ROLES = frozenset({"handler", "contractor", "town", "traffic", "gas"})


@dataclass(frozen=True)
class Crew:
    """The dispatcher's user name, and for each department the one of somebody who handles its cases."""

    dispatcher: str
    handlers: dict[str, str]


def read_crew(city: Path) -> Crew:
    """Read accounts and posts of a city folder. ERRORS: FileNotFoundError; ValueError without a dispatcher."""
    posts = {
        row["code"]: (row["role_code"], row["department_code"])
        for row in _rows(city / "access" / "posts.csv")
    }
    dispatcher = ""
    handlers: dict[str, str] = {}
    for account in _rows(city / "access" / "demo_accounts.csv"):
        for code in account["posts"].split():
            role, department = posts[code]
            if role == "dispatcher" and not dispatcher:
                dispatcher = account["username"]
            if role in HANDLING_ROLES:
                handlers.setdefault(department, account["username"])
    if not dispatcher:
        raise ValueError(f"{city}: no demonstration account dispatches")
    return Crew(dispatcher, handlers)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
