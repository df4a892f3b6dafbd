"""Check and load a city folder: every room its part, in floor order."""

from __future__ import annotations

import time
from pathlib import Path

from linli.doors.models import CityLoading
from linli.kernel import clock
from linli.kernel.city import CityFileError, Problem
from linli.kernel.room import offered

PROGRESS_EVERY_S = 0.2


class CityRefused(Exception):
    """A city folder with errors. Carries the problems; nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def check_city(folder: Path) -> list[Problem]:
    """Return every room's problems with `folder`, errors and warnings. COST: reads every file once."""
    if not (folder / "city.json").is_file():
        return [Problem("city.json", "", f"{folder} 中没有 city.json", "给出城市文件夹，例如 cities/名称")]
    found: list[Problem] = []
    for _config, room in offered("city"):
        try:
            found += room.check(folder)
        except CityFileError as error:
            found.append(error.problem)
    return found


def load_city(folder: Path) -> CityLoading:
    """Check, then load `folder`; progress is visible to every process while it runs.

    EFFECTS: each room's data through its own acts; idempotent. ERRORS: CityRefused when the check finds errors.
    """
    problems = [problem for problem in check_city(folder) if problem.severity == "error"]
    if problems:
        raise CityRefused(problems)
    rooms = list(offered("city"))
    loading = CityLoading.objects.create(city=folder.name, started_at=clock.now(), steps=len(rooms))
    try:
        for step, (_config, room) in enumerate(rooms):
            loading.step = step
            room.load(folder, _Reporter(loading))
    except Exception as error:
        loading.failure = repr(error)
        loading.save()
        raise
    loading.step, loading.done, loading.total, loading.label = len(rooms), 0, 0, ""
    loading.finished_at = clock.now()
    loading.save()
    return loading


class _Reporter:
    """Writes progress at most five times a second."""

    def __init__(self, loading: CityLoading) -> None:
        self.loading, self.last_s = loading, 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        fresh = label != self.loading.label
        self.loading.label, self.loading.done, self.loading.total = label, done, total
        if fresh or done >= total or now_s - self.last_s >= PROGRESS_EVERY_S:
            self.last_s = now_s
            self.loading.save(update_fields=["label", "done", "total", "step"])
