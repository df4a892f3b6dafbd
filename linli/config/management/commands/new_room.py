"""`linli new-room FLOOR NAME [--hanzi 字]`: lay out a room in the house's style."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

SCAFFOLD = Path(__file__).resolve().parents[2] / "scaffold"
FLOORS = ("registers", "engines", "centres.governance", "centres.command", "centres.affairs")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Command(BaseCommand):
    """Write the files of a new room and its tests, then say what is left to do by hand."""

    help = "Lay out a new room."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """FLOOR is where it stands, NAME its folder (plural, snake_case)."""
        parser.add_argument("floor", choices=FLOORS)
        parser.add_argument("name")
        parser.add_argument("--hanzi", default="", help="the room's name on pages, such as 调解")
        parser.add_argument("--noun", default="", help="one thing of the room; default: NAME without its s")
        parser.add_argument("--root", type=Path, default=settings.ROOT, help="the checkout to write into")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or refuse with the reason. ERRORS: CommandError."""
        words = words_of(options["floor"], options["name"], options["noun"], options["hanzi"])
        root: Path = options["root"]
        folder = root.joinpath(*words["dotted"].split("."))
        if folder.exists():
            raise CommandError(f"{folder} 已经有了 / is there already")
        tests = root / "tests" / Path(*words["dotted"].split(".")[1:])
        written = [*lay_out(SCAFFOLD / "room", folder, words), *lay_out(SCAFFOLD / "tests", tests, words)]
        for package in (folder.parent, tests.parent):
            package.joinpath("__init__.py").touch()
        for path in written:
            self.stdout.write(str(path.relative_to(root)))
        self.stdout.write(NEXT.substitute(words))


NEXT = Template("""
Still to do by hand:
1. linli/config/settings.py, INSTALLED_APPS, after the rooms below it:
    "$dotted",
2. pyproject.toml, the import-linter contract of its floor, above the rooms it may import:
    "$dotted",
3. tests/architecture stays red until both are done.
4. Rewrite the sentences of README.md, models.py and access_rules.py; then: script/test tests/$inside
""")


def words_of(floor: str, name: str, noun: str, hanzi: str) -> dict[str, str]:
    """Give what the templates are filled with. ERRORS: CommandError for a name that cannot be a room's."""
    noun = noun or (name[:-1] if name.endswith("s") else name)
    for word in (name, noun):
        if not NAME.fullmatch(word) or keyword.iskeyword(word):
            raise CommandError(f"{word!r}: 请用小写英文单词，以下划线相连 / use lower-case words joined by _")
    dotted = f"linli.{floor}.{name}"
    return {
        "dotted": dotted,
        "inside": "/".join(dotted.split(".")[1:]),
        "name": name,
        "label": name,
        "path": name.replace("_", "-"),
        "noun": noun,
        "plural": name if name != noun else f"{name}_all",
        "Noun": camel(noun),
        "Room": camel(name),
        "Title": name.replace("_", " ").capitalize(),
        "hanzi": hanzi or name,
    }


def lay_out(source: Path, target: Path, words: dict[str, str]) -> list[Path]:
    """Fill every template below `source` into `target`; a folder named `room` takes the room's label."""
    written = []
    for template in sorted(source.rglob("*.tmpl")):
        inside = [words["label"] if part == "room" else part for part in template.relative_to(source).parts]
        path = target.joinpath(*inside).with_suffix("")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
        written.append(path)
    return written


def camel(name: str) -> str:
    """Turn snake_case into CamelCase."""
    return "".join(part.capitalize() for part in name.split("_"))
