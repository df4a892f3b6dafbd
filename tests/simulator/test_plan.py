"""The seed decides what is reported, and everything reported fits the city."""

from __future__ import annotations

import json
import math

from simulator.plan import Plan
from simulator.scenes.photo import TROUBLES
from simulator.spots import CLEAR_OF_STORIES_M, load_spots
from simulator.words import book, kinds
from tests.simulator.conftest import CITY


def plan_of(seed: int) -> Plan:
    return Plan(seed, kinds(), load_spots(CITY))


def test_the_same_seed_gives_the_same_sequence_of_reports() -> None:
    first, second = plan_of(7), plan_of(7)
    assert [first.report(n) for n in range(200)] == [second.report(n) for n in range(200)]


def test_another_seed_gives_another_sequence() -> None:
    first, second = plan_of(7), plan_of(8)
    assert sum(first.report(n) == second.report(n) for n in range(100)) == 0


def test_a_report_does_not_depend_on_those_before_it() -> None:
    plan = plan_of(7)
    in_order = [plan.report(number) for number in range(151)]
    assert plan_of(7).report(150) == in_order[150]


def test_one_life_of_a_city_never_shares_submissions_with_another() -> None:
    report = plan_of(7).report(3)
    assert report.submission_id("one") == report.submission_id("one") != report.submission_id("other")


def test_every_kind_is_in_the_catalogue_and_has_a_picture() -> None:
    catalogue = json.loads((CITY / "cases" / "catalogue.json").read_text(encoding="utf-8"))
    names = {row["name_zh"] for row in catalogue["categories"] if row["parent"]}
    for kind in kinds():
        assert kind.name in names
        assert kind.scene in TROUBLES
        assert kind.texts


def test_reports_lie_in_the_city_and_mostly_near_its_centre() -> None:
    city = json.loads((CITY / "city.json").read_text(encoding="utf-8"))
    west, south, east, north = city["bounds"]
    plan = plan_of(7)
    reports = [plan.report(n) for n in range(300)]
    assert all(west < report.lon < east and south < report.lat < north for report in reports)
    near = sum(math.hypot(r.lon - city["centre"][0], r.lat - city["centre"][1]) < 0.07 for r in reports)
    assert near > 0.6 * len(reports)


def test_nobody_reports_where_a_story_of_the_tour_happens() -> None:
    stories = json.loads((CITY / "doors" / "tour.json").read_text(encoding="utf-8"))["stories"]
    for story in stories:
        for spot in load_spots(CITY):
            east = (spot.lon - story["place"]["lon"]) * 111_320 * math.cos(math.radians(spot.lat))
            north = (spot.lat - story["place"]["lat"]) * 111_320
            assert math.hypot(east, north) >= CLEAR_OF_STORIES_M


def test_words_fill_every_slot() -> None:
    plan = plan_of(7)
    assert all("{" not in plan.report(n).text for n in range(300))
    assert {row["scene"] for row in book()["kinds"].values()} <= set(TROUBLES)
