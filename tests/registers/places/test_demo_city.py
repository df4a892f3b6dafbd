"""The shipped city: the real facts, the places of the account, and that the generator still makes what is shipped."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import process_time

import numpy as np
import pytest
import shapely

from linli.kernel.city import read_bytes
from linli.registers.places import city, ground, queries
from linli.registers.places.engine import PointIndex
from linli.registers.places.models import Building, Facility, Household
from linli.registers.places.reading import CityFiles
from tests.registers.places.conftest import silent

FOLDER = Path(__file__).resolve().parents[3] / "cities" / "jianyang"


@lru_cache(maxsize=1)
def files() -> CityFiles:
    return CityFiles(FOLDER)


def rows(level: str, is_current: bool) -> list[dict[str, str]]:
    return [
        r.data
        for r in files().divisions()
        if r.data["level"] == level and bool(r.data["valid_to"]) != is_current
    ]


def test_the_shipped_city_has_no_problems() -> None:
    assert [str(p) for p in city.check(FOLDER)] == []


def test_the_real_lists_are_whole() -> None:
    assert [len(rows("town", now)) for now in (True, False)] == [37, 58]
    assert [len(rows("village", now)) for now in (True, False)] == [468, 853]


def test_fifteen_towns_are_managed_from_a_day() -> None:
    managed = {r["code"] for r in rows("town", True) if r["governed_by"]}
    assert len(managed) == 15
    assert {"510185011", "510185131"} <= managed
    assert not {"510185001", "510185113", "510185129"} & managed
    assert {r["governed_from"] for r in rows("town", True) if r["governed_by"]} == {"2020-05-06"}


def test_reused_codes_lead_to_their_true_heirs() -> None:
    old = {r["code"]: r for r in rows("town", False)}
    new = {r["code"]: r for r in rows("town", True)}
    assert (old["510185003"]["name_zh"], new["510185003"]["name_zh"]) == ("十里坝街道", "新市街道")
    assert (old["510185102"]["name_zh"], new["510185102"]["name_zh"]) == ("新市镇", "杨家镇")
    assert old["510185102"]["lon"] == new["510185102"]["lon"]
    villages = {r["code"]: r for r in rows("village", False)}
    assert villages["510185225200"]["name_zh"] == "安全村"
    assert villages["510185225200"]["successor_codes"] == "510185106231"


def test_the_villages_of_the_account_lie_where_they_lay() -> None:
    """安全村 of 普安乡 and 安全村 of 禾丰镇 share ground, as one village under two codes does."""
    shapes = {
        r.data["code"]: r.shape
        for r in files().divisions()
        if r.data["code"] in ("510185225200", "510185106231")
    }
    old, new = shapes["510185225200"], shapes["510185106231"]
    assert old.intersection(new).area > 0.99 * old.area


def test_grids_are_as_many_as_the_standards_suggest() -> None:
    count = Counter(r.data["scheme"] for r in files().grids())
    assert 900 <= count["general"] <= 1100
    assert 300 <= count["urban_unit"] <= 1500
    assert count["micro"] > count["general"] / 4
    assert count["dedicated"] >= 15


def test_unit_grids_are_about_a_hectare() -> None:
    units = [r.shape for r in files().grids() if r.data["scheme"] == "urban_unit"]
    area_m2 = shapely.area(np.array(units)) * 111_000**2 * np.cos(np.radians(30.4))
    assert 7_000 < np.median(area_m2) < 12_000


def test_grids_are_numbered_from_west_to_east_within_their_rows() -> None:
    units = [
        r
        for r in files().grids()
        if r.data["scheme"] == "urban_unit" and r.data["parent_code"] == "510185001001"
    ]
    spots = [(r.data["code"], r.shape.centroid) for r in units]
    first, last = min(spots), max(spots)
    assert first[1].y > last[1].y


def test_codes_and_positions_of_components_are_well_formed() -> None:
    components = [r.data for r in files().facilities() if r.data["kind"] == "component"]
    assert len(components) >= 300
    for row in components:
        assert len(row["code"]) == 16
        assert row["code"].startswith("510185" + row["class_code"])
    assert sum("井盖" in row["name_zh"] for row in components) >= 300


def test_shipped_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "places").iterdir()) < 4_000_000


def test_the_river_is_made_as_it_was_shipped() -> None:
    """A small part of the generator, quick enough for every run."""
    from script.demo_city.frame import Files
    from script.demo_city.romanise import name_en
    from script.demo_city.water import waters

    made = Files()
    made.features(
        "water",
        (
            ({"code": w.code, "kind": w.kind, "name_zh": w.name, "name_en": name_en(w.name)}, w.shape)
            for w in waters()
        ),
    )
    shipped = read_bytes(FOLDER / "places" / "land.geojsonl.gz").decode().splitlines()
    assert made.texts["water"].splitlines() == shipped[:4]


@pytest.mark.slow
def test_the_generator_makes_every_shipped_file_again() -> None:
    from script.demo_city.__main__ import generate

    made = generate()
    assert len(made.texts) == 8
    for name, text in made.texts.items():
        assert text.encode() == read_bytes(FOLDER / "places" / name), name


def test_locating_costs_no_more_than_a_bare_tree() -> None:
    """At least 80 % of a bare STRtree's points a second is the promise; the raster gives several times as many."""
    general = [r.shape for r in files().grids() if r.data["scheme"] == "general"]
    index, random = PointIndex(general), np.random.default_rng(7)
    west, south, east, north = shapely.total_bounds(general)
    lon, lat = random.uniform(west, east, 50_000), random.uniform(south, north, 50_000)
    points = shapely.points(lon, lat)
    bare, ours = [], []
    for _ in range(5):
        started = process_time()
        pairs = index.tree.query(points, predicate="intersects")
        bare.append(process_time() - started)
        started = process_time()
        found = index.find(lon, lat)
        ours.append(process_time() - started)
    expected = np.full(lon.size, -1)
    expected[pairs[0][::-1]] = pairs[1][::-1]
    assert np.array_equal(found, expected)
    assert np.median(ours) <= np.median(bare) / 0.8


@pytest.mark.slow
def test_the_shipped_city_loads_and_holds_the_places_of_the_account(db: None) -> None:
    city.load(FOLDER, silent)
    assert 19_000 <= Household.objects.count() <= 21_000
    for name in ("奥盾大院", "逸水鼎城"):
        assert queries.search_address(name)[0].kind == "estate"
        assert Building.objects.filter(estate=name).count() >= 8
    [road] = [hit for hit in queries.search_address("鳌山路", 5) if hit.kind == "road"]
    assert queries.locate(road.lon, road.lat).town_code == "510185001"
    [hall] = [hit for hit in queries.search_address("安全村党群服务中心", 3) if hit.kind == "party_service"]
    assert queries.locate(hall.lon, hall.lat).village_code == "510185106231"
    garden = queries.facilities_near(road.lon, road.lat, "pocket_park", 1)[0]
    assert garden.name_zh == "鳌山路小游园·微绿地"
    before = queries.division_as_of("510185225200", date(2019, 11, 30))
    assert before is not None
    assert (before.name_zh, before.parent_code) == ("安全村", "510185225")
    assert queries.division_as_of("510185225200", date(2019, 12, 1)) is None
    assert Facility.objects.filter(kind="component", urban_unit="").count() == 0
    lines = json.dumps([entry.label for entry in ground.current().gazetteer.entries][:5], ensure_ascii=False)
    assert "None" not in lines
