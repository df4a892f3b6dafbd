"""The page of figures: who may see it, that a figure and its list agree, the file, languages, cost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from linli.engines.cases.actions import table_publish
from linli.engines.cases.models import Indicators
from linli.engines.cases.queries import rulebook
from linli.registers.record.types import SYSTEM
from tests.cast import Cast
from tests.conftest import writing
from tests.engines.cases.conftest import table
from tests.engines.cases.staff import Pages, codes_in, exported, text_of
from tests.engines.cases.test_indicators import DECEMBER, put

PAGE, BEHIND, FILE = (f"/work/figures/{end}" for end in ("", "behind/", "export.csv"))
MONTH = {"period": "month", "on": "2016-12-05"}
DAY = timedelta(days=1)


@pytest.fixture
def month(city: None) -> None:
    """A month of two towns: three cases due, two closed, one of them in time; one dispatch returned."""
    table_publish(SYSTEM, "indicators", table("indicators"))
    steps = (("file", DECEMBER), ("dispatch", DECEMBER + DAY / 24), ("return", DECEMBER + DAY / 2))
    put(DECEMBER, DECEMBER + 2 * DAY, DECEMBER + DAY, town="510185001", rating=5)
    put(DECEMBER, DECEMBER + 2 * DAY, DECEMBER + 5 * DAY, town="510185001", department="water")
    put(DECEMBER, DECEMBER + 2 * DAY, town="510185002", steps=steps)


def links(response: Any) -> list[str]:
    return sorted(set(re.findall(r'href="(/work/figures/behind/[^"]+)"', response.content.decode())))


def test_figures_are_for_those_whose_post_has_them(city: None, cast: Cast, client_of: Pages) -> None:
    for address in (PAGE, BEHIND, FILE):
        assert client_of(None).get(address).status_code == 302
        for person in (cast.grid, cast.handler, cast.stranger, cast.resident):
            assert client_of(person).get(address).status_code == 403


def test_a_city_without_indicators_is_told_how_to_load_them(city: None, cast: Cast, client_of: Pages) -> None:
    with writing():
        Indicators.objects.all().delete()
    page = client_of(cast.leader).get(PAGE)
    assert page.status_code == 503
    assert "linli load-city" in text_of(page)


@pytest.mark.parametrize("person", ["leader", "dispatcher", "auditor"])
def test_the_page_says_figure_finding_and_basis(
    month: None, cast: Cast, client_of: Pages, person: str
) -> None:
    page = client_of(getattr(cast, person)).get(PAGE, MONTH)
    words = text_of(page, "main")
    assert "2016年12月" in words
    assert "33.33%" in words
    assert "应结案数 3" in words
    assert "按期结案数 1" in words
    assert "先看" in words
    assert "0.00%（0/1）" in words
    assert "2016年12月按期结案率 33.33%；2016年11月没有可比的数据。" in words
    assert "超期未结的算在分母里" in words
    assert "GB/T 30428.4" in words
    assert "不合格" in words


def test_every_figure_leads_to_as_many_rows_as_it_says(month: None, cast: Cast, client_of: Pages) -> None:
    client = client_of(cast.leader)
    for by in ("town", "village", "department"):
        page = client.get(PAGE, MONTH | {"by": by})
        found = re.findall(r'href="(/work/figures/behind/[^"]+)">[^<\d]*(\d+)</a>', page.content.decode())
        assert len(found) > 20
        for address, count in found:
            listed = client.get(address.replace("&amp;", "&"))
            assert listed.status_code == 200
            if "overdue_days" not in address:
                assert len(codes_in(listed)) == int(count), address
            assert f"：{count} " in text_of(listed, "main").replace("： ", "："), address


def test_a_town_and_a_department_narrow_everything(month: None, cast: Cast, client_of: Pages) -> None:
    client = client_of(cast.leader)
    assert "应结案数 2" in text_of(client.get(PAGE, MONTH | {"area": "510185001"}))
    assert "应结案数 1" in text_of(client.get(PAGE, MONTH | {"area": "510185001", "department": "water"}))
    for address in links(client.get(PAGE, MONTH | {"area": "510185001"})):
        assert parse_qs(urlsplit(address.replace("&amp;", "&")).query)["area"][0].startswith("510185001")


def test_nothing_to_count_teaches_the_next_step(month: None, cast: Cast, client_of: Pages) -> None:
    page = client_of(cast.leader).get(PAGE, {"period": "year", "on": "2010-01-01"})
    assert "这段时间没有可以计算的事件" in text_of(page)
    listed = client_of(cast.leader).get(BEHIND, {"period": "year", "on": "2010-01-01"})
    assert "没有这样的事件" in text_of(listed)


@pytest.mark.parametrize(
    "query",
    [
        {"period": "moon", "on": "x", "by": "moon", "indicator": "moon", "area": "a%", "part": "moon"},
        {"on": "9999-12-31", "area": "9" * 40, "department": "\x00"},
        {"period": "day", "on": "2016-12-01"},
        {"period": "week", "on": "2016-12-01"},
        {"period": "quarter", "on": "2016-12-01"},
    ],
)
def test_what_an_address_cannot_mean_is_left_out(
    month: None, cast: Cast, client_of: Pages, query: dict[str, str]
) -> None:
    for address in (PAGE, BEHIND, FILE):
        assert client_of(cast.leader).get(address, query).status_code == 200


def test_the_file_holds_the_comparison(month: None, cast: Cast, client_of: Pages) -> None:
    response = client_of(cast.leader).get(FILE, MONTH | {"by": "department"})
    response.streaming_content = [response.content]
    note, headings, *lines = exported(response)
    assert "2016年12月" in note[0]
    assert headings[:7] == [
        "代码", "按部门", "综合评分", "等次", "按期结案率 (%)", "按期结案数", "应结案数",
    ]  # fmt: skip
    assert {line[0]: line[4:7] for line in lines} == {
        "urban-management": ["50.00", "1", "2"],
        "water": ["0.00", "0", "1"],
    }


def test_the_page_speaks_english(month: None, cast: Cast, client_of: Pages) -> None:
    client = client_of(cast.leader)
    client.cookies["linli_language"] = "en"
    with translation.override("en"):
        for address in (PAGE, BEHIND):
            words = text_of(client.get(address, MONTH), "main")
            assert "Closed in time" in words
            assert not re.search(r"指标|时间段|口径|来源", words)


def test_the_page_costs_no_more_with_more_cases(
    month: None, cast: Cast, client_of: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulebook, "FRESH_S", 3600)
    client = client_of(cast.leader)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(PAGE, MONTH).status_code == 200
        return len(found)

    cost()
    before = cost()
    for number in range(20):
        put(DECEMBER, DECEMBER + DAY, town=f"510185{number + 1:03}")
    assert cost() <= before + 2, "memories that run out by the second may add one each"
    assert before <= 40
