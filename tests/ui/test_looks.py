"""Every part in a real browser: accessible, within its window, quiet in the console, usable by keyboard."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("/gallery/", "/gallery/staff/", "/gallery/wall/", "/gallery/empty/", "/gallery/refusal/")
# No tiles are loaded in this test: their absence is the one thing the console may mention.
EXPECTED = ("/tiles/", "404 (Not Found)", "AJAXError", "GPU stall", "swiftshader")


def opened(browser: Any, url: str, said: list[str] | None = None, **options: Any) -> Any:
    """Open `url` in a window of its own; what the console says of errors is added to `said`."""
    options.setdefault("viewport", {"width": 1920, "height": 1080})
    context = browser.new_context(locale="zh-CN", **options)
    page = context.new_page()
    if said is not None:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html[data-ready]")
    return page


@pytest.mark.django_db
def test_the_gallery_answers_from_threads_of_its_own(gallery_url: str) -> None:
    """Before any browser; its mark also has the database made when these tests run alone."""
    with urllib.request.urlopen(gallery_url + PAGES[0], timeout=20) as answer:
        assert answer.status == 200
        assert "</main>" in answer.read().decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1920), ("dark", 390)])
def test_no_rule_of_accessibility_is_broken(
    browser: Any, gallery_url: str, path: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(
        browser,
        gallery_url + path,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        bypass_csp=True,
    )
    page.wait_for_timeout(500)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert not [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out of the window"
    page.context.close()


@pytest.mark.parametrize("path", PAGES[:3])
def test_the_content_security_policy_holds(browser: Any, gallery_url: str, path: str) -> None:
    said: list[str] = []
    page = opened(browser, gallery_url + path, said)
    page.wait_for_selector("linli-map canvas")
    page.wait_for_selector("linli-chart canvas")
    page.wait_for_timeout(500)
    assert not [words for words in said if not any(part in words for part in EXPECTED)]
    page.context.close()


def test_a_theme_is_chosen_at_once_and_kept(browser: Any, gallery_url: str) -> None:
    page = opened(browser, gallery_url + "/gallery/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[popovertarget=preferences]")
    page.click("button[name=theme][value=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"
    page.context.close()


def test_the_keyboard_walks_the_list_and_helps(browser: Any, gallery_url: str) -> None:
    page = opened(browser, gallery_url + "/gallery/staff/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    lines = page.locator("[data-line]")
    assert (
        lines.nth(0).get_attribute("data-current") == ""
        and lines.nth(1).get_attribute("data-current") is None
    )
    page.keyboard.press("?")
    assert page.locator("dialog[open]").inner_text().startswith("键盘快捷键")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.context.close()


def test_a_double_press_sends_once(browser: Any, gallery_url: str) -> None:
    page = opened(browser, gallery_url + "/gallery/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route("**/gallery/", lambda route: page.wait_for_timeout(300) or route.continue_())
    page.evaluate(
        "() => { const b = document.querySelector('form.measure .button-primary'); b.click(); b.click(); b.click(); }"
    )
    page.wait_for_selector(".error-summary")
    # The page that answers may draw its summary before its script has moved the focus there.
    page.wait_for_selector(".error-summary:focus")
    assert len(sent) == 1
    page.context.close()


def test_the_pin_moves_by_arrow_keys_and_says_so(browser: Any, gallery_url: str) -> None:
    page = opened(browser, gallery_url + "/gallery/")
    page.locator("#sample-pin").scroll_into_view_if_needed()
    page.wait_for_selector("#sample-pin .map-pin")
    where = "async () => (await document.getElementById('sample-pin').ready).pin.position.lon"
    before = page.evaluate(where)
    page.locator("#sample-pin .map-pin").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) > before
    assert "经度" in page.locator("#sample-pin [role=status]").first.inner_text()
    page.context.close()


def test_chosen_files_show_themselves_and_can_be_taken_back(browser: Any, gallery_url: str) -> None:
    page = opened(browser, gallery_url + "/gallery/")
    pixel = bytes.fromhex(
        "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
    )
    page.set_input_files("#id_photo", {"name": "井盖.gif", "mimeType": "image/gif", "buffer": pixel})
    assert "井盖.gif" in page.locator(".upload-item").inner_text()
    page.click(".upload-item button")
    assert page.locator(".upload-item").count() == 0
    page.set_input_files(
        "#id_photo", {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    )
    assert "不是可以接受的文件类型" in page.locator(".toast").inner_text()
    page.context.close()


def test_everything_but_map_and_chart_works_without_scripts(browser: Any, gallery_url: str) -> None:
    page = opened(
        browser, gallery_url + "/gallery/", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page.click("form.measure .button-primary")
    assert page.locator(".error-summary li").count() >= 5
    page.click("[popovertarget=preferences]")
    page.click("button[name=language][value=en]")
    assert page.locator("h1").inner_text() == "Gallery of parts"
    page.locator("#sample-map summary").click()
    assert page.locator("#sample-map tbody tr").count() == 60
    page.context.close()
