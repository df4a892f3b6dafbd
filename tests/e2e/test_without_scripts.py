"""Without JavaScript: report, follow and work the queue by plain forms."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from tests.e2e.person import CASE_CODE, PHONE, Person, photo


def test_the_thread_works_by_plain_forms(person: Callable[..., Person]) -> None:
    words = f"路灯不亮，晚上看不清台阶 {uuid4().hex[:6]}"
    citizen = person(size=PHONE, scripts=False)
    page = citizen.page
    citizen.go("/report/")
    picture = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": photo("lamp")}
    page.locator("input[type=file][name=photos]").set_input_files(picture)
    page.locator("[name=description]").fill(words)
    page.locator('input[name=kind][value="part.0118"]').check(force=True)
    page.locator("[name=address]").fill("奥盾大院")
    page.locator("[name=contact_phone]").fill("13900002222")
    page.locator("[data-send]").click()
    choice = page.locator("input[name=address_choice]")
    if "/report/sent/" not in page.url and choice.count():
        choice.first.check(force=True)
        page.locator("input[type=file][name=photos]").set_input_files(picture)
        page.locator("[data-send]").click()
    found = CASE_CODE.search(page.url)
    assert found, page.locator("main").inner_text()[:800]
    code = found[0]

    citizen.go("/track/")
    page.locator("main [name=code]").fill(code)
    page.locator("main [name=proof]").fill("13900002222")
    page.locator("main button[type=submit]").click()
    assert code in page.locator("main").inner_text()

    dispatcher = person("dispatcher", size=PHONE, scripts=False)
    dispatcher.go(f"/work/cases/?scope=mine&q={code}")
    dispatcher.page.locator(f'[data-code="{code}"] a').first.click()
    dispatcher.page.locator(".case-actions").get_by_role("button", name="受理").click()
    dispatcher.page.get_by_text("待核实").first.wait_for()
    assert words in dispatcher.page.locator("main").inner_text()


def test_the_wall_without_scripts_still_tells_the_figures(person: Callable[..., Person]) -> None:
    leader = person("leader", scripts=False)
    answer = leader.go("/wall/")
    assert answer.status == 200
    assert leader.page.locator("[data-panel]").count() >= 4
