"""Routing and the catalogue: which department, why, and what a text probably is about."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules import catalogue as catalogues
from linli.engines.cases.rules import routing as routings
from linli.engines.cases.rules.suggest import guesses
from tests.engines.cases.conftest import table

CATALOGUE = catalogues.catalogue_table(table("catalogue"), 1)
ROUTING = routings.routing_table(table("routing"), 1, CATALOGUE.leaves)
IN_TOWN, ELSEWHERE = "510185001002001", "510185106231001"


def test_the_citys_own_tables_have_no_flaw() -> None:
    assert catalogues.flaws(table("catalogue")) == []
    assert routings.flaws(table("routing"), CATALOGUE.leaves, ()) == []


@given(st.sampled_from(CATALOGUE.leaves), st.from_regex(r"510185[0-9]{9}", fullmatch=True))
def test_every_category_everywhere_has_a_department_and_a_reason(category: str, area: str) -> None:
    routed = routings.route(ROUTING, category, area, ())
    assert routed.department
    assert routed.reason_zh
    assert routed.reason_en


def test_a_component_goes_to_its_owner_and_the_first_row_wins() -> None:
    assert routings.route(ROUTING, "part.0105", IN_TOWN, ()).department == "power"
    assert routings.route(ROUTING, "part.0105", IN_TOWN, ()).reason_code == "owner"


def test_an_event_goes_to_its_place_where_the_city_says_so() -> None:
    assert routings.route(ROUTING, "event.0507", IN_TOWN, ()).department == "town-510185001"
    assert routings.route(ROUTING, "event.0507", ELSEWHERE, ()).department == "urban-management"


def test_a_row_for_a_scheme_takes_only_what_lies_in_it() -> None:
    rows = table("routing")
    rows["rules"].insert(
        0, rows["rules"][-1] | {"id": "campus", "scheme": "dedicated", "department": "health"}
    )
    routing = routings.routing_table(rows, 2, CATALOGUE.leaves)
    assert routings.route(routing, "event.0102", IN_TOWN, ("dedicated",)).department == "health"
    assert routings.route(routing, "event.0102", IN_TOWN, ("urban_unit",)).department == "urban-management"


def changed(**last: Any) -> dict[str, Any]:
    rows = copy.deepcopy(table("routing"))
    rows["rules"].insert(1, rows["rules"][0] | last)
    return rows


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ({"categories": ["part.77"]}, "不在目录中"),
        ({"categories": []}, "没有写类别"),
        ({"areas": ["简城"]}, "地区码"),
        ({"scheme": "moon"}, "网格体系"),
        ({"department": "nobody"}, "不在部门名录中"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(last: dict[str, Any], said: str) -> None:
    departments = {row["department"] for row in table("routing")["rules"]} | {"town-510185001"}
    found = routings.flaws(changed(**last), CATALOGUE.leaves, departments)
    assert [(flaw.where, flaw.severity) for flaw in found] == [("rules[1] power", "error")]
    assert said in found[0].what


def test_a_row_that_can_never_match_is_a_warning() -> None:
    found = routings.flaws(changed(areas=["510185001"]), CATALOGUE.leaves, ())
    assert [(flaw.where, flaw.severity) for flaw in found] == [("rules[1] power", "warning")]
    assert "永远轮不到" in found[0].what


def test_a_table_without_default_row_is_refused() -> None:
    rows = table("routing")
    rows["rules"].pop()
    assert any("兜底" in flaw.what for flaw in routings.flaws(rows, CATALOGUE.leaves, ()))


def test_a_category_without_limit_or_with_an_unknown_unit_is_refused() -> None:
    wrong = table("catalogue")
    wrong["categories"][0].pop("limit")
    assert any("没有处置时限" in flaw.what for flaw in catalogues.flaws(wrong))
    wrong["categories"][0]["limit"] = {"amount": 2, "unit": "moons", "source": "x", "certainty": "assumed"}
    assert any("单位" in flaw.what for flaw in catalogues.flaws(wrong))


def test_a_small_category_carries_its_big_ones_limit() -> None:
    assert CATALOGUE.by_code["part.0199"].limit == CATALOGUE.by_code["part.01"].limit


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("小区门口路灯不亮好几天了", "part.0118"),
        ("雨水箅子断了，车轮会卡进去", "part.0104"),
        ("人行道上的井盖不见了", "part.0114"),
        ("楼下烧烤摊油烟太大", "event.0118"),
        ("夜间施工，电钻噪音吵得睡不着", "event.0301"),
        ("闻到很重的燃气味", "event.0403"),
    ],
)
def test_a_text_suggests_what_it_is_about(text: str, category: str) -> None:
    found = guesses(CATALOGUE, text)
    assert category in [guess.category for guess in found], found
    assert all(word in text for guess in found for word in guess.words)


@given(st.text(max_size=200))
def test_any_text_is_guessed_at_without_harm(text: str) -> None:
    for guess in guesses(CATALOGUE, text):
        assert catalogues.is_leaf(CATALOGUE, guess.category)
