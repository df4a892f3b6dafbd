"""Every page: nothing wrong in the console, nothing outside the window, nothing a screen reader stumbles over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.pages import PAGES, Page
from tests.e2e.person import DESK, PHONE, Person
from tests.e2e.staged import Staged, stage
from tests.running_home import RunningHome

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LOOKS = ((PHONE, "zh-CN", "light"), (DESK, "en", "dark"))


@pytest.fixture(scope="session")
def staged(house: RunningHome) -> Staged:
    return stage(house)


@pytest.mark.parametrize("look", LOOKS, ids=("phone-zh-light", "desk-en-dark"))
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_is_sound(
    person: Callable[..., Person], staged: Staged, page: Page, look: tuple[tuple[int, int], str, str]
) -> None:
    size, language, theme = look
    visitor = person(page.who, size=size, language=language, theme=theme)
    answer = visitor.go(staged.path(page.path))
    assert answer.status == page.status
    visitor.page.wait_for_selector("html[data-ready]")
    assert visitor.page.evaluate("document.documentElement.lang") == (
        "zh-Hans" if language == "zh-CN" else "en"
    )
    assert visitor.sideways() <= 0, f"{visitor.sideways()} px wider than the window"
    found = Axe().run(visitor.page, options=RULES).response["violations"]
    assert not found, "\n".join(_said(one) for one in found)


def _said(violation: dict[str, object]) -> str:
    nodes = [node["html"][:160] for node in violation["nodes"]][:4]  # type: ignore[index,union-attr]
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n    " + "\n    ".join(nodes)
