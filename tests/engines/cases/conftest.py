"""A stage for the engine: the city's own tables published, and hands that open and move cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation

from linli.engines.cases import admission
from linli.engines.cases import city as cases_city
from linli.engines.cases.actions import case_open, case_transition, table_publish
from linli.engines.cases.queries import points, rulebook
from linli.engines.cases.types import OpenedCase, Report
from linli.registers.calendar import city as calendar_city
from linli.registers.calendar import queries as calendar_queries
from linli.registers.calendar.actions import calendar_publish
from linli.registers.files.actions import file_store
from linli.registers.places.types import Place
from linli.registers.record.types import SYSTEM, Actor

CITY = Path(__file__).parents[3] / "cities" / "jianyang"
# In the built-up part of the city, in the area of the cast's grid worker; and across the river.
HERE = (104.5465, 30.4115)
RESIDENT = Actor("citizen", "", "戴爷爷")


def table(name: str) -> dict[str, Any]:
    """Read one of the city's tables."""
    return json.loads((CITY / "cases" / f"{name}.json").read_text(encoding="utf-8"))


def calendar_table() -> dict[str, Any]:
    """Return the city's calendar as it is published."""
    return calendar_city.resolve(
        json.loads((CITY / "calendar" / "calendar.json").read_text(encoding="utf-8"))
    )


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """Start every test without what the process remembers of tables, points and callers."""
    for forget in (rulebook.forget, calendar_queries.forget, points.forget):
        forget()
    for door in (admission.REPORTS, admission.LOOKUPS, admission.QUESTIONS):
        door.forget()
    with translation.override("zh-hans"):
        yield


def place(lon: float, lat: float) -> Place:
    """Stand in for the places register: a city of two streets, west and east of 104.55°, and nothing beyond it."""
    if not (104.2 < lon < 104.9 and 30.1 < lat < 30.6):
        return Place(inside=False)
    village = "510185001002" if lon < 104.55 else "510185002001"
    return Place(
        inside=True,
        division_code=village,
        town_code=village[:9],
        village_code=village,
        general_grid=village + "001",
        urban_unit=village + "007" if lat < 30.45 else "",
        address_hint="白塔路",
    )


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let points be located without loading the city's places."""
    from linli.engines.cases.actions import open as opening

    monkeypatch.setattr(opening, "locate", place)


@pytest.fixture
def city(db: None, places: None) -> None:
    """Publish the city's calendar and tables."""
    calendar_publish(SYSTEM, "city", calendar_table())
    for kind in cases_city.FILES:
        table_publish(SYSTEM, kind, cases_city.read_table(CITY, kind))


@pytest.fixture
def open_case(city: None) -> Callable[..., OpenedCase]:
    """Open a case: `open_case(category_code=…, lon=…)`; rubbish in the street of the story unless said otherwise."""

    def make(
        submission_id: UUID | None = None, actor: Actor = RESIDENT, source: str = "web", **said: Any
    ) -> OpenedCase:
        what = {
            "category_code": "event.0102",
            "description": "垃圾没人清",
            "lon": HERE[0],
            "lat": HERE[1],
        } | said
        return case_open(actor, Report(**what), submission_id or uuid4(), source)

    return make


# Who takes each step, and with what.
STEPS: dict[str, tuple[str, dict[str, str]]] = {
    "accept": ("dispatcher", {}),
    "verify": ("dispatcher", {}),
    "file": ("dispatcher", {}),
    "dispatch": ("dispatcher", {"department": "urban-management"}),
    "finish": ("handler", {"note": "已清运"}),
    "check_pass": ("dispatcher", {}),
    "close": ("dispatcher", {}),
}


@pytest.fixture
def walk(cast: Any) -> Callable[..., None]:
    """Walk a case along the usual way: `walk(code, "dispatch")` goes up to and with the dispatch."""

    def take(code: str, last: str = "close", after: str = "") -> None:
        names = list(STEPS)
        for action in names[names.index(after) + 1 if after else 0 : names.index(last) + 1]:
            who, given = STEPS[action]
            case_transition(getattr(cast, who), code, action, **given)

    return take


@pytest.fixture
def stored(db: None) -> str:
    """A photo in the store, by its hash."""
    from tests.registers.files.photos import jpeg, upload

    return file_store(None, upload(jpeg())).sha256


@pytest.fixture
def visitor(city: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody without account, in a city whose addresses are those of `citizens.HITS`."""
    from linli.engines.cases.views import hints, public
    from tests.engines.cases.citizens import search

    monkeypatch.setattr(public, "search_address", search)
    monkeypatch.setattr(hints, "search_address", search)
    monkeypatch.setattr(hints, "locate", place)
    return Client()
