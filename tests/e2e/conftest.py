"""A real home and real browsers: one home and one Chromium a session, one window a person.

Every person's window is watched: a script error, a message of the content security policy or an answer of 500 and
more fails the test in which it happened.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.person import PHONE, Person
from tests.running_home import RunningHome, new_home

playwright_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the test packages")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FAILED = pytest.StashKey[bool]()
PICTURES = Path(__file__).resolve().parents[2] / "build" / "e2e"
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def house() -> Iterator[RunningHome]:
    """A running home with the demo city and nobody living in it. `LINLI_E2E_HOME=folder:port` names one that runs."""
    given = os.environ.get("LINLI_E2E_HOME")
    if given:
        folder, port = given.rsplit(":", 1)
        yield RunningHome(Path(folder), int(port))
        return
    home = new_home("e2e")
    try:
        home.start("--no-simulator")
        yield home
    finally:
        home.remove()


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """One Chromium for all windows of this package: Playwright keeps the thread's event loop while it is open."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; set CHROMIUM or install it")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Note on the test whether it failed, so that its windows can be photographed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def person(
    house: RunningHome, chromium: object, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Person]]:
    """Give a window of its own to a person: `person("dispatcher")`, `person(size=PHONE, scripts=False)`."""
    everybody: list[Person] = []

    def come(username: str = "", size: tuple[int, int] = PHONE, **options: object) -> Person:
        one = Person(chromium, house.url, size, **options)  # type: ignore[arg-type]
        everybody.append(one)
        if username:
            one.log_in(username)
        return one

    yield come
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(everybody):
            with contextlib.suppress(Exception):
                one.page.screenshot(path=PICTURES / f"{request.node.name[:80]}-{number}.png")
    complaints = [complaint for one in everybody for complaint in one.complaints]
    for one in everybody:
        one.leave()
    assert not complaints, "\n".join(complaints)
