"""The engine's part of a city folder: checked with file and place, loaded once however often it is run."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linli.engines.cases import city
from linli.engines.cases.models import Catalogue, Indicators, Procedure, Routing
from linli.registers.calendar import city as calendar_city
from linli.registers.calendar.models import CalendarVersion
from linli.registers.record.models import Entry
from tests.engines.cases.conftest import CITY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the city's folder that may be spoiled."""
    for part in ("cases", "calendar", "access"):
        shutil.copytree(CITY / part, tmp_path / part)
    return tmp_path


def spoil(folder: Path, file: str, change: Any) -> None:
    path = folder / file
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False))


def quiet(label: str, done: int, total: int) -> None:
    """Hear nothing of the progress."""


def test_the_citys_own_folder_is_sound(frozen: datetime, folder: Path) -> None:
    assert city.check(folder) == []
    assert calendar_city.check(folder) == []


def test_loading_twice_publishes_once_and_a_change_makes_the_next_version(db: None, folder: Path) -> None:
    for _run in range(2):
        city.load(folder, quiet)
        calendar_city.load(folder, quiet)
    counts = [model.objects.count() for model in (Procedure, Catalogue, Routing, Indicators, CalendarVersion)]
    assert counts == [1, 1, 1, 1, 1]
    assert Entry.objects.filter(action__endswith="_publish").count() == 5
    spoil(folder, "cases/routing.json", lambda data: data["rules"][0].update(reason_zh="改过的理由"))
    city.load(folder, quiet)
    assert [model.objects.count() for model in (Procedure, Catalogue, Routing)] == [1, 1, 2]


def test_a_problem_names_file_place_and_mend(folder: Path) -> None:
    spoil(folder, "cases/routing.json", lambda data: data["rules"][0].update(department="moon"))
    problems = city.check(folder)
    assert [(problem.file, problem.where, problem.severity) for problem in problems] == [
        ("cases/routing.json", "rules[0] power", "error")
    ]
    assert problems[0].mend


def test_a_file_that_is_no_json_is_a_problem_with_its_line(folder: Path) -> None:
    (folder / "cases" / "catalogue.json").write_text('{"code": \n oops}')
    problems = city.check(folder)
    assert [problem.file for problem in problems] == ["catalogue.json"]
    assert problems[0].where.startswith("2:")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data.update(timezone="Moon/Crater"), "timezone"),
        (lambda data: data.update(windows=[["12:00", "08:00"]]), "windows[0]"),
        (lambda data: data.update(windows=[["08:00", "12:00"], ["11:00", "18:00"]]), "windows[1]"),
        (lambda data: data.update(windows=[]), "windows"),
        (lambda data: data.update(weekend=[8]), "weekend"),
        (lambda data: data["holidays"].update(first_year=1900), "holidays.first_year"),
        (lambda data: data["days"].append({"on": "2027-01-01", "kind": "holiday"}), "days[0]"),
        (lambda data: data.pop("windows"), ""),
    ],
)
def test_a_broken_calendar_is_refused_with_its_place(folder: Path, change: Any, where: str) -> None:
    spoil(folder, "calendar/calendar.json", change)
    assert [problem.where for problem in calendar_city.check(folder)] == [where]


def test_a_day_the_city_adds_wins_over_the_announced_ones() -> None:
    data = json.loads((CITY / "calendar" / "calendar.json").read_text())
    data["days"] = [
        {"on": "2026-10-08", "kind": "holiday", "name_zh": "市庆", "name_en": "City day", "source": "x"},
        {
            "on": "2026-10-03",
            "kind": "workday",
            "name_zh": "抢险",
            "name_en": "Emergency work",
            "source": "x",
        },
    ]
    table = calendar_city.resolve(data)
    assert "2026-10-08" in {row["on"] for row in table["holidays"]}
    assert "2026-10-03" not in {row["on"] for row in table["holidays"]}
    assert "2026-10-03" in {row["on"] for row in table["makeup_days"]}
    assert table["last_year"] == 2026
