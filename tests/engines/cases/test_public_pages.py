"""Citizens' pages: report with and without a script, follow, rate, and what is refused in which words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.engines.cases import admission
from linli.engines.cases.consumers import consumers
from linli.engines.cases.models import Case, CaseAttachment, CaseRating
from linli.engines.cases.views import hints, public
from linli.kernel.home import Home
from linli.registers.bus import tokens
from linli.registers.bus.consume import event_of, take_in
from linli.registers.bus.models import Outbox
from linli.registers.bus.rules import admits
from linli.registers.bus.types import Labels
from linli.registers.places.types import AddressHit
from tests.engines.cases.conftest import HERE, place
from tests.registers.files.photos import jpeg, upload

JSON = {"HTTP_ACCEPT": "application/json"}
HITS = {
    "白塔路": [AddressHit("白塔路", *HERE, "road")],
    "幸福": [AddressHit("幸福小区", *HERE, "estate"), AddressHit("幸福路", 104.56, 30.42, "road")],
}


@pytest.fixture
def visitor(city: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody without account, in a city whose addresses are two."""

    def search(text: str, limit: int) -> list[AddressHit]:
        exact = [hit for hits in HITS.values() for hit in hits if hit.label == text]
        return exact or HITS.get(text, [])[:limit]

    monkeypatch.setattr(public, "search_address", search)
    monkeypatch.setattr(hints, "search_address", search)
    monkeypatch.setattr(hints, "locate", place)
    return Client()


def said(**changed: Any) -> dict[str, Any]:
    """A whole report as the form sends it."""
    report: dict[str, Any] = {
        "submission_id": str(uuid4()),
        "kind": "event.0102",
        "description": "垃圾三天没人清",
        "lon": HERE[0],
        "lat": HERE[1],
    }
    return {key: value for key, value in (report | changed).items() if value is not None}


def text_of(response: Any) -> str:
    """The words of a page, tags and scripts left out."""
    html = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def opened_at(response: Any) -> tuple[str, str]:
    """Code and secret of the confirmation a report led to."""
    found = re.fullmatch(r"/report/sent/([^/]+)/\?s=(\w+)", response["Location"])
    assert found, response["Location"]
    return found[1], found[2]


def test_the_report_page_is_one_form_that_needs_no_script(visitor: Client) -> None:
    html = visitor.get("/report/").content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert re.search(r'<input type="file" name="photos"[^>]*multiple', html)
    assert html.count('type="radio" name="kind"') == 22
    assert "井盖缺失、破损" in html
    assert "污水井盖" in html, "the whole catalogue can be chosen from without a script"
    assert re.search(r'name="submission_id" value="[0-9a-f-]{36}"', html)


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


def test_the_confirmation_opens_for_nobody_else(visitor: Client) -> None:
    code, _secret = opened_at(visitor.post("/report/", said()))
    assert visitor.get(f"/report/sent/{code}/?s=AAAAAAAAAA").status_code == 404
    assert visitor.get(f"/report/sent/{code}/").status_code == 404


def test_a_report_is_found_by_lookup_code_and_by_telephone(visitor: Client) -> None:
    code, secret = opened_at(visitor.post("/report/", said(contact_phone="13800001234")))
    story = f"/track/{code}/?s={secret}"
    for proof in (secret, secret.lower(), "138 0000 1234"):
        response = visitor.post("/track/", {"code": f" {code.lower()} ", "proof": proof})
        assert (response.status_code, response.get("Location")) == (302, story)


def test_a_wrong_proof_and_an_unknown_number_get_the_same_answer(visitor: Client) -> None:
    code, _secret = opened_at(visitor.post("/report/", said(contact_phone="13800001234")))
    answers = [
        visitor.post("/track/", {"code": number, "proof": proof})
        for number, proof in ((code, "WRONGWRONG"), (code, "13900009999"), ("20260101-XXXXX", "13800001234"))
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    summaries = {re.search(r"error-summary.*?</div>", answer.content.decode(), re.S)[0] for answer in answers}
    assert len(summaries) == 1


def test_guessing_is_slowed_down(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission.LOOKUPS, "burst", 3)
    guesses = [
        visitor.post("/track/", {"code": "20260101-XXXXX", "proof": f"1380000{n:04}"}) for n in range(5)
    ]
    assert [guess.status_code for guess in guesses] == [404, 404, 404, 429, 429]
    assert "太频繁" in text_of(guesses[-1])


def test_the_story_speaks_to_citizens(
    visitor: Client, open_case: Callable[..., Any], walk: Callable[..., None], cast: Any
) -> None:
    opened = open_case()
    walk(opened.code, "finish")
    words = text_of(visitor.get(f"/track/{opened.code}/?s={opened.secret}"))
    for told in ("已收到，等待受理", "已处理，正在核查", "综合行政执法局", "垃圾没人清"):
        assert told.replace("，", ",") in words.replace("，", ","), told
    for person in (cast.dispatcher, cast.handler):
        assert person.name_zh not in words
    assert "已清运" not in words, "notes between colleagues are not told"


def test_the_part_that_moves_comes_alone(visitor: Client, open_case: Callable[..., Any]) -> None:
    opened = open_case()
    part = visitor.get(f"/track/{opened.code}/?s={opened.secret}", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "timeline" in part


def test_a_live_token_hears_of_the_own_case_only(visitor: Client, open_case: Callable[..., Any]) -> None:
    opened = open_case()
    assert visitor.get(f"/track/{opened.code}/live-token?s=AAAAAAAAAA").status_code == 404
    answer = visitor.get(f"/track/{opened.code}/live-token?s={opened.secret}").json()
    reader = tokens.read(Home.current().secret("live"), answer["token"], time.time())
    assert reader is not None
    own = Labels("case", area="510185001", departments=("water",), subject=opened.code)
    assert admits(reader.grants, own)
    assert not admits(reader.grants, Labels("case", area="510185001", subject="20260101-XXXXX"))


def test_a_finished_case_is_rated_once(
    visitor: Client, open_case: Callable[..., Any], walk: Callable[..., None]
) -> None:
    opened = open_case()
    address = f"/track/{opened.code}/rate/?s={opened.secret}"
    visitor.post(address, {"score": "5"})
    assert not CaseRating.objects.exists(), "nothing to rate before it is closed"
    walk(opened.code)
    assert "您对处理结果满意吗" in text_of(visitor.get(f"/track/{opened.code}/?s={opened.secret}"))
    empty = visitor.post(address, {"score": "", "words": "谢谢"})
    assert empty.status_code == 422
    assert "请选一个" in text_of(empty)
    assert "谢谢" in empty.content.decode()
    done = visitor.post(address, {"score": "4", "words": "很快"})
    assert done.status_code == 302
    visitor.post(address, {"score": "1"})
    assert [(row.score, row.words) for row in CaseRating.objects.all()] == [(4, "很快")]
    assert "谢谢您的评价" in text_of(visitor.get(f"/track/{opened.code}/?s={opened.secret}"))


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


def tell() -> None:
    """Let the room hear its own events, as the worker does once the relay has told them."""
    for row in Outbox.objects.order_by("id"):
        for consumer in consumers:
            if row.event in consumer.events:
                take_in(consumer, event_of(row.body.encode(), row.id))


def test_the_front_page_shows_figures_and_no_dead_link(
    visitor: Client, open_case: Callable[..., Any], walk: Callable[..., None]
) -> None:
    from django.core.cache import cache

    cache.clear()
    walk(open_case().code)
    open_case()
    tell()
    response = visitor.get("/")
    html = response.content.decode()
    figures = re.findall(r'figure-value">([^<]+)<', html)
    assert figures[:3] == ["2", "1", "1"]
    assert figures[3].strip() not in ("", "–")
    links = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', html))
    assert {"/report/", "/track/"} <= links
    answers = {link: visitor.get(link).status_code for link in links}
    assert all(status < 400 for status in answers.values()), answers


def test_the_front_page_stands_before_the_tables_are_loaded(db: None) -> None:
    from django.core.cache import cache

    cache.clear()
    assert Client().get("/").status_code == 200


def test_a_list_of_kinds_reaches_the_script(visitor: Client) -> None:
    html = visitor.get("/report/").content.decode()
    found = re.search(r'<script id="report-kinds" type="application/json">(.*?)</script>', html, re.S)
    assert found
    kinds = [SimpleNamespace(**kind) for kind in json.loads(found[1])]
    manhole = next(kind for kind in kinds if kind.code == "part.0114")
    assert manhole.name == "井盖缺失、破损"
    assert "窨井盖" in manhole.keywords
