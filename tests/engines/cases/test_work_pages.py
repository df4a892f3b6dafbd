"""The pages of staff: the queue, one case, bulk work, the export, and who may not see them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from linli.engines.cases.actions import case_transition
from linli.engines.cases.models import Case
from linli.kernel import clock
from linli.registers.record.models import Entry
from tests.cast import Cast

QUEUE = "/work/cases/"
HTMX = {"HX-Request": "true"}


def case_url(code: str) -> str:
    return reverse("cases:work_case", args=[code])


def act_url(code: str, action: str) -> str:
    return reverse("cases:work_act", args=[code, action])


def codes_in(response: Any) -> list[str]:
    """The codes of the lines, in their order."""
    return re.findall(r'<tr[^>]* data-code="([^"]+)"', response.content.decode())


def text_of(response: Any) -> str:
    """What a person reads: no tags, no scripts."""
    html = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def tab_counts(response: Any) -> list[int]:
    tabs = re.search(r'<nav class="tabs queue-tabs".*?</nav>', response.content.decode(), re.S)
    assert tabs
    return [int(number.replace(",", "")) for number in re.findall(r'<span class="count">([\d,]+)</span>', tabs[0])]


def photo(name: str = "现场.jpg") -> io.BytesIO:
    """A small photo, as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    file.name = name
    file.seek(0)
    return file


Pages = Callable[[Any], Client]


# Who may come in


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
    assert client_of(cast.handler).get(reverse("cases:work_rows"), {"code": [own, other]}).content.count(b"<tr") == 1


def test_a_case_in_the_hands_of_another_department_does_not_wait_for_the_town(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    walk(code, "accept")
    assert codes_in(client_of(cast.grid).get(QUEUE)) == [code], "a grid worker may verify it"
    walk(code, "dispatch", after="accept")
    assert codes_in(client_of(cast.grid).get(QUEUE)) == []
    assert codes_in(client_of(cast.grid).get(QUEUE, {"scope": "open"})) == [code]


# The queue


def test_work_begins_with_what_waits(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    waiting, away = open_case().code, open_case().code
    walk(away, "dispatch")
    client = client_of(cast.dispatcher)
    page = client.get("/work/", follow=True)
    assert page.redirect_chain == [(QUEUE, 302)]
    assert codes_in(page) == [waiting]
    assert tab_counts(page) == [1, 2, 0, 2]


def test_somebody_who_only_watches_begins_with_all_open_cases(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    page = client_of(cast.leader).get(QUEUE)
    assert codes_in(page) == [code]
    assert "等我办理" not in text_of(page)
    assert 'name="code"' not in page.content.decode(), "nothing to choose where nothing can be done"


def test_counts_equal_rows_under_every_filter(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    codes = [open_case(category_code=c, description=d).code for c, d in (
        ("event.0102", "垃圾没人清"), ("event.0402", "水管爆了"), ("event.0102", "巷口又堆了一地"), ("part.0102", "井盖没了"),
    )]  # fmt: skip
    walk(codes[0], "accept")
    walk(codes[1], "close")
    client = client_of(cast.dispatcher)
    today = "2026-03-09"
    questions: list[dict[str, Any]] = [
        {"scope": "all"}, {"scope": "closed"}, {"scope": "mine"}, {"scope": "open", "category": "event"},
        {"scope": "all", "category": "event.01"}, {"scope": "all", "state": ["to_verify", "registered"]},
        {"scope": "all", "department": "water"}, {"scope": "all", "town": "510185001"}, {"scope": "all", "q": "垃圾"},
        {"scope": "all", "q": codes[2][:11]}, {"scope": "open", "overdue": "1"},
        {"scope": "all", "from": today, "to": today}, {"scope": "all", "to": "2020-01-01"}, {"scope": "all", "town": "x"},
    ]  # fmt: skip
    for question in questions:
        page = client.get(QUEUE, question)
        current = re.search(r'aria-current="page"[^>]*>\s*[^<]*<span class="count">(\d+)', page.content.decode().split("queue-tabs")[1])
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
    nonsense = {"scope": "x", "state": "\x00", "from": "yesterday", "to": "9999-99-99", "sort": "--due", "page": "-4", "view": "?"}
    assert client_of(cast.dispatcher).get(QUEUE, nonsense).status_code == 200


def test_the_most_urgent_is_first_across_pages(frozen: Any, open_case: Any, cast: Cast, client_of: Pages) -> None:
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
    assert response["HX-Push-Url"] == QUEUE + "?scope=mine&category=event", "empty fields do not clutter the address"


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
        client = client_of(person)
        client.get(QUEUE)
        with CaptureQueriesContext(connection, ) as queries:
            assert client.get(QUEUE, {"scope": "open"}).status_code == 200
        return len(queries)

    walk(open_case().code, "dispatch")
    few = cost(cast.dispatcher)
    for _number in range(30):
        walk(open_case().code, "dispatch")
    assert cost(cast.dispatcher) == few
    assert cost(cast.handler) == few
    assert few <= 13


# Bulk


def test_bulk_does_each_case_in_an_act_of_its_own_and_says_what_came_of_it(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    first, second, moved = (open_case().code for _number in range(3))
    walk(moved, "accept")
    entries = Entry.objects.filter(action="case_accept").count()
    response = client_of(cast.dispatcher).post(
        reverse("cases:work_bulk"), {"code": [first, second, moved], "action": "accept", "back": QUEUE + "?scope=open"}
    )
    words = text_of(response)
    assert "2 条已完成。 1 条没有完成" in words.replace("。1", "。 1")
    assert "林晚晴" in words, "who was faster is named"
    assert set(Case.objects.values_list("state", flat=True)) == {"to_verify"}
    assert Entry.objects.filter(action="case_accept").count() == entries + 2
    assert 'href="/work/cases/?scope=open"' in response.content.decode()


def test_bulk_answers_a_script_with_the_fresh_line(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    response = client_of(cast.dispatcher).post(reverse("cases:work_bulk"), {"code": code, "action": "accept"}, headers=HTMX)
    assert codes_in(response) == [code]
    assert "待核实" in text_of(response) and "已受理" in text_of(response)


def test_bulk_takes_only_steps_that_need_nothing_more(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    walk(code, "dispatch")
    response = client_of(cast.handler).post(reverse("cases:work_bulk"), {"code": code, "action": "finish"})
    assert response.status_code == 422
    assert Case.objects.get(code=code).state == "in_handling"
    assert client_of(cast.dispatcher).post(reverse("cases:work_bulk"), {"action": "accept"}).status_code == 422


def test_bulk_dispatch_goes_to_the_proposed_department(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case(category_code="event.0402").code
    walk(code, "file")
    client_of(cast.dispatcher).post(reverse("cases:work_bulk"), {"code": code, "action": "dispatch"})
    case = Case.objects.get(code=code)
    assert (case.state, case.department_code) == ("in_handling", "water")


def test_the_way_back_never_leads_to_another_site(open_case: Any, cast: Cast, client_of: Pages) -> None:
    data = {"code": open_case().code, "action": "accept", "back": "https://example.org/work/"}
    assert b"example.org" not in client_of(cast.dispatcher).post(reverse("cases:work_bulk"), data).content


# Export


def exported(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_an_export_holds_the_rows_of_the_list_watermarked_masked_and_on_the_record(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(phone="13812345678", description="=HYPERLINK(1)").code
    other = open_case(category_code="event.0402").code
    response = client_of(cast.dispatcher).get("/work/cases/export.csv", {"scope": "open", "category": "event.01"})
    lines = exported(response)
    assert "林晚晴（dispatcher）" in lines[0][0] and "共 1 条" in lines[0][0]
    assert [line[0] for line in lines[2:]] == [code]
    assert lines[2][-1] == "138****5678"
    assert "'=HYPERLINK(1)" in lines[2], "a spreadsheet must not run a citizen's words"
    entry = Entry.objects.get(action="look")
    assert entry.subject_keys == [code] and other not in entry.subject_keys
    assert entry.purpose == "导出事件清单"


def test_an_export_starts_with_the_mark_spreadsheets_need(open_case: Any, cast: Cast, client_of: Pages) -> None:
    open_case()
    response = client_of(cast.dispatcher).get("/work/cases/export.csv", {"scope": "open"})
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"].startswith('attachment; filename="cases-')


def test_who_may_not_export_gets_words_not_a_file(open_case: Any, cast: Cast, client_of: Pages) -> None:
    open_case()
    response = client_of(cast.handler).get("/work/cases/export.csv")
    assert response.status_code == 403
    assert not Entry.objects.filter(action="look").exists()
    assert "导出" not in text_of(client_of(cast.handler).get(QUEUE))


# One case


def buttons(response: Any) -> list[str]:
    group = re.search(r'<div class="case-actions".*?</div>', response.content.decode(), re.S)
    return re.sub(r"<[^>]+>", " ", group[0]).split() if group else []


def test_a_case_offers_only_what_this_person_may_do_now(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    page = client_of(cast.dispatcher).get(case_url(code))
    assert buttons(page) == ["受理", "不予立案"]
    assert page.content.decode().count("button-primary") == 1
    assert buttons(client_of(cast.leader).get(case_url(code))) == []
    walk(code, "dispatch")
    assert buttons(client_of(cast.dispatcher).get(case_url(code))) == []
    assert buttons(client_of(cast.handler).get(case_url(code))) == ["处置完成", "退回"]


def test_a_case_tells_its_story_newest_first_with_posts_and_reasons(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(category_code="event.0402", description="水管爆了").code
    walk(code, "file")
    case_transition(cast.dispatcher, code, "dispatch", department="urban-management", note="请先围挡")
    page = client_of(cast.dispatcher).get(case_url(code))
    words = text_of(page)
    story = words.index("办理经过")
    assert words.index("请先围挡") < words.index("受理", story)
    assert "派遣 → 综合行政执法局(城管)" in words
    assert "由派遣员指定" in words and "给排水、河道和防汛设施由水务局处置" in words
    assert "林晚晴 · 指挥中心派遣岗" in words
    assert "为什么是这个时间" in words and "时限来源" in words


def test_an_action_is_one_press_without_script(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    response = client_of(cast.dispatcher).post(act_url(code, "accept"), follow=True)
    assert response.redirect_chain == [(case_url(code) + "?after=accept", 302)]
    assert "已受理，现在是“待核实”" in text_of(response)
    assert Case.objects.get(code=code).state == "to_verify"


def test_after_an_action_the_next_case_that_waits_is_one_press_away(open_case: Any, cast: Cast, client_of: Pages) -> None:
    first, second = open_case().code, open_case().code
    response = client_of(cast.dispatcher).post(act_url(first, "reject"), {"reason": "重复"}, headers=HTMX)
    assert response.status_code == 200
    assert f'href="{case_url(second)}"' in response.content.decode()


def test_dispatching_proposes_a_department_and_says_why(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case(category_code="event.0402").code
    walk(code, "file")
    for headers in ({}, HTMX):
        page = client_of(cast.dispatcher).get(act_url(code, "dispatch"), headers=headers)
        assert "建议派给水务局：给排水、河道和防汛设施由水务局处置" in text_of(page)
        assert '<option value="water" selected>' in page.content.decode()
    client_of(cast.dispatcher).post(act_url(code, "dispatch"), {"department": "urban-management"})
    assert Case.objects.get(code=code).department_code == "urban-management"


def test_what_is_missing_is_said_beside_its_field(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    response = client_of(cast.dispatcher).post(act_url(code, "reject"), {"reason": " "})
    assert response.status_code == 422
    assert "请写明理由" in text_of(response)
    response = client_of(cast.dispatcher).post(act_url(code, "reject"), {"reason": "重" * 2001})
    assert response.status_code == 422 and "最多 2000 个字" in text_of(response)
    assert Case.objects.get(code=code).state == "registered"


def test_who_comes_second_is_told_who_was_first_and_sees_the_case_as_it_is(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    walk(code, "accept")
    for headers, status in (({}, 409), (HTMX, 422)):
        response = client_of(cast.dispatcher).post(act_url(code, "accept"), headers=headers)
        words = text_of(response)
        assert response.status_code == status
        assert "林晚晴“受理”" in words and "您的操作没有执行" in words and "待核实" in words
        assert buttons(response) == ["核实通过", "不予立案"]


def test_an_action_not_permitted_is_refused_even_when_posted(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    assert client_of(cast.leader).post(act_url(code, "accept")).status_code == 403
    assert Case.objects.get(code=code).state == "registered"


def test_a_result_photo_goes_with_the_step(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    walk(code, "dispatch")
    client = client_of(cast.handler)
    form = client.get(act_url(code, "finish")).content.decode()
    assert 'capture="environment"' in form and 'enctype="multipart/form-data"' in form
    response = client.post(act_url(code, "finish"), {"note": "已清运", "photos": [photo()]}, follow=True)
    assert "处置完成，第 1 张" in response.content.decode()
    assert Case.objects.get(code=code).state == "to_check"


def test_a_file_that_is_no_photo_is_refused_by_name(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    walk(code, "dispatch")
    fake = io.BytesIO(b"MZ\x90\x00" + b"\x00" * 200)
    fake.name = "现场.jpg"
    response = client_of(cast.handler).post(act_url(code, "finish"), {"note": "已清运", "photos": [fake]})
    assert response.status_code == 422
    assert "现场.jpg" in text_of(response)
    assert Case.objects.get(code=code).state == "in_handling"


def test_a_note_enters_the_story_and_moves_nothing(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    due = Case.objects.get(code=code).due_at
    response = client_of(cast.dispatcher).post(reverse("cases:work_note", args=[code]), {"text": "已电话核实"}, follow=True)
    assert "已电话核实" in text_of(response) and "备注已保存" in text_of(response)
    assert Case.objects.get(code=code).due_at == due
    assert client_of(cast.dispatcher).post(reverse("cases:work_note", args=[code]), {"text": ""}).status_code == 422
    assert client_of(cast.auditor).post(reverse("cases:work_note", args=[code]), {"text": "x"}).status_code != 200


def test_a_telephone_is_masked_and_shown_once_for_a_purpose_on_the_record(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(phone="13812345678", name="戴建国").code
    client = client_of(cast.dispatcher)
    page = client.get(case_url(code))
    assert "138****5678" in text_of(page) and "戴**" in text_of(page) and b"13812345678" not in page.content
    address = reverse("cases:work_reveal", args=[code])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"purpose": "other"}).status_code == 422
    assert not Entry.objects.filter(action="look").exists()
    shown = client.post(address, {"purpose": "verify"})
    assert "13812345678" in text_of(shown) and shown["Cache-Control"] == "no-store"
    entry = Entry.objects.get(action="look")
    assert (entry.purpose, entry.subject_keys, entry.actor_key) == ("核实情况", [code], "dispatcher")
    assert b"13812345678" not in client.get(case_url(code)).content, "only that once"
    fragment = client.post(address, {"purpose": "visit"}, headers=HTMX).content
    assert b"tel:13812345678" in fragment and b"<html" not in fragment


def test_who_may_not_reveal_is_not_offered_it(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case(phone="13812345678").code
    walk(code, "dispatch")
    for person in (cast.handler, cast.leader):
        page = client_of(person).get(case_url(code))
        assert "查看电话" not in text_of(page) and b"13812345678" not in page.content
        response = client_of(person).post(reverse("cases:work_reveal", args=[code]), {"purpose": "verify"})
        assert response.status_code == 403
    assert "138****5678" not in text_of(client_of(cast.leader).get(case_url(code)))


def test_similar_cases_nearby_are_shown_as_far_as_they_may_be_seen(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    one, near, hidden = open_case().code, open_case(description="路口还有一堆").code, open_case(category_code="event.0114").code
    walk(one, "dispatch")
    page = client_of(cast.handler).get(case_url(one)).content.decode()
    assert case_url(near) in page and "路口还有一堆" in page
    assert hidden not in page, "another department's case is not told"


def test_english_pages_hold_no_chinese_of_ours(open_case: Any, walk: Any, cast: Cast, client_of: Pages) -> None:
    from linli.registers.places.models import Division

    code = open_case(description="Rubbish", address="Main Street 1").code
    client = client_of(cast.dispatcher)
    client.cookies["linli_language"] = "en"
    for address in (QUEUE, QUEUE + "?view=map", QUEUE + "?q=zzz", case_url(code)):
        words = text_of(client.get(address))
        for data in ("简体中文", *Division.objects.values_list("name_zh", flat=True)):
            words = words.replace(data, "")
        assert not re.findall(r"[\u4e00-\u9fff]+", words), address
