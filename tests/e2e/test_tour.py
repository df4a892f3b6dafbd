"""The tour: each step by its button, each step done when the case says so."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

from tests.e2e.person import PHONE, Person
from tests.e2e.test_thread import do
from tests.running_home import RunningHome


def step_is(visitor: Person, key: str, state: str) -> None:
    visitor.go("/tour")
    line = visitor.page.locator(f'[data-step="{key}"]').first
    assert line.get_attribute("data-state") == state, f"{key} is {line.get_attribute('data-state')}"


def enter(visitor: Person, key: str) -> None:
    visitor.go("/tour")
    with visitor.page.expect_navigation():
        visitor.page.locator(f'[data-step="{key}"] button').first.click()


def test_the_story_of_the_manhole_cover_is_walked_by_its_buttons(person: Callable[..., Person]) -> None:
    visitor = person(size=PHONE)
    page = visitor.page
    step_is(visitor, "report", "now")
    step_is(visitor, "accept", "ahead")
    enter(visitor, "report")
    page.wait_for_selector("html[data-ready]")
    visitor.take_photo("manhole")
    for _ in range(3):
        page.locator("[data-next]").click()
    with page.expect_navigation(url=re.compile("/report/sent/")):
        page.locator("[data-send]").click()
    page.get_by_role("link", name="回到“走一遍”").click()
    page.wait_for_selector('[data-step="report"][data-state="done"]')
    for key, label in (("accept", "受理"), ("verify", "核实通过"), ("file", "立案")):
        enter(visitor, key)
        do(visitor, label)
        step_is(visitor, key, "done")
    enter(visitor, "dispatch")
    do(visitor, "派遣")
    enter(visitor, "finish")
    do(visitor, "处置完成", fill={"note": "新井盖已装好，四周抹平。"}, photo="manhole")
    step_is(visitor, "finish", "done")
    for key, label in (("check", "核查通过"), ("close", "结案")):
        enter(visitor, key)
        do(visitor, label)
    step_is(visitor, "rate", "now")
    enter(visitor, "rate")
    page.locator(".score").first.click()
    page.locator("#rating button[type=submit]").click()
    page.wait_for_selector("#rating .rated")
    step_is(visitor, "rate", "done")
    assert page.locator('[data-story="manhole"]').get_attribute("data-done") == "9"
    page.get_by_role("button", name="从头再走一遍").click()
    page.wait_for_selector('[data-story="manhole"][data-done="0"]')


def test_the_tour_lets_nobody_in_who_does_not_play(house: RunningHome) -> None:
    with httpx.Client(base_url=house.url) as client:
        page = client.get("/tour")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "story": "manhole", "step": "accept"}
        headers = {"Referer": f"{house.url}/tour"}
        for username in ("admin", "leader", "handler"):
            assert client.post(f"/tour/enter/{username}", data=form, headers=headers).status_code == 404
        assert (
            client.post("/tour/enter/dispatcher", data=form | {"story": "x"}, headers=headers).status_code
            == 404
        )
        assert (
            client.post("/tour/enter/dispatcher", data={"story": "manhole", "step": "accept"}).status_code
            == 403
        )
        assert client.get("/work/cases/").status_code == 302
        assert client.post("/tour/enter/dispatcher", data=form, headers=headers).status_code == 302
        assert client.get("/work/cases/").status_code == 200
