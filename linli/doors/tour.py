"""Stories of the tour (demo homes only): who does what, in which order, read from the city's own table.

`<city>/doors/tour.json` holds the stories. How far one has come is never kept: it is read from the state its case
really has, so a story moves on whoever moves the case, by whichever door.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.kernel.home import Home

PAGES = ("report", "case", "track")
# A case that left the straight path stands, for the story, where it will come back to it.
ASIDE = {
    "returned": "to_dispatch",
    "rework": "in_handling",
    "delay_requested": "in_handling",
    "suspended": "in_handling",
}


@dataclass(frozen=True)
class Step:
    """One step: `account` opens `page` and does what the words say; done once the case has come to `done_from`."""

    key: str
    account: str
    page: str
    done_from: str
    icon: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class Place:
    """Where a story happens; the report page is opened with it."""

    name_zh: str
    name_en: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Story:
    """One story. `path` are the states its case goes through, in order."""

    key: str
    icon: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    place: Place
    category: str
    kind: str
    phone: str
    said_zh: str
    path: tuple[str, ...]
    steps: tuple[Step, ...]

    def done(self, state: str, is_rated: bool) -> int:
        """Return how many steps are done in a state; "" is before the report."""
        here = ASIDE.get(state, state)
        if here not in self.path:
            return 0
        reached = self.path.index(here)
        count = 0
        for step in self.steps:
            if step.done_from == "rated":
                if not is_rated:
                    break
            elif self.path.index(step.done_from) > reached:
                break
            count += 1
        return count


@dataclass(frozen=True)
class Progress:
    """How far a story has come: its case (code, or ""), the state, how many steps are done."""

    code: str = ""
    state_zh: str = ""
    state_en: str = ""
    tone: str = ""
    icon: str = ""
    done: int = 0
    changed_at: datetime | None = None


def stories() -> tuple[Story, ...]:
    """Return the stories of the city that was loaded; none when it brings none."""
    path = tour_file()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return ()


def story(key: str) -> Story | None:
    """Return one story by its key."""
    return next((one for one in stories() if one.key == key), None)


def tour_file() -> Path:
    """Return where the loaded city keeps its stories."""
    noted = (Home.current().read_json("city.json") or {}).get("folder")
    return Path(noted or settings.LINLI_CITY) / "doors" / "tour.json"


def cast() -> frozenset[str]:
    """Return the user names the tour may log in: those who play in a story, nobody else."""
    return frozenset(step.account for one in stories() for step in one.steps)


def read_stories(data: Mapping[str, Any]) -> tuple[Story, ...]:
    """Read the table. ERRORS: KeyError, TypeError or ValueError for a table that tells no story."""
    found = []
    for row in data["stories"]:
        steps = tuple(Step(**step) for step in row["steps"])
        place = Place(**row["place"])
        told = Story(**{**row, "place": place, "path": tuple(row["path"]), "steps": steps})
        for step in steps:
            if step.page not in PAGES:
                raise ValueError(f"{told.key}.{step.key}: no page {step.page!r}")
            if step.done_from not in (*told.path, "rated"):
                raise ValueError(f"{told.key}.{step.key}: {step.done_from!r} is not on the path")
        found.append(told)
    return tuple(found)


@lru_cache(maxsize=4)
def _read(path: Path, version: int) -> tuple[Story, ...]:
    return read_stories(json.loads(path.read_text(encoding="utf-8")))
