"""The queue of staff: who may come in, what waits, filters, order, counts, cost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.engines.cases.models import Case, CaseDeadline
from linli.kernel import clock
from tests.cast import Cast
from tests.engines.cases.staff import (
    HTMX,
    QUEUE,
    Pages,
    case_url,
    codes_in,
    tab_counts,
    text_of,
)


def test_a_visitor_is_led_to_the_log_in(city: None, client_of: Pages) -> None:
    for address in ("/work/", QUEUE, "/work/cases/export.csv", case_url("20260309-AAAAA")):
        response = client_of(None).get(address)
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_the_wrong_role_is_told_so_in_words(city: None, cast: Cast, client_of: Pages) -> None:
    for person in (cast.stranger, cast.resident):
        response = client_of(person).get(QUEUE)
        assert response.status_code == 403
        assert "您的岗位没有这项权限" in text_of(response)


def test_a_handler_sees_the_cases_of_their_department_only(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    own, other = open_case().code, open_case(category_code="event.0402").code
    assert Case.objects.get(code=other).department_code == "water"
    walk(own, "dispatch")
    page = client_of(cast.handler).get(QUEUE, {"scope": "all"})
    assert codes_in(page) == [own]
    assert tab_counts(page) == [1, 1, 0, 1]
    assert client_of(cast.handler).get(case_url(other)).status_code == 404
    assert (
        client_of(cast.handler).get(reverse("cases:work_rows"), {"code": [own, other]}).content.count(b"<tr")
        == 1
    )


def test_a_case_in_the_hands_of_another_department_does_not_wait_for_the_town(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    walk(code, "accept")
    assert codes_in(client_of(cast.grid).get(QUEUE)) == [code], "a grid worker may verify it"
    walk(code, "dispatch", after="accept")
    assert codes_in(client_of(cast.grid).get(QUEUE)) == []
    assert codes_in(client_of(cast.grid).get(QUEUE, {"scope": "open"})) == [code]


def test_work_begins_with_what_waits(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    waiting, away = open_case().code, open_case().code
    walk(away, "dispatch")
    client = client_of(cast.dispatcher)
    page = client.get("/work/", follow=True)
    assert page.redirect_chain == [(QUEUE, 302)]
    assert codes_in(page) == [waiting]
    assert tab_counts(page) == [1, 2, 0, 2]


def test_somebody_who_only_watches_begins_with_all_open_cases(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    page = client_of(cast.leader).get(QUEUE)
    assert codes_in(page) == [code]
    assert "等我办理" not in text_of(page)
    assert 'name="code"' not in page.content.decode(), "nothing to choose where nothing can be done"


def test_counts_equal_rows_under_every_filter(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    said = {
        "垃圾没人清": "event.0102",
        "水管爆了": "event.0402",
        "巷口又堆了一地": "event.0102",
        "井盖没了": "part.0102",
    }
    codes = [open_case(category_code=category, description=words).code for words, category in said.items()]
    walk(codes[0], "accept")
    walk(codes[1], "close")
    client = client_of(cast.dispatcher)
    today = "2026-03-09"
    questions: list[dict[str, Any]] = [
        {"scope": "all"}, {"scope": "closed"}, {"scope": "mine"}, {"scope": "open", "category": "event"},
        {"scope": "all", "category": "event.01"}, {"scope": "all", "state": ["to_verify", "registered"]},
        {"scope": "all", "department": "water"}, {"scope": "all", "town": "510185001"}, {"scope": "all", "q": "垃圾"},
        {"scope": "all", "q": codes[2][:11]}, {"scope": "open", "overdue": "1"},
        {"scope": "all", "from": today, "to": today}, {"scope": "all", "to": "2020-01-01"},
        {"scope": "all", "town": "x"},
    ]  # fmt: skip
    for question in questions:
        page = client.get(QUEUE, question)
        current = re.search(
            r'aria-current="page"[^>]*>\s*[^<]*<span class="count">(\d+)',
            page.content.decode().split("queue-tabs")[1],
        )
        assert current and int(current[1]) == len(codes_in(page)), question
    assert len(codes_in(client.get(QUEUE, {"scope": "all"}))) == 4
    assert codes_in(client.get(QUEUE, {"scope": "all", "q": "井盖"})) == [codes[3]]
    assert codes_in(client.get(QUEUE, {"scope": "closed"})) == [codes[1]]


def test_today_is_the_city_s_calendar_day(frozen: Any, open_case: Any, cast: Cast, client_of: Pages) -> None:
    with clock.frozen(frozen.replace(hour=16, minute=30)):  # half past midnight of the tenth, in the city
        code = open_case().code
    client = client_of(cast.dispatcher)
    assert codes_in(client.get(QUEUE, {"scope": "all", "from": "2026-03-10", "to": "2026-03-10"})) == [code]
    assert codes_in(client.get(QUEUE, {"scope": "all", "from": "2026-03-09", "to": "2026-03-09"})) == []


def test_filters_are_chips_that_can_be_taken_off(open_case: Any, cast: Cast, client_of: Pages) -> None:
    open_case()
    page = client_of(cast.dispatcher).get(QUEUE, {"scope": "all", "state": "registered", "q": "垃圾"})
    chips = re.findall(r'<a class="chip" href="([^"]+)"', page.content.decode())
    assert len(chips) == 2
    assert unescape(chips[0]) == QUEUE + "?scope=all&q=%E5%9E%83%E5%9C%BE"
    assert unescape(chips[1]) == QUEUE + "?scope=all&state=registered"


def test_an_address_nobody_understands_is_no_error(open_case: Any, cast: Cast, client_of: Pages) -> None:
    open_case()
    nonsense = {
        "scope": "x",
        "state": "\x00",
        "from": "yesterday",
        "to": "9999-99-99",
        "sort": "--due",
        "page": "-4",
        "view": "?",
    }
    assert client_of(cast.dispatcher).get(QUEUE, nonsense).status_code == 200


def test_the_most_urgent_is_first_across_pages(
    frozen: Any, open_case: Any, cast: Cast, client_of: Pages
) -> None:
    for hours in range(60):
        with clock.frozen(frozen + timedelta(hours=(hours * 37) % 60)):
            open_case()
    client = client_of(cast.dispatcher)
    pages = [codes_in(client.get(QUEUE, {"page": number})) for number in (1, 2)]
    assert [len(page) for page in pages] == [50, 10]
    assert pages[0] + pages[1] == list(Case.objects.order_by("due_at", "id").values_list("code", flat=True))
    turned = codes_in(client.get(QUEUE, {"sort": "-opened"}))
    assert turned == list(Case.objects.order_by("-opened_at", "-id").values_list("code", flat=True)[:50])


def test_htmx_gets_the_same_list_as_a_fragment(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    response = client_of(cast.dispatcher).get(QUEUE, {"state": "", "category": "event"}, headers=HTMX)
    assert codes_in(response) == [code]
    assert b"<html" not in response.content
    assert response["HX-Push-Url"] == QUEUE + "?scope=mine&category=event", (
        "empty fields do not clutter the address"
    )


def test_an_empty_list_says_what_to_do_next(city: None, cast: Cast, client_of: Pages) -> None:
    client = client_of(cast.dispatcher)
    assert "现在没有等您办理的事件" in text_of(client.get(QUEUE))
    assert "清除全部筛选" in text_of(client.get(QUEUE, {"q": "没有的词"}))


def test_the_map_shows_the_very_cases_of_the_filter(open_case: Any, cast: Cast, client_of: Pages) -> None:
    rubbish, pipe = open_case().code, open_case(category_code="event.0402").code
    page = client_of(cast.dispatcher).get(QUEUE, {"view": "map", "category": "event.04"}).content.decode()
    assert "<linli-map" in page
    assert pipe in page and rubbish not in page


def test_a_list_costs_the_same_for_everybody_and_for_any_length(
    open_case: Any, cast: Cast, client_of: Pages, walk: Any
) -> None:
    def cost(person: Any) -> int:
        """The least of a few visits: what the process remembers is checked once a second."""
        client = client_of(person)
        return min(visit(client) for _visit in range(4))

    def visit(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(QUEUE, {"scope": "open"}).status_code == 200
        return len(queries)

    walk(open_case().code, "dispatch")
    few = cost(cast.dispatcher)
    for _number in range(30):
        walk(open_case().code, "dispatch")
    assert cost(cast.dispatcher) == few
    assert cost(cast.handler) == few
    assert few <= 8


def test_english_pages_hold_no_chinese_of_ours(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(description="Rubbish", address="Main Street 1").code
    client = client_of(cast.dispatcher)
    source = CaseDeadline.objects.get(kind="expected").explanation["source"]
    client.cookies["linli_language"] = "en"
    for address in (QUEUE, QUEUE + "?view=map", QUEUE + "?q=zzz", case_url(code)):
        # Where a limit comes from is the city's own words.
        words = text_of(client.get(address), "main").replace(source, "")
        assert not re.findall(r"[\u4e00-\u9fff]+", words), address
