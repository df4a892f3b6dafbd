"""The places of a city folder: check them, load what changed, cut the base map."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from linli.kernel import clock
from linli.kernel.city import CityFileError, Problem, Progress
from linli.registers.places import base_map, queries
from linli.registers.places.actions import areas_name, dataset_replace
from linli.registers.places.checking import check_places
from linli.registers.places.loading import READERS, managed_towns
from linli.registers.places.models import Dataset
from linli.registers.places.reading import DATASETS, CityFiles
from linli.registers.record.types import SYSTEM


def check(folder: Path) -> list[Problem]:
    """Return what is wrong with `places/`: codes, days, parents, shapes, gaps and overlaps. COST: about 1.5 s."""
    return check_places(CityFiles(folder))


def load(folder: Path, progress: Progress) -> None:
    """Replace the data sets whose content changed, name the managers' areas, cut the base map if it is missing.

    Idempotent. EFFECTS: one record entry a changed data set; a file in the home's tiles folder.
    ERRORS: CityFileError for a folder that `check` refuses. COST: about 10 s for 11,000 buildings, 20,000 households.
    """
    files = CityFiles(folder)
    manifest = files.datasets()
    current = dict(Dataset.objects.filter(is_current=True).values_list("name", "content_hash"))
    steps = len(DATASETS)
    for step, name in enumerate(DATASETS):
        about, version = manifest[name], files.version(name)
        progress(f"地点:{about['title_zh']}", step, steps)
        if current.get(name) != version:
            content = READERS[name](files, about)
            if files.report:
                raise CityFileError(files.report.problems()[0])
            dataset_replace(SYSTEM, name, version, about, content)
    areas_name(SYSTEM, managed_towns(files.divisions(), timezone.localdate(clock.now())))
    queries.forget()
    progress("地点", steps, steps)
    base_map.cut(progress)
