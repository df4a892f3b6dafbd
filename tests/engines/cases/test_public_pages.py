"""Citizens report: with and without a script, and what is refused in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.engines.cases.models import Case, CaseAttachment
from tests.engines.cases.citizens import JSON, opened_at, said, text_of
from tests.engines.cases.conftest import HERE
from tests.registers.files.photos import jpeg, upload


def test_the_report_page_is_one_form_that_needs_no_script(visitor: Client) -> None:
    html = visitor.get("/report/").content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert re.search(r'<input type="file" name="photos"[^>]*multiple', html)
    assert html.count('type="radio" name="kind"') == 22
    assert "井盖缺失、破损" in html
    assert "污水井盖" in html, "the whole catalogue can be chosen from without a script"
    assert re.search(r'name="submission_id" value="[0-9a-f-]{36}"', html)


def test_an_address_fills_the_form_in(visitor: Client) -> None:
    """A code on a lamp post knows what it is and where it stands; the reader still presses send."""
    place = {"lon": HERE[0], "lat": HERE[1]}
    html = visitor.get("/report/", place | {"kind": "part.0101", "description": "不亮了"}).content.decode()
    assert re.search(r'value="part.0101" checked', html)
    assert f'value="{HERE[0]}"' in html
    assert "不亮了" in html
    half = visitor.get("/report/", {"lon": "<b>", "lat": HERE[1]}).content.decode()
    assert f'value="{HERE[1]}"' not in half, "half a place is none"


def test_a_report_by_plain_form_leads_to_its_number_and_lookup_code(visitor: Client) -> None:
    response = visitor.post("/report/", said(photos=upload(jpeg()), contact_phone="138 0000 1234"))
    assert response.status_code == 302
    code, secret = opened_at(response)
    case = Case.objects.get(code=code)
    assert (case.category_code, case.lon, case.lat, case.source) == ("event.0102", *HERE, "web")
    assert CaseAttachment.objects.filter(case=case, stage="open").count() == 1
    confirmation = visitor.get(response["Location"])
    words = text_of(confirmation)
    assert code in words
    assert secret in words.replace(" ", "")
    assert f"http://testserver/track/{code}/?s={secret}" in confirmation.content.decode()


def test_the_script_gets_an_address_to_go_to(visitor: Client) -> None:
    response = visitor.post("/report/", said(), **JSON)
    assert response.status_code == 200
    assert re.fullmatch(r"/report/sent/[^/]+/\?s=\w+", response.json()["next"])


def test_a_double_press_opens_one_case(visitor: Client) -> None:
    report = said()
    assert opened_at(visitor.post("/report/", report)) == opened_at(visitor.post("/report/", report))
    assert Case.objects.count() == 1


def test_an_empty_report_says_everything_that_is_missing_and_where(visitor: Client) -> None:
    response = visitor.post("/report/", {"submission_id": str(uuid4())})
    assert response.status_code == 422
    words = text_of(response)
    assert "有内容需要改正" in words
    assert "请拍一张照片" in words
    assert "请说明地点" in words


def test_what_was_typed_is_kept_and_photos_are_asked_for_again(visitor: Client) -> None:
    report = said(lon=None, lat=None, photos=upload(jpeg()), contact_phone="12", description="门口的灯不亮")
    response = visitor.post("/report/", report)
    html = response.content.decode()
    assert response.status_code == 422
    assert "门口的灯不亮" in html
    assert 'value="12"' in html
    assert report["submission_id"] in html
    assert re.search(r'value="event.0102" checked', html)
    assert "照片没有保留" in html
    assert not Case.objects.exists()


def test_the_script_hears_which_field_is_wrong(visitor: Client) -> None:
    response = visitor.post("/report/", said(contact_phone="12"), **JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["contact_phone"]


@pytest.mark.parametrize(
    ("data", "told"), [(b"MZ\x90\x00 this is a program", "程序"), (b"no picture at all", "不是能识别的照片")]
)
def test_a_renamed_file_is_refused_at_the_photos(visitor: Client, data: bytes, told: str) -> None:
    response = visitor.post("/report/", said(photos=upload(data, "tidy.jpg")), **JSON)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == "photos"
    assert "tidy.jpg" in error["text"]
    assert told in error["text"]
    assert not Case.objects.exists()


def test_more_than_three_photos_are_refused(visitor: Client) -> None:
    photos = [upload(jpeg(colour=(number, 0, 0))) for number in range(4)]
    response = visitor.post("/report/", said(photos=photos), **JSON)
    assert "最多 3 张" in response.json()["errors"][0]["text"]


def test_a_place_outside_the_city_is_refused_at_the_place(visitor: Client) -> None:
    response = visitor.post("/report/", said(lon=116.4, lat=39.9), **JSON)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == "address"
    assert "不在本市范围内" in error["text"]


def test_without_a_pin_one_address_is_enough(visitor: Client) -> None:
    code, _secret = opened_at(visitor.post("/report/", said(lon=None, lat=None, address="白塔路")))
    case = Case.objects.get(code=code)
    assert (case.lon, case.lat, case.address) == (*HERE, "白塔路")


def test_of_several_addresses_the_reporter_chooses(visitor: Client) -> None:
    report = said(lon=None, lat=None, address="幸福")
    asked = visitor.post("/report/", report)
    assert asked.status_code == 422
    offered = re.findall(r'name="address_offered" value="([^"]+)"', asked.content.decode())
    assert offered == ["幸福小区", "幸福路"]
    answer = visitor.post("/report/", report | {"address_offered": offered, "address_choice": "幸福路"})
    code, _secret = opened_at(answer)
    case = Case.objects.get(code=code)
    assert (case.lon, case.lat) == (104.56, 30.42)


def test_an_address_nobody_knows_is_said_so(visitor: Client) -> None:
    response = visitor.post("/report/", said(lon=None, lat=None, address="月亮背面"), **JSON)
    assert "月亮背面" in response.json()["errors"][0]["text"]


def test_a_report_without_a_kind_takes_the_one_its_words_name(visitor: Client) -> None:
    code, _secret = opened_at(visitor.post("/report/", said(kind=None, description="楼下路灯不亮了")))
    assert Case.objects.get(code=code).category_code == "part.0118"
    response = visitor.post("/report/", said(kind=None, description="嗯"), **JSON)
    assert response.json()["errors"][0]["field"] == "kind"


def test_a_pin_is_said_back_in_words(visitor: Client) -> None:
    inside = visitor.get("/report/locate", {"lon": HERE[0], "lat": HERE[1]}).json()
    assert inside == {"inside": True, "address_hint": "白塔路"}
    assert visitor.get("/report/locate", {"lon": 116.4, "lat": 39.9}).json()["inside"] is False
    for nonsense in ({}, {"lon": "x", "lat": "1"}, {"lon": "nan", "lat": "1"}, {"lon": "500", "lat": "1"}):
        assert visitor.get("/report/locate", nonsense, **JSON).status_code == 422


def test_an_address_and_a_kind_are_suggested(visitor: Client) -> None:
    hits = visitor.get("/report/address", {"q": "幸福"}).json()["hits"]
    assert [hit["label"] for hit in hits] == ["幸福小区", "幸福路"]
    assert visitor.get("/report/address", {"q": ""}).json() == {"hits": []}
    assert visitor.get("/report/suggest", {"text": "井盖不见了"}).json()["code"] == "part.0114"
    assert visitor.get("/report/suggest", {"text": "嗯"}).json() == {"code": "", "name": ""}


def test_open_cases_nearby_are_shown_with_photo_and_state_and_without_words(
    visitor: Client, open_case: Callable[..., Any], stored: str
) -> None:
    opened = open_case(photos=(stored,), description="三栋王先生门口", phone="13800001234")
    near = {"lon": HERE[0], "lat": HERE[1], "category": "event.0102"}
    answer = visitor.get("/report/similar", near)
    html = answer.content.decode()
    assert "这可能已有人报过" in html
    assert "已收到" in html
    photo = unescape(re.search(r'<img src="([^"]+)"', html)[1])
    assert visitor.get(photo).status_code == 200
    for private in ("王先生", "13800001234", opened.code):
        assert private not in html
    assert visitor.get("/report/similar", near | {"lat": 30.5}).content.strip() == b""


def test_a_list_of_kinds_reaches_the_script(visitor: Client) -> None:
    html = visitor.get("/report/").content.decode()
    found = re.search(r'<script id="report-kinds" type="application/json">(.*?)</script>', html, re.S)
    assert found
    kinds = [SimpleNamespace(**kind) for kind in json.loads(found[1])]
    manhole = next(kind for kind in kinds if kind.code == "part.0114")
    assert manhole.name == "井盖缺失、破损"
    assert "窨井盖" in manhole.keywords
