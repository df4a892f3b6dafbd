"""Citizens follow and rate what they reported; the front page says what the city did."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from linli.engines.cases import admission
from linli.engines.cases.consumers import consumers
from linli.engines.cases.models import CaseRating
from linli.kernel.home import Home
from linli.registers.bus import tokens
from linli.registers.bus.consume import event_of, take_in
from linli.registers.bus.models import Outbox
from linli.registers.bus.rules import admits
from linli.registers.bus.types import Labels
from tests.engines.cases.citizens import opened_at, said, text_of


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


def tell() -> None:
    """Let the room hear its own events, as the worker does once the relay has told them."""
    rows = Outbox.objects.order_by("id")
    for consumer in consumers:
        take_in(
            consumer, [event_of(row.body.encode(), row.id) for row in rows if row.event in consumer.events]
        )


def test_the_front_page_shows_figures_and_no_dead_link(
    visitor: Client, open_case: Callable[..., Any], walk: Callable[..., None]
) -> None:
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
    cache.clear()
    assert Client().get("/").status_code == 200
