"""Who sees what: lists, counts, details, tiles and the wall obey the same grants; reporters see their own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import RequestFactory

from linli.engines.cases import tiles
from linli.engines.cases.actions import case_note, case_transition
from linli.engines.cases.models import Case
from linli.engines.cases.queries import near, points, wall
from linli.engines.cases.queries.detail import case_detail
from linli.engines.cases.queries.lists import case_counts, case_filter, case_list
from linli.engines.cases.queries.public import case_public
from linli.engines.cases.queries.visible import cases_visible
from linli.engines.cases.types import CaseFilter
from linli.kernel import clock, coordinates
from tests.engines.cases.conftest import HERE

EAST = (104.5601, 30.4115)


@pytest.fixture
def some_cases(frozen: datetime, cast: Any, open_case: Any, walk: Any) -> dict[str, str]:
    """Four cases: one new in the grid worker's area, one in the east, one with the water bureau, one closed."""
    found = {
        "new": open_case().code,
        "east": open_case(lon=EAST[0], lat=EAST[1]).code,
        "water": open_case(category_code="event.0406", description="积水").code,
        "closed": open_case(category_code="event.0110", description="路面坑").code,
    }
    walk(found["closed"])
    return found


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("dispatcher", {"new", "east", "water", "closed"}),
        ("leader", {"new", "east", "water", "closed"}),
        ("grid", {"new", "water", "closed"}),
        ("handler", {"new", "east", "closed"}),
        ("other_handler", {"water"}),
        ("stranger", set()),
        ("resident", set()),
    ],
)
def test_everybody_sees_exactly_their_cases_everywhere(
    some_cases: dict[str, str], cast: Any, rf: RequestFactory, who: str, sees: set[str]
) -> None:
    account = getattr(cast, who)
    codes = {some_cases[name] for name in sees}
    assert {case.code for case in cases_visible(account)} == codes
    page = case_list(account, CaseFilter())
    assert {row.code for row in page.rows} == codes
    assert page.total == len(page.rows) == sum(case_counts(account, CaseFilter()).values())
    counted = wall.counts_today(account)
    assert counted.opened == len(codes)
    assert {row.code for row in wall.newest(account)} == codes
    assert sum(line.opened for line in wall.timeline_hour(account)) == len(codes)
    open_ones = codes - {some_cases["closed"]}
    assert _drawn(account, rf) == len(open_ones)


def _drawn(account: Any, rf: RequestFactory, zoom: int = 10) -> int:
    """Count the cases on the tile around the city, in groups and alone."""
    request = rf.get("/")
    request.user = account
    column, row = (int(part) for part in coordinates.tile_of(*HERE, zoom))
    data = tiles.read(request, zoom, column, row)
    if not data:
        return 0
    raw = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    features = mapbox_vector_tile.decode(raw)["cases"]["features"]
    return sum(feature["properties"].get("point_count", 1) for feature in features)


def test_a_tile_follows_a_change_and_shows_overdue_as_danger(
    some_cases: dict[str, str], cast: Any, rf: RequestFactory, frozen: datetime
) -> None:
    request = rf.get("/")
    request.user = cast.other_handler
    place = (16, *(int(part) for part in coordinates.tile_of(*HERE, 16)))

    def drawn() -> list[dict[str, Any]]:
        data = tiles.read(request, *place)
        if not data:
            return []
        raw = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        return [feature["properties"] for feature in mapbox_vector_tile.decode(raw)["cases"]["features"]]

    assert [(one["code"], one["state"], one["tone"]) for one in drawn()] == [
        (some_cases["water"], "registered", "new")
    ]
    with clock.frozen(frozen + timedelta(days=1)):
        assert [one["tone"] for one in drawn()] == ["danger"]
        case_transition(cast.dispatcher, some_cases["water"], "reject", reason="已另案处理")
        points._memory.next_look_s = float("-inf")
        assert drawn() == []


def test_points_admit_what_rows_admit(some_cases: dict[str, str], cast: Any) -> None:
    from linli.registers.access.queries import grants

    found = points.points()
    for who in ("dispatcher", "grid", "handler", "other_handler", "stranger"):
        account = getattr(cast, who)
        drawn = set(found.code[points.admitted(found, grants(account, "case"))].tolist())
        assert drawn == {case.code for case in cases_visible(account)}, who


def test_a_detail_tells_the_story_newest_first_with_names_of_staff(
    some_cases: dict[str, str], cast: Any
) -> None:
    case_note(cast.dispatcher, some_cases["closed"], "已电话回访")
    detail = case_detail(cast.dispatcher, some_cases["closed"])
    assert [line.kind for line in detail.story] == ["note"] + ["status"] * 8
    titles = [line.title_zh for line in detail.story if line.kind == "status"]
    assert titles == ["结案", "核查通过", "处置完成", "派遣", "立案", "核实通过", "受理", "登记"]
    assert {line.actor for line in detail.story} == {"市民", "林晚晴", "陈大川"}
    assert detail.options == ()
    assert detail.due_sentences[0].startswith("限 3 工作日")
    assert "时限来源" in detail.due_sentences[-1]


def test_the_actions_offered_are_those_the_person_may_take_now(some_cases: dict[str, str], cast: Any) -> None:
    offered = {
        who: case_detail(getattr(cast, who), some_cases["new"]).options
        for who in ("dispatcher", "grid", "leader")
    }
    assert [option.action for option in offered["dispatcher"]] == ["accept", "reject"]
    assert offered["dispatcher"][0].usual
    assert offered["grid"] == offered["leader"] == ()


def test_a_detail_costs_the_same_however_long_its_story(
    some_cases: dict[str, str], cast: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _note in range(5):
        case_note(cast.dispatcher, some_cases["closed"], "再看一次")
    with django_assert_max_num_queries(12):
        case_detail(cast.dispatcher, some_cases["closed"])


def test_a_list_costs_two_queries_for_anybody(
    some_cases: dict[str, str], cast: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    for who in (cast.dispatcher, cast.handler):
        case_list(who, CaseFilter())
        with django_assert_num_queries(2):
            case_list(who, CaseFilter())


def test_a_list_is_filtered_sorted_and_paged_and_its_counts_equal_its_rows(
    some_cases: dict[str, str], cast: Any
) -> None:
    def codes(**params: str) -> list[str]:
        page = case_list(cast.dispatcher, case_filter(params))
        assert page.total == len(page.rows)
        return [row.code for row in page.rows]

    assert codes(state="closed") == [some_cases["closed"]]
    assert set(codes(open="1")) == set(some_cases.values()) - {some_cases["closed"]}
    assert codes(area="510185002") == [some_cases["east"]]
    assert codes(category="event.04") == [some_cases["water"]]
    assert codes(department="water") == [some_cases["water"]]
    assert codes(q=some_cases["new"].lower()) == [some_cases["new"]]
    assert codes(q="积水") == [some_cases["water"]]
    assert codes(overdue="1") == []
    due = [Case.objects.get(code=code).due_at for code in codes(sort="-due")]
    assert due == sorted(due, reverse=True)
    pages = [case_list(cast.dispatcher, case_filter({"page": str(n), "page_size": "3"})) for n in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 1, 0]
    assert {page.total for page in pages} == {4}
    assert pages[0].pages == 2
    assert len({row.code for page in pages for row in page.rows}) == 4


@pytest.mark.parametrize(
    "params", [{"sort": "moon"}, {"page": "0"}, {"page": "x"}, {"area": "a'--"}, {"priority": "vip"}]
)
def test_a_filter_nobody_knows_is_refused(db: None, params: dict[str, str], refused: Any) -> None:
    with refused("bad_filter") as caught:
        case_filter(params)
    assert caught.value.field == next(iter(params))


def test_today_is_the_citys_calendar_day_and_overdue_counts_older_cases(
    some_cases: dict[str, str], cast: Any, frozen: datetime
) -> None:
    today = wall.counts_today(cast.leader)
    assert (today.opened, today.closed, today.closed_in_time, today.open, today.overdue) == (4, 1, 1, 3, 0)
    assert {state.code: count for state, count in today.by_state}["closed"] == 1
    assert [(category.code, count) for category, count in today.by_category] == [
        ("event.01", 3),
        ("event.04", 1),
    ]
    assert today.by_town == (("510185001", 3), ("510185002", 1))
    # 10:00 in the city is 02:00 UTC: 15 hours later it is tomorrow there, and still today in Greenwich.
    with clock.frozen(frozen + timedelta(hours=15)):
        tomorrow = wall.counts_today(cast.leader)
        assert (tomorrow.opened, tomorrow.closed, tomorrow.open, tomorrow.overdue) == (0, 0, 3, 3)
        assert wall.overdue(cast.leader)[0].code == some_cases["water"]


def test_a_reporter_follows_their_case_without_names_of_staff(
    some_cases: dict[str, str], open_case: Any, cast: Any, walk: Any, stored: str
) -> None:
    opened = open_case(phone="13900001234", photos=(stored,))
    walk(opened.code)
    seen = case_public(opened.code.lower(), opened.secret)
    assert [step.state for step in seen.steps][-1] == "closed"
    assert seen.name_zh == "已办结"
    assert seen.may_rate
    assert "signature=" in seen.photos[0].url
    assert "林晚晴" not in repr(seen)
    assert "陈大川" not in repr(seen)
    assert "1390000" not in repr(seen)
    assert case_public(opened.code, phone="139 0000 1234").code == opened.code


def test_a_wrong_secret_and_an_unknown_code_look_the_same(open_case: Any, refused: Any) -> None:
    first, second = open_case(phone="13900001234"), open_case()
    answers = []
    for code, secret, phone in (
        (first.code, "", ""),
        (first.code, second.secret, ""),
        ("20260309-NONE", first.secret, ""),
        (first.code, "", "13900009999"),
        (second.code, "", ""),
        (second.code, "", "13900001234"),
    ):
        with refused("no_such_report") as caught:
            case_public(code, secret, phone=phone)
        answers.append((caught.value.status, str(caught.value)))
    assert len(set(answers)) == 1


def test_cases_of_the_same_kind_nearby_are_shown_before_filing(some_cases: dict[str, str]) -> None:
    found = near.similar(HERE[0] + 0.0003, HERE[1], "event.0110")
    assert [case.code for case in found] == [some_cases["new"]]
    assert found[0].distance_m == pytest.approx(28.8, abs=1)
    assert not hasattr(found[0], "description")
    assert near.similar(HERE[0] + 0.01, HERE[1], "event.0110") == []
    assert near.similar(*HERE, "part.0118") == []
