"""The engine's part of a city folder: procedure, catalogue, routing and indicators under `cases/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.engines.cases.actions.tables import table_publish
from linli.engines.cases.rules import catalogue, indicators, procedure, routing
from linli.engines.cases.types import Flaw
from linli.kernel.city import CityFileError, Problem, Progress, read_csv, read_json
from linli.registers.record.types import SYSTEM

# What is published with the procedure, as one version: file → key.
PROCEDURE_PARTS = {"limits.json": "limits", "escalation.json": "escalation"}
FILES = {
    "procedure": "procedure_urban.json",
    "catalogue": "catalogue.json",
    "routing": "routing.json",
    "indicators": "indicators.json",
}


def check(folder: Path) -> list[Problem]:
    """Check the four tables and what they say of each other; warnings do not stop loading."""
    tables: dict[str, Any] = {}
    problems: list[Problem] = []
    for kind in FILES:
        try:
            tables[kind] = read_table(folder, kind)
        except CityFileError as error:
            problems.append(error.problem)
    if problems:
        return problems
    problems += _problems("procedure", procedure.flaws(tables["procedure"]))
    actions = {str(row.get("action")) for row in tables["procedure"].get("transitions", [])}
    problems += _problems("indicators", indicators.flaws(tables["indicators"], actions))
    broken = _problems("catalogue", catalogue.flaws(tables["catalogue"]))
    if any(problem.severity == "error" for problem in broken):
        return [*problems, *broken]
    leaves = catalogue.catalogue_table(tables["catalogue"], 0).leaves
    return [
        *problems,
        *broken,
        *_problems("routing", routing.flaws(tables["routing"], leaves, _departments(folder))),
    ]


def load(folder: Path, progress: Progress) -> None:
    """Publish each table as a new version where it differs from the current one."""
    for done, kind in enumerate(FILES):
        progress("案件流程与目录", done, len(FILES))
        table_publish(SYSTEM, kind, read_table(folder, kind))
    progress("案件流程与目录", len(FILES), len(FILES))


def read_table(folder: Path, kind: str) -> dict[str, Any]:
    """Read one table as it is published: the procedure with its limits and escalation, where the city has them."""
    table: dict[str, Any] = read_json(folder / "cases" / FILES[kind])
    if kind == "procedure":
        for name, key in PROCEDURE_PARTS.items():
            if (folder / "cases" / name).exists():
                table[key] = read_json(folder / "cases" / name)
    return table


def _departments(folder: Path) -> set[str]:
    """Return the department codes of the same folder; none when that file is missing, which access reports."""
    try:
        return {row["code"] for _line, row in read_csv(folder / "access" / "departments.csv", ("code",))}
    except CityFileError:
        return set()


def _problems(kind: str, flaws: list[Flaw]) -> list[Problem]:
    return [
        Problem(f"cases/{FILES[kind]}", flaw.where, flaw.what, flaw.mend, flaw.severity) for flaw in flaws
    ]
