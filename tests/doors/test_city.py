"""Checking and loading a city: every room its part, in order, with progress everybody can see."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from linli.doors import city
from linli.doors.loading import newest
from linli.doors.models import CityLoading
from linli.kernel.city import CityFileError, Problem, Progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "city.json").write_text(json.dumps({"code": "000000"}))
    return tmp_path


def room(name: str, said: list[str], problems: tuple[Problem, ...] = (), fails: bool = False) -> Any:
    """A room that notes what it was asked."""

    def check(folder: Path) -> list[Problem]:
        said.append(f"check {name}")
        return list(problems)

    def load(folder: Path, progress: Progress) -> None:
        said.append(f"load {name}")
        progress(name, 1, 2)
        if fails:
            raise RuntimeError("the disk is full")
        progress(name, 2, 2)

    return (SimpleNamespace(name=name), SimpleNamespace(check=check, load=load))


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def offer(*offered: Any) -> None:
        monkeypatch.setattr(city, "offered", lambda kind: iter(offered))

    return offer


def test_rooms_check_then_load_in_floor_order(folder: Path, rooms):
    said: list[str] = []
    rooms(room("low", said), room("high", said))
    loading = city.load_city(folder)
    assert said == ["check low", "check high", "load low", "load high"]
    assert loading.finished_at is not None
    assert (loading.percent, newest()) == (100, loading)


def test_an_error_of_any_room_stops_everything_before_anything_is_loaded(folder: Path, rooms):
    said: list[str] = []
    rooms(room("low", said), room("high", said, problems=(Problem("a.csv", "3", "x", "y"),)))
    with pytest.raises(city.CityRefused) as caught:
        city.load_city(folder)
    assert [problem.file for problem in caught.value.problems] == ["a.csv"]
    assert said == ["check low", "check high"]
    assert not CityLoading.objects.exists()


def test_a_warning_is_said_and_does_not_stop(folder: Path, rooms):
    warning = Problem("a.csv", "3", "x", "y", severity="warning")
    rooms(room("low", [], problems=(warning,)))
    assert city.check_city(folder) == [warning]
    assert city.load_city(folder).finished_at is not None


def test_a_file_that_cannot_be_read_is_a_problem_of_its_room_only(folder: Path, rooms):
    def check(folder: Path) -> list[Problem]:
        raise CityFileError(Problem("b.json", "1:1", "x", "y"))

    broken = (SimpleNamespace(name="broken"), SimpleNamespace(check=check))
    rooms(broken, room("high", [], problems=(Problem("a.csv", "3", "x", "y"),)))
    assert [problem.file for problem in city.check_city(folder)] == ["b.json", "a.csv"]


def test_a_folder_that_is_no_city_is_told_so(tmp_path: Path):
    (problem,) = city.check_city(tmp_path)
    assert problem.file == "city.json"
    assert problem.mend


def test_a_loading_that_breaks_says_where_it_stood(folder: Path, rooms):
    rooms(room("low", []), room("high", [], fails=True))
    with pytest.raises(RuntimeError):
        city.load_city(folder)
    loading = newest()
    assert loading is not None and loading.finished_at is None
    assert "disk is full" in loading.failure
    assert (loading.step, loading.label, loading.percent) == (1, "high", 75)


class TestLoadingPage:
    """Until a city is there, every page shows how far it is."""

    @pytest.fixture(autouse=True)
    def shown(self, settings: Any) -> None:
        settings.LINLI_SKIP_LOADING_PAGE = False

    def test_before_the_first_city_pages_answer_503_with_progress(self, folder: Path, rooms):
        rooms(room("high", [], fails=True))
        with pytest.raises(RuntimeError):
            city.load_city(folder)
        page = Client().get("/")
        assert page.status_code == 503
        assert page["Retry-After"] == "2"
        assert Client().get("/", headers={"HX-Request": "true"}).status_code == 200
        answer = Client().get("/api/cases")
        assert (answer.status_code, answer.json()["code"]) == (503, "loading")

    def test_health_answers_all_the_while(self):
        assert Client().get("/healthz").status_code == 200

    def test_once_a_city_was_loaded_pages_open(self, folder: Path, rooms):
        assert Client().get("/login").status_code == 503
        rooms(room("low", []))
        city.load_city(folder)
        assert Client().get("/login").status_code == 200
