"""The organisation of a city folder: departments, roles, posts, and (demo homes only) accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.kernel.city import CityFileError, Problem, Progress, content_hash, read_csv
from linli.registers.access import actions
from linli.registers.access.models import Account
from linli.registers.record.types import SYSTEM

FILES: dict[str, tuple[str, ...]] = {
    "departments": ("code", "name_zh", "name_en", "kind", "parent_code"),
    "roles": ("code", "name_zh", "name_en"),
    "posts": ("code", "name_zh", "name_en", "department_code", "role_code", "area_codes"),
    "demo_accounts": ("username", "name_zh", "name_en", "kind", "posts"),
}
DEMO_PASSWORD = "linli-demo"  # noqa: S105  known on purpose, in demo homes only


def check(folder: Path) -> list[Problem]:
    """Return what is wrong in `access/`: unreadable files, codes twice, references that lead nowhere."""
    try:
        tables = {
            name: list(read_csv(folder / "access" / f"{name}.csv", columns))
            for name, columns in FILES.items()
        }
    except CityFileError as error:
        return [error.problem]
    problems = [problem for name, rows in tables.items() for problem in _twice(name, rows)]
    known = {name: {row.get("code") for _, row in rows} for name, rows in tables.items()}
    known["departments"].add("")
    for name, column, target in (
        ("departments", "parent_code", "departments"),
        ("posts", "department_code", "departments"),
        ("posts", "role_code", "roles"),
    ):
        for line, row in tables[name]:
            if row[column] not in known[target]:
                problems.append(_dangling(name, line, column, row[column], target))
    for line, row in tables["demo_accounts"]:
        problems += [
            _dangling("demo_accounts", line, "posts", code, "posts")
            for code in row["posts"].split()
            if code not in known["posts"]
        ]
    return problems


def load(folder: Path, progress: Progress) -> None:
    """Load the organisation; in a demo home also its accounts. Idempotent: an account that exists is kept."""
    source = folder / "access"
    progress("组织与岗位", 0, 2)
    tables = {name: [row for _, row in read_csv(source / f"{name}.csv")] for name in FILES}
    version = content_hash(*(source / f"{name}.csv" for name in FILES))
    actions.organisation_load(
        version,
        {
            "departments": tables["departments"],
            "roles": tables["roles"],
            "posts": [_post(row) for row in tables["posts"]],
        },
    )
    progress("组织与岗位", 1, 2)
    if settings.LINLI_DEMO:
        existing = set(Account.objects.values_list("username", flat=True))
        for row in tables["demo_accounts"]:
            if row["username"] not in existing:
                actions.account_create(
                    SYSTEM,
                    row["username"],
                    DEMO_PASSWORD,
                    name_zh=row["name_zh"],
                    name_en=row["name_en"],
                    kind=row["kind"],
                    posts=row["posts"].split(),
                )
    progress("组织与岗位", 2, 2)


def _post(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "department_id": row["department_code"],
        "role_id": row["role_code"],
        "area_codes": row["area_codes"].split(),
    }


def _twice(name: str, rows: list[tuple[int, dict[str, str]]]) -> Iterator[Problem]:
    key = "username" if name == "demo_accounts" else "code"
    seen: dict[str, int] = {}
    for line, row in rows:
        if row[key] in seen:
            yield Problem(
                f"access/{name}.csv", f"{line}", f"{row[key]} 与第 {seen[row[key]]} 行重复", "删去其中一行"
            )
        seen[row[key]] = line


def _dangling(name: str, line: int, column: str, value: str, target: str) -> Problem:
    return Problem(
        f"access/{name}.csv",
        f"{line}:{column}",
        f"{value!r} 不在 {target} 中",
        f"改正，或在 {target}.csv 中补上",
    )
