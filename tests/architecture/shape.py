"""Sizes and names: what keeps a stranger able to read any room after one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import exemptions
from tests.architecture.tree import Finding, Tree, name_of

FILE_LINES = 300
FUNCTION_LINES = 60
NOUNS = (
    "__init__",
    "models",
    "actions",
    "queries",
    "rules",
    "engine",
    "types",
    "events",
    "apps",
    "migrations",
)
PAGES = (
    "views",
    "forms",
    "urls",
    "endpoints",
    "templates",
    "templatetags",
    "locale",
    "management",
    "jobs",
    "README",
)
OFFERED = (
    "access_rules",
    "city",
    "clocks",
    "consumers",
    "file_guards",
    "menu",
    "panels",
    "search",
    "tiles",
    "tour",
)
MODULES = frozenset(NOUNS + PAGES + OFFERED)
BANNED = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)", re.I)
SAID = ("actions", "queries", "rules", "engine", "models")


def file_length(tree: Tree) -> Iterator[Finding]:
    """Yield files of 300 lines and more."""
    for source in tree.sources("linli", "simulator", "bench"):
        lines = source.text.count("\n")
        if lines >= FILE_LINES:
            yield Finding(source.file, lines, f"has {lines} lines; {FILE_LINES - 1} are the most")


def function_length(tree: Tree) -> Iterator[Finding]:
    """Yield functions of 60 lines and more."""
    for source in tree.sources("linli", "simulator", "bench"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines >= FUNCTION_LINES:
                    yield source.finding(
                        node, f"{node.name}() has {lines} lines; {FUNCTION_LINES - 1} are the most"
                    )


def room_modules(tree: Tree) -> Iterator[Finding]:
    """Yield files of a room whose name says nothing to a reader of another room."""
    for room in tree.rooms():
        folder = tree.root.joinpath(*room.split("."))
        if room in ("linli.config", "linli.ui") or "scaffold" in folder.parts:
            continue  # not rooms of nouns: wiring, and parts of pages
        allowed = MODULES | set(exemptions.MODULES.get(room, ()))
        for path in sorted(folder.iterdir()):
            if path.name != "__pycache__" and path.stem not in allowed:
                yield Finding(
                    str(path.relative_to(tree.root)),
                    1,
                    "is no name a room has",
                )


def banned_names(tree: Tree) -> Iterator[Finding]:
    """Yield files and folders named after nothing in particular."""
    for path in tree.files("linli", "simulator", "bench", "frontend/src", "script", "tests"):
        for part in path.relative_to(tree.root).parts:
            if BANNED.search(Path(part).stem):
                yield Finding(str(path.relative_to(tree.root)), 1, f"{part!r} says nothing of what is inside")


def readmes(tree: Tree) -> Iterator[Finding]:
    """Yield rooms that do not say in a few lines what they are."""
    for room in tree.rooms():
        path = tree.root.joinpath(*room.split("."), "README.md")
        if room == "linli.config":
            continue
        if not path.is_file() or len(path.read_text(encoding="utf-8").splitlines()) < 4:
            yield Finding(
                str(path.relative_to(tree.root)),
                1,
                "does not say what the room is and owns",
            )


def docstrings(tree: Tree) -> Iterator[Finding]:
    """Yield public functions and models of the parts others call that say nothing of themselves."""
    for source in tree.sources():
        if source.part not in SAID:
            continue
        for node in source.tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node) and not _is_overload(node):
                yield source.finding(node, f"{node.name} has no docstring")


def _is_overload(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return any(name_of(decorator) == "overload" for decorator in node.decorator_list)


def offers(tree: Tree) -> Iterator[Finding]:
    """Yield offers without a module, and modules named like an offer that nobody offers."""
    known = _known_offers(tree)
    for room in tree.rooms():
        if room == "linli.config":
            continue
        folder = tree.root.joinpath(*room.split("."))
        file = str((folder / "apps.py").relative_to(tree.root))
        offered = _offered(folder / "apps.py")
        for name in sorted(offered - known):
            yield Finding(file, 1, f"offers {name!r}, which no contract knows")
        for name in sorted(known):
            path = folder / f"{name}.py"
            exists = path.is_file() or (folder / name).is_dir()
            inside = str(path.relative_to(tree.root))
            if name in offered and not exists:
                yield Finding(file, 1, f"offers {name!r}, which it does not have")
            if name not in offered and exists and inside not in exemptions.UNOFFERED:
                yield Finding(inside, 1, f"is not offered by {room}: add {name!r} to `offers`")


def _offered(path: Path) -> set[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "offers":
            return set(ast.literal_eval(node.value))
    return set()


def _known_offers(tree: Tree) -> set[str]:
    path = tree.root / "linli" / "kernel" / "room.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "OFFERS":
            return {inner.value for inner in ast.walk(node.value) if isinstance(inner, ast.Constant)}
    raise LookupError("linli/kernel/room.py names no OFFERS")
