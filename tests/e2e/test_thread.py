"""The thread through the whole house, as the people in it see it, and the wall that moves while they work."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.e2e.person import DESK, PHONE, WALL, Person

MOVES_WITHIN_S = 5.0


def watch_wall(wall: Person) -> None:
    """Open the wall and wait until it hears the stream."""
    wall.go("/wall/")
    wall.page.wait_for_selector('#live-state[data-state="online"]')


def wait_on_wall(wall: Person, code: str, state: str) -> float:
    """Wait until the wall shows a case in a state; return the seconds that took."""
    began = time.monotonic()
    wall.page.wait_for_selector(
        f'[data-panel="newest"] [data-key="{code}:{state}"]', timeout=MOVES_WITHIN_S * 1000
    )
    return time.monotonic() - began


def do(staff: Person, label: str, *, fill: dict[str, str] | None = None, photo: str = "") -> None:
    """Press one of the buttons a case offers; fill and send its form where it has one."""
    page = staff.page
    page.wait_for_selector("html[data-ready]")
    actions = page.locator(".case-actions")
    if actions.get_by_role("link", name=label, exact=True).count():
        actions.get_by_role("link", name=label, exact=True).click()
        form = page.locator("#case-form form")
        form.wait_for()
        for name, value in (fill or {}).items():
            form.locator(f"[name={name}]").fill(value)
        if photo:
            staff.take_photo(photo, mended=True)
        press = form.locator("button[type=submit]")
    else:
        press = actions.get_by_role("button", name=label, exact=True)
    with page.expect_response(
        lambda answer: "/do/" in answer.url and answer.request.method == "POST"
    ) as sent:
        press.click()
    assert sent.value.status < 400, f"{label}: {sent.value.status}"
    page.wait_for_selector("[data-said]")


def test_a_citizens_report_is_closed_before_the_eyes_of_the_city(
    person: Callable[..., Person], record_property: Callable[[str, object], None]
) -> None:
    wall = person("leader", size=WALL)
    watch_wall(wall)
    citizen = person(size=PHONE)
    code = citizen.report("门口的垃圾堆成小山，三天没人收了。", phone="13900001234")
    delays = [wait_on_wall(wall, code, "registered")]
    assert code in citizen.page.locator(".sent-code").first.inner_text()
    citizen.page.get_by_role("link", name="看进度").click()
    citizen.page.wait_for_selector("[data-track]")

    dispatcher = person("dispatcher", size=DESK)
    dispatcher.go(f"/work/cases/?scope=mine&q={code}")
    dispatcher.page.locator(f'[data-code="{code}"] a').first.click()
    for label, state in (("受理", "to_verify"), ("核实通过", "to_file"), ("立案", "to_dispatch")):
        do(dispatcher, label)
        delays.append(wait_on_wall(wall, code, state))
    do(dispatcher, "派遣")
    delays.append(wait_on_wall(wall, code, "in_handling"))

    handler = person("handler", size=PHONE)
    handler.go(f"/work/cases/?scope=mine&q={code}")
    handler.page.locator(f'[data-code="{code}"] a').first.click()
    do(handler, "处置完成", fill={"note": "已清运并冲洗，安排每日巡查。"}, photo="rubbish")
    delays.append(wait_on_wall(wall, code, "to_check"))

    for label, state in (("核查通过", "to_close"), ("结案", "closed")):
        dispatcher.go(f"/work/cases/{code}/")
        do(dispatcher, label)
        delays.append(wait_on_wall(wall, code, state))

    # The citizen's page heard it without being touched.
    citizen.page.wait_for_selector("#rating form")
    assert citizen.page.locator(".before-after img").count() == 2
    citizen.page.locator(".score").first.click()
    citizen.page.locator("[name=words]").fill("来得快，谢谢。")
    citizen.page.locator("#rating button[type=submit]").click()
    citizen.page.wait_for_selector("#rating .rated")
    record_property("wall_moved_after_s", [round(delay, 2) for delay in delays])


def test_the_reporter_finds_the_report_again_by_code_and_phone(person: Callable[..., Person]) -> None:
    citizen = person(size=PHONE)
    code = citizen.report(phone="13900005678")
    citizen.go("/track/")
    citizen.page.locator("[name=code]").fill(code)
    citizen.page.locator("[name=proof]").fill("13900005678")
    citizen.page.locator("main button[type=submit]").click()
    citizen.page.wait_for_selector("[data-track]")
    assert code in citizen.page.url
