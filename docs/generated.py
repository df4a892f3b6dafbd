"""The pages that are made from the code: `.venv/bin/python docs/generated.py` writes them, a test compares them."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent
LINLI = DOCS.parent / "linli"

PERMISSIONS = """# Permissions

Made from the rooms' `access_rules.py`. A role's name is data of the city (`access/roles.csv`); what it may do is
declared by the rooms. What is not named is denied.

How far a role sees rows: `all`, `area` (the areas of its post), `department` (its post's), `area_or_department`, `own`.
How it sees a field: `show`, `mask`, `hide`; `*` is every role not named.
"""
EVENTS = """# Events

Made from the rooms' `events.py` and actions: what `act()` tells. Subjects in NATS are `events.<name>`. Events carry
codes, states and places, never personal data; labels (kind, area, departments, accounts, subject, public) decide who
hears them.

| event | told by |
|---|---|
"""


def permissions_page() -> str:
    """Return docs/reference/permissions.md."""
    from linli.registers.access.queries import room_rules

    parts = [PERMISSIONS]
    for kind, rules in sorted(room_rules().items()):
        parts.append(f"\n## {kind}\n")
        if rules.rows:
            parts.append("\n| role | sees |\n|---|---|\n")
            parts += [f"| `{role}` | {reach} |\n" for role, reach in sorted(rules.rows.items())]
        if rules.permissions:
            parts.append("\n| permission | roles |\n|---|---|\n")
            parts += [
                f"| `{name}` | {', '.join(f'`{role}`' for role in sorted(roles)) or 'nobody'} |\n"
                for name, roles in sorted(rules.permissions.items())
            ]
        if rules.fields:
            parts.append("\n| field | role | sight |\n|---|---|---|\n")
            parts += [
                f"| `{field}` | `{role}` | {sight} |\n"
                for field, sights in sorted(rules.fields.items())
                for role, sight in sorted(sights.items())
            ]
    return "".join(parts)


def events_page() -> str:
    """Return docs/reference/events.md."""
    told: dict[str, set[str]] = {}
    for event, room in _told():
        told.setdefault(event, set()).add(room)
    lines = [
        f"| `{event}` | {', '.join(f'`{room}`' for room in sorted(rooms))} |"
        for event, rooms in sorted(told.items())
    ]
    return EVENTS + "\n".join(lines) + "\n"


def _told() -> Iterator[tuple[str, str]]:
    """Yield (event, room) of every event an action tells: a text, or a constant of the room's events.py."""
    for path in sorted(LINLI.glob("*/*/actions*")):
        room = path.parent
        for file in [path] if path.suffix == ".py" else sorted(path.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                is_tell = (
                    isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "tell" and node.args
                )
                if is_tell and isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), room.name
        events = room / "events.py"
        for node in ast.parse(events.read_text(encoding="utf-8")).body if events.is_file() else []:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield node.value.value, room.name


PAGES = {"reference/permissions.md": permissions_page, "reference/events.md": events_page}

if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    os.environ.setdefault("LINLI_DATABASE_URL", "postgresql:///none")
    import django

    django.setup()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
