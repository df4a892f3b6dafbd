"""What others ask of places, answered for the tiny city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.registers.places import city, ground, queries
from linli.registers.places.types import Place
from tests.registers.places import tiny as t
from tests.registers.places.conftest import silent


def at(x: float, y: float) -> tuple[float, float]:
    """Return degrees of a place on the tiny city's chessboard."""
    return t.WEST + x * t.STEP, t.SOUTH + y * t.STEP


def test_a_point_is_placed_in_every_scheme(loaded: Path) -> None:
    place = queries.locate(*at(0.41, 1.41))
    assert place == Place(
        inside=True,
        division_code="990101001001",
        town_code="990101001",
        village_code="990101001001",
        general_grid="990101001001001",
        urban_unit="990101001001001",
        dedicated="990101001001901",
        address_hint="东街街道钟楼社区1号附近",
    )


def test_schemes_end_where_their_ground_ends(loaded: Path) -> None:
    place = queries.locate(*at(2.4, 1.4))
    assert (place.general_grid, place.urban_unit, place.dedicated) == ("990101001002001", "", "")


@pytest.mark.parametrize(
    "point", [at(-0.01, 1), at(4.01, 1), (0.0, 0.0), (35.0, 110.0), (1e9, 1e9), (float("nan"), 1.0)]
)
def test_outside_the_city_is_said_so(loaded: Path, point: tuple[float, float]) -> None:
    assert queries.locate(*point) == Place(inside=False)


def test_without_a_city_everything_is_outside_and_nothing_is_found(db: None) -> None:
    assert not queries.locate(*at(1, 1)).inside
    assert not queries.city_profile()
    assert queries.search_address("钟楼") == []
    assert queries.facilities_near(*at(1, 1), "school") == []


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(st.floats(-1, 5), st.floats(-1, 3)), min_size=1, max_size=30))
def test_many_points_are_placed_as_each_alone(loaded: Path, points: list[tuple[float, float]]) -> None:
    lons, lats = np.array([at(x, y) for x, y in points]).T
    places = queries.locate_many(lons, lats)
    for k, (lon, lat) in enumerate(zip(lons, lats, strict=True)):
        one = queries.locate(lon, lat)
        assert bool(places.inside[k]) == one.inside
        for field in (
            "division_code",
            "town_code",
            "village_code",
            "general_grid",
            "urban_unit",
            "dedicated",
        ):
            assert str(getattr(places, field)[k]) == getattr(one, field)


def test_a_warm_process_asks_the_database_nothing(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queries.locate(*at(1, 1))
    monkeypatch.setattr(ground, "LOOK_EVERY_S", 3600.0)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.locate(*at(2, 1))
        queries.locate_many([110.01], [35.01])
    assert len(asked) == 0


def test_new_data_is_noticed_within_a_second(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.search_address("钟楼小学")[0].kind == "school"
    forget = queries.forget
    monkeypatch.setattr(queries, "forget", lambda: None)  # as if another process had loaded
    t.edit_csv(loaded / "places" / "facilities.csv", "school-1", name_zh="新建小学")
    city.load(loaded, silent)
    monkeypatch.setattr(ground, "LOOK_EVERY_S", 0.0)
    assert queries.search_address("新建小学")[0].kind == "school"
    forget()


def test_looking_for_a_new_version_is_one_query_at_most_once_a_second(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries.locate(*at(1, 1))
    monkeypatch.setattr(ground, "LOOK_EVERY_S", 0.0)
    with CaptureQueriesContext(connection) as asked:
        queries.locate_many([110.01], [35.01])
    assert len(asked) == 1


def test_the_hint_names_a_road_where_no_door_is_near(loaded: Path) -> None:
    assert queries.locate(*at(3.0, 1.501)).address_hint == "东街街道长安路附近"
    assert queries.locate(*at(0.5, 0.9)).address_hint == "西河镇杏花村"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("钟楼小学", "东街街道钟楼小学"),
        ("某省小试市西河镇桃源村", "西河镇桃源村"),
        ("长安路", "长安路"),
        ("长安路 88 号", "长安路"),
        ("杏花村1号", "西河镇杏花村1号"),
        ("杏花村１号", "西河镇杏花村1号"),
        ("西河镇", "西河镇"),
    ],
)
def test_an_address_is_found_by_words(loaded: Path, text: str, label: str) -> None:
    assert queries.search_address(text)[0].label == label


@pytest.mark.parametrize("text", ["", "   ", "zzz", "12345", "#" * 5000])
def test_words_for_nothing_find_nothing(loaded: Path, text: str) -> None:
    assert queries.search_address(text) == []


def test_every_label_finds_its_place_again(loaded: Path) -> None:
    for entry in ground.current().gazetteer.entries:
        found = queries.search_address(entry.label, 3)
        assert (entry.label, entry.lon, entry.lat) in [(hit.label, hit.lon, hit.lat) for hit in found]


def test_an_english_reader_searches_in_english(loaded: Path) -> None:
    with translation.override("en"):
        [hit] = queries.search_address("桃源小学 (en)")
    assert hit.label_en == "桃源小学 (en)"


def test_facilities_come_nearest_first(loaded: Path) -> None:
    found = queries.facilities_near(*at(0.5, 1.5), "school")
    assert [f.code for f in found] == ["school-1", "school-2"]
    assert found[0].distance_m < 1
    assert 5000 < found[1].distance_m < 6000
    assert queries.facilities_near(*at(0.5, 1.5), "school", 0) == []
    assert queries.facilities_near(*at(0.5, 1.5), "nothing") == []


def test_a_code_used_again_means_another_town_on_another_day(loaded: Path) -> None:
    before = queries.division_as_of("990101100", date(2019, 12, 31))
    after = queries.division_as_of("990101100", date(2020, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.name_zh, after.name_zh) == ("旧镇", "西河镇")
    assert queries.division_as_of("990101100", date(2009, 12, 31)) is None


def test_a_village_points_to_its_successor_after_its_last_day(loaded: Path) -> None:
    old = queries.division_as_of(t.OLD_VILLAGE, date(2019, 12, 31))
    assert old is not None
    assert old.successor_codes == ("990101100200",)
    assert queries.division_as_of(t.OLD_VILLAGE, date(2020, 1, 1)) is None


def test_a_managed_town_and_its_villages_name_the_manager_from_that_day(loaded: Path) -> None:
    governed: Callable[[str, date], str] = lambda code, day: queries.division_as_of(code, day).governed_by  # type: ignore[union-attr]  # noqa: E731
    for code in ("990101100", "990101100200"):
        assert governed(code, date(2021, 6, 30)) == ""
        assert governed(code, date(2021, 7, 1)) == "河西新区"
    assert governed("990101001", date(2022, 1, 1)) == ""


def test_names_come_for_known_codes_only(loaded: Path) -> None:
    names = queries.division_names(["990101001", "nowhere"])
    assert {code: name.name_zh for code, name in names.items()} == {"990101001": "东街街道"}


def test_the_profile_is_the_citys_own(loaded: Path) -> None:
    profile = queries.city_profile()
    assert (profile.name_zh, profile.centre, profile.planar_epsg) == ("小试市", (110.04, 35.02), 4546)
    x_m, y_m = queries.planar(111.0, 35.0)
    assert x_m == pytest.approx(500_000, abs=0.01)
    assert y_m == pytest.approx(3_874_400, abs=3_000)
