"""Reading a city folder: files as data, and problems that say file, place and mend."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Problem:
    """Something wrong in a city folder. `severity` is "error" (refused) or "warning" (loaded, said aloud)."""

    file: str
    where: str
    what: str
    mend: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file} [{self.where}] {self.what} → {self.mend}"


class Progress(Protocol):
    """Called by loaders: a label a person reads, how much is done, how much there is."""

    def __call__(self, label: str, done: int, total: int) -> None: ...


class CityFileError(Exception):
    """A file that cannot be read at all. Carries the Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unzipped when it ends in .gz. ERRORS: CityFileError."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except OSError as error:
        raise CityFileError(
            Problem(path.name, "", f"读不了:{error.strerror or error}", "检查文件是否存在、是否完整")
        ) from error


def read_json(path: Path) -> Any:
    """Parse a JSON file. ERRORS: CityFileError naming line and column."""
    try:
        return json.loads(read_bytes(path))
    except ValueError as error:
        where = f"{getattr(error, 'lineno', '?')}:{getattr(error, 'colno', '?')}"
        raise CityFileError(
            Problem(path.name, where, f"不是有效的 JSON:{error}", "按提示的行列修改")
        ) from error


def read_csv(path: Path, required: tuple[str, ...] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a UTF-8 CSV with a header; lines starting with # are notes.

    ERRORS: CityFileError when a required column is missing or the text is not UTF-8.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CityFileError(Problem(path.name, "", "不是 UTF-8 编码", "另存为 UTF-8 CSV")) from error
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(line for _, line in lines)))
    missing = [c for c in required if c not in (reader.fieldnames or [])]
    if missing:
        raise CityFileError(Problem(path.name, "1", f"缺少列 {', '.join(missing)}", "在表头补上这些列"))
    for number, row in enumerate(reader, 1):
        yield (lines[number][0] if number < len(lines) else number), row


def content_hash(*paths: Path) -> str:
    """Return the SHA-256 (hex) over names and bytes of files, in the order given: the version of a data set."""
    digest = sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()
