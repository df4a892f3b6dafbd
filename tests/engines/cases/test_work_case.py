"""One case: what may be done, the story, conflicts, photos, the telephone on the record."""

from __future__ import annotations

import io
from typing import Any

from django.urls import reverse

from linli.engines.cases.actions import case_transition
from linli.engines.cases.models import Case
from linli.registers.record.models import Entry
from tests.cast import Cast
from tests.engines.cases.staff import (
    HTMX,
    Pages,
    act_url,
    buttons,
    case_url,
    photo,
    text_of,
)


def test_a_case_offers_only_what_this_person_may_do_now(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case().code
    page = client_of(cast.dispatcher).get(case_url(code))
    assert buttons(page) == ["受理", "不予立案"]
    assert page.content.decode().count("button-primary") == 1
    assert buttons(client_of(cast.leader).get(case_url(code))) == []
    walk(code, "dispatch")
    assert buttons(client_of(cast.dispatcher).get(case_url(code))) == ["挂账"]
    assert buttons(client_of(cast.handler).get(case_url(code))) == ["处置完成", "退回", "申请延期"]


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


def test_after_an_action_the_next_case_that_waits_is_one_press_away(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
    first, second = open_case().code, open_case().code
    response = client_of(cast.dispatcher).post(act_url(first, "reject"), {"reason": "重复"}, headers=HTMX)
    assert response.status_code == 200
    assert f'href="{case_url(second)}"' in response.content.decode()


def test_dispatching_proposes_a_department_and_says_why(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(category_code="event.0402").code
    walk(code, "file")
    for headers in ({}, HTMX):
        page = client_of(cast.dispatcher).get(act_url(code, "dispatch"), headers=headers)
        assert "建议派给水务局：给排水、河道和防汛设施由水务局处置" in text_of(page)
        assert '<option value="water" selected>' in page.content.decode()
    client_of(cast.dispatcher).post(act_url(code, "dispatch"), {"department": "urban-management"})
    assert Case.objects.get(code=code).department_code == "urban-management"


def test_what_is_missing_is_said_beside_its_field(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
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


def test_an_action_not_permitted_is_refused_even_when_posted(
    open_case: Any, cast: Cast, client_of: Pages
) -> None:
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


def test_a_file_that_is_no_photo_is_refused_by_name(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
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
    response = client_of(cast.dispatcher).post(
        reverse("cases:work_note", args=[code]), {"text": "已电话核实"}, follow=True
    )
    assert "已电话核实" in text_of(response) and "备注已保存" in text_of(response)
    assert Case.objects.get(code=code).due_at == due
    assert (
        client_of(cast.dispatcher).post(reverse("cases:work_note", args=[code]), {"text": ""}).status_code
        == 422
    )
    assert (
        client_of(cast.auditor).post(reverse("cases:work_note", args=[code]), {"text": "x"}).status_code
        != 200
    )


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


def test_who_may_not_reveal_is_not_offered_it(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    code = open_case(phone="13812345678").code
    walk(code, "dispatch")
    for person in (cast.handler, cast.leader):
        page = client_of(person).get(case_url(code))
        assert "查看电话" not in text_of(page) and b"13812345678" not in page.content
        response = client_of(person).post(reverse("cases:work_reveal", args=[code]), {"purpose": "verify"})
        assert response.status_code == 403
    assert "138****5678" not in text_of(client_of(cast.leader).get(case_url(code)))


def test_similar_cases_nearby_are_shown_as_far_as_they_may_be_seen(
    open_case: Any, walk: Any, cast: Cast, client_of: Pages
) -> None:
    one, near, hidden = (
        open_case().code,
        open_case(description="路口还有一堆").code,
        open_case(category_code="event.0114").code,
    )
    walk(one, "dispatch")
    page = client_of(cast.handler).get(case_url(one)).content.decode()
    assert case_url(near) in page and "路口还有一堆" in page
    assert hidden not in page, "another department's case is not told"
