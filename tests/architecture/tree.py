"""A source tree to be checked: the repository itself, or a small one with a planted fault."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SKIPPED = frozenset(
    {"__pycache__", "node_modules", "build", "var", ".venv", ".git", "_build", "migrations", "scaffold"}
)


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


@dataclass(frozen=True)
class Source:
    """One Python file. `module` is its dotted name, `room` the dotted name of the app it belongs to or ""."""

    path: Path
    file: str
    module: str
    room: str

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path, self.path.stat().st_mtime_ns)

    @property
    def part(self) -> str:
        """The name of the module inside its room: `actions` for `actions.py` and for `actions/open.py`."""
        return self.module[len(self.room) + 1 :].split(".")[0] if self.room else ""

    def finding(self, node: ast.AST, what: str) -> Finding:
        return Finding(self.file, getattr(node, "lineno", 1), what)


@cache
def _parse(path: Path, changed_ns: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@dataclass(frozen=True)
class Tree:
    """A folder laid out like the repository."""

    root: Path

    def files(self, *folders: str, suffixes: tuple[str, ...] = ()) -> Iterator[Path]:
        """Yield files below `folders`, sorted, without what is built or fetched."""
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*")):
                inside = path.relative_to(self.root).parts
                if (
                    path.is_file()
                    and not SKIPPED.intersection(inside)
                    and path.suffix in (suffixes or {path.suffix})
                ):
                    yield path

    def sources(self, *folders: str) -> Iterator[Source]:
        """Yield the Python files below `folders` (default: linli), migrations and the scaffold left out."""
        rooms = self.rooms()
        for path in self.files(*(folders or ("linli",)), suffixes=(".py",)):
            module = ".".join(path.relative_to(self.root).with_suffix("").parts).removesuffix(".__init__")
            room = next((room for room in rooms if module == room or module.startswith(room + ".")), "")
            yield Source(path, str(path.relative_to(self.root)), module, room)

    def rooms(self) -> list[str]:
        """Give the dotted names of all apps: folders with an apps.py."""
        return sorted(
            ".".join(path.parent.relative_to(self.root).parts)
            for path in (self.root / "linli").rglob("apps.py")
            if not SKIPPED.intersection(path.relative_to(self.root).parts)
        )

    def tracked(self) -> Iterator[Path]:
        """Yield what is (or would be) committed: git's list in the repository, every file elsewhere."""
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                cwd=self.root,
                capture_output=True,
                check=True,
            ).stdout.decode()
            yield from (self.root / name for name in sorted(filter(None, listed.split("\0"))))
        else:
            yield from self.files(".")


def name_of(node: ast.AST) -> str:
    """Give the last name of a dotted expression: `a.b.c` → `c`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
