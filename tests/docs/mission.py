"""Read docs/mission.md, and say what is wrong with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ["id", "claim", "page", "test", "status"]
NOTHING = "–"
ROW = re.compile(r"^\|(.+)\|\s*$")
STATUS = re.compile(r"done|unfinished: \S.*")


@dataclass(frozen=True)
class Claim:
    """One row: its number, the claim, the page and the test ("" for none), and how far it is."""

    id: str
    claim: str
    page: str
    test: str
    status: str

    @property
    def is_done(self) -> bool:
        return self.status == "done"


def claims(text: str) -> Iterator[Claim]:
    """Yield the rows of all tables. ERRORS: ValueError for a table of another form."""
    header_seen = False
    for number, line in enumerate(text.splitlines(), 1):
        found = ROW.match(line)
        if found is None:
            header_seen = False
            continue
        cells = [cell.strip() for cell in found[1].split("|")]
        if not header_seen:
            if cells != COLUMNS:
                raise ValueError(f"line {number}: a table must have the columns {COLUMNS}")
            header_seen = True
        elif not set("".join(cells)) <= {"-"}:
            if len(cells) != len(COLUMNS):
                raise ValueError(f"line {number}: {len(cells)} cells")
            yield Claim(*("" if cell == NOTHING else cell.strip("`") for cell in cells))


def faults(text: str, root: Path, resolves: Callable[[str], bool]) -> list[str]:
    """Return everything wrong: numbers, words, dead pages, missing tests, unmarked unfinished claims."""
    found: list[str] = []
    for number, claim in enumerate(claims(text), 1):
        say = [f"{claim.id}: {fault}" for fault in _of_one(claim, number, root, resolves)]
        found += say
    return found


def _of_one(claim: Claim, number: int, root: Path, resolves: Callable[[str], bool]) -> Iterator[str]:
    if claim.id != f"M{number:02}":
        yield f"is row {number}"
    if len(claim.claim) < 10:
        yield "says nothing"
    if not STATUS.fullmatch(claim.status):
        yield f"has the status {claim.status!r}; it must be 'done' or 'unfinished: <topic>'"
    if claim.page and not resolves(claim.page):
        yield f"links to {claim.page}, which leads nowhere"
    if claim.test and not test_exists(root, claim.test):
        yield f"names {claim.test}, which is no test"
    if claim.is_done and not claim.test:
        yield "is called done without a test"


def test_exists(root: Path, test_id: str) -> bool:
    """Tell whether a test id (`file::name` or `file::Class::name`) names a test function that is there."""
    file, *names = test_id.split("::")
    path = root / file
    if not names or not names[-1].startswith("test_") or not path.is_file():
        return False
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    for name in names:
        node = next((node for node in body if getattr(node, "name", "") == name), None)
        if node is None:
            return False
        body = getattr(node, "body", [])
    return True


test_exists.__test__ = False  # type: ignore[attr-defined]
