"""What a figure is, the table a person reads, and the JSON a program reads."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


class WorkNotDone(AssertionError):
    """The work that was timed did not happen as it should: the figure would be a lie."""


@dataclass(frozen=True)
class Figure:
    """One measured number. `ratio` is value / limit, in the sense the definition explains."""

    name: str
    value: float | str
    unit: str
    limit: float | None = None
    ratio: float | None = None
    runs: int = 1
    note: str = ""


@dataclass(frozen=True)
class Definition:
    """What a figure means: shown in the documentation, generated from here."""

    name: str
    unit: str
    what: str
    limit: str
    aim: str = ""


@dataclass(frozen=True)
class Benchmark:
    """A named group of figures and the function that measures them; `quick` shortens, never skips."""

    name: str
    definitions: tuple[Definition, ...]
    measure: Callable[[bool], list[Figure]]


def machine() -> Figure:
    """Describe where the figures were taken."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("django", "granian", "psycopg", "numpy")
    )
    text = f"{model}, {os.cpu_count()} cores, {memory_gib:.0f} GiB"
    return Figure(
        "machine",
        text,
        "",
        note=f"Python {platform.python_version()} {platform.python_build()[1]}; {versions}",
    )


def median(values: Sequence[float]) -> float:
    """Return the median of at least one value."""
    return float(statistics.median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0–1) of the sorted values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def expect(condition: bool, message: str) -> None:
    """ERRORS: WorkNotDone unless `condition` holds."""
    if not condition:
        raise WorkNotDone(message)


def as_table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned text."""
    head = ("figure", "value", "unit", "limit", "ratio", "runs", "note")
    rows = [head] + [
        (f.name, _number(f.value), f.unit, _number(f.limit), _number(f.ratio), str(f.runs), f.note)
        for f in figures
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return "\n".join(
        "  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[6]]) for row in rows
    )


def write_json(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures as a JSON array of objects."""
    file.write_text(json.dumps([asdict(f) for f in figures], ensure_ascii=False, indent=1) + "\n")


def _number(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
