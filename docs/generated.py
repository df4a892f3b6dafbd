"""The pages that are made from the code: `.venv/bin/python docs/generated.py` writes them, a test compares them."""

from __future__ import annotations

import ast
import json
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
INDICATORS = """# Indicators

Made from the grammar in `linli/engines/cases/rules/indicators.py` and from the demo city's `cases/indicators.json`.
After GB/T 30428.4 and CJ/T 292: what a figure counts is fixed by the product; which figures there are,
their 口径, weights and grades are the city's.

## Measures

A numerator is always a part of its denominator, so no figure leaves 0–100 %, and the rows behind a figure are as many
as the figure says. Three grains, never mixed: `case` (a case), `transition` (a step of a case), `open_day` (a case
open at the end of a day). Periods are days, weeks from Monday, months, quarters and years of the city's calendar; a
running period is counted up to now. `due` is due inside the period, or due earlier and still open when it began: a
case that is overdue and open counts against.

| measure | grain | part of | needs | 中文 | English |
|---|---|---|---|---|---|
"""
CITY_INDICATORS = """
## The demo city's indicators

| indicator | 中文 | English | numerator | denominator | better | 口径 | source | certainty |
|---|---|---|---|---|---|---|---|---|
"""


def indicators_page() -> str:
    """Return docs/reference/indicators.md."""
    from linli.engines.cases.rules.indicators import MEASURES

    data = json.loads((DOCS.parent / "cities/jianyang/cases/indicators.json").read_text(encoding="utf-8"))
    parts = [INDICATORS]
    for code, row in MEASURES.items():
        of, needs = (f"`{name}`" if name else "" for name in (row.of, row.parameter))
        parts.append(f"| `{code}` | {row.grain} | {of} | {needs} | {row.name_zh} | {row.name_en} |\n")
    parts.append(CITY_INDICATORS)
    for row in data["indicators"]:
        basis = f"{row['basis_zh']} {row['basis_en']}"
        parts.append(
            f"| `{row['code']}` | {row['name_zh']} | {row['name_en']} | `{row['numerator']}` | "
            f"`{row['denominator']}` | {row['better']} | {basis} | {row['source']} | {row['certainty']} |\n"
        )
    scoring = data["scoring"]
    weights = ", ".join(f"`{code}` {weight}" for code, weight in scoring["weights"].items())
    grades = ", ".join(f"{row['name_zh']} {row['name_en']} from {row['from']}" for row in scoring["grades"])
    parts.append(f"\n## Score\n\n{scoring['basis_zh']} {scoring['basis_en']}\n\nWeights: {weights}.\n\n")
    parts.append(f"Grades: {grades}. Source: {scoring['source']} ({scoring['certainty']}).\n")
    return "".join(parts)


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


PAGES = {
    "reference/permissions.md": permissions_page,
    "reference/events.md": events_page,
    "reference/indicators.md": indicators_page,
}

if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    os.environ.setdefault("LINLI_DATABASE_URL", "postgresql:///none")
    import django

    django.setup()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
