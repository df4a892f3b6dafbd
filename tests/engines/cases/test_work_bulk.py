"""Many cases at once: one action on those chosen, and all of them as a file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.engines.cases.models import Case
from linli.registers.record.models import Entry
from tests.cast import Cast
from tests.engines.cases.staff import (
    HTMX,
    QUEUE,
    Pages,
    codes_in,
    exported,
    text_of,
)


def test_bulk_does_each_case_in_an_act_of_its_own_and_says_what_came_of_it(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    first, second, moved = (open_case().code for _number in range(3))
    walk(moved, "accept")
    entries = Entry.objects.filter(action="case_accept").count()
    response = client_of(cast.dispatcher).post(
        reverse("cases:work_bulk"),
        {"code": [first, second, moved], "action": "accept", "back": QUEUE + "?scope=open"},
    )
    words = text_of(response)
    assert "2 条已完成。 1 条没有完成" in words.replace("。1", "。 1")
    assert "林晚晴" in words, "who was faster is named"
    assert set(Case.objects.values_list("state", flat=True)) == {"to_verify"}
    assert Entry.objects.filter(action="case_accept").count() == entries + 2
    assert 'href="/work/cases/?scope=open"' in response.content.decode()


def test_bulk_answers_a_script_with_the_fresh_line(open_case: Any, cast: Cast, client_of: Pages) -> None:
    code = open_case().code
    response = client_of(cast.dispatcher).post(
        reverse("cases:work_bulk"), {"code": code, "action": "accept"}, headers=HTMX
    )
    assert codes_in(response) == [code]
    assert "待核实" in text_of(response) and "已受理" in text_of(response)


def test_bulk_takes_only_steps_that_need_nothing_more(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    response = client_of(cast.handler).post(reverse("cases:work_bulk"), {"code": code, "action": "finish"})
    assert response.status_code == 422
    assert Case.objects.get(code=code).state == "in_handling"
    assert (
        client_of(cast.dispatcher).post(reverse("cases:work_bulk"), {"action": "accept"}).status_code == 422
    )


def test_bulk_dispatch_goes_to_the_proposed_department(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(category_code="event.0402").code
    walk(code, "file")
    client_of(cast.dispatcher).post(reverse("cases:work_bulk"), {"code": code, "action": "dispatch"})
    case = Case.objects.get(code=code)
    assert (case.state, case.department_code) == ("in_handling", "water")


def test_the_way_back_never_leads_to_another_site(open_case: Any, cast: Cast, client_of: Pages) -> None:
    data = {"code": open_case().code, "action": "accept", "back": "https://example.org/work/"}
    assert b"example.org" not in client_of(cast.dispatcher).post(reverse("cases:work_bulk"), data).content


def test_an_export_holds_the_rows_of_the_list_watermarked_masked_and_on_the_record(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(phone="13812345678", description="=HYPERLINK(1)").code
    other = open_case(category_code="event.0402").code
    response = client_of(cast.dispatcher).get(
        "/work/cases/export.csv", {"scope": "open", "category": "event.01"}
    )
    lines = exported(response)
    assert "林晚晴（dispatcher）" in lines[0][0] and "共 1 条" in lines[0][0]
    assert [line[0] for line in lines[2:]] == [code]
    assert lines[2][-1] == "138****5678"
    assert "'=HYPERLINK(1)" in lines[2], "a spreadsheet must not run a citizen's words"
    entry = Entry.objects.get(action="look")
    assert entry.subject_keys == [code] and other not in entry.subject_keys
    assert entry.purpose == "导出事件清单"


def test_an_export_starts_with_the_mark_spreadsheets_need(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
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
