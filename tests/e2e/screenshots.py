"""Photograph every page in every size, language and theme, for people to look at: `script/screenshots [NAME …]`.

The pictures lie in build/screenshots/<page>-<size>-<language>-<theme>.png. The city in them is alive: the simulator
fills it first. `--home FOLDER:PORT` takes a home that runs already.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.pages import PAGES, Page
from tests.e2e.person import PHONE, WALL, Person
from tests.e2e.staged import Staged, stage
from tests.running_home import ROOT, RunningHome, end_in_order, new_home

OUT = ROOT / "build" / "screenshots"
SIZES = {"desk": WALL, "phone": PHONE}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
THEMES = ("light", "dark")
CASES_WANTED = 90
MAP_SETTLES_S = 15.0


def main() -> int:
    """Take the pictures; return 1 when a page complained."""
    parser = argparse.ArgumentParser(prog="screenshots")
    parser.add_argument("names", nargs="*", help="pages to photograph (default: all)")
    parser.add_argument("--home", help="FOLDER:PORT of a home that runs")
    options = parser.parse_args()
    end_in_order()
    OUT.mkdir(parents=True, exist_ok=True)
    pages = [page for page in PAGES if not options.names or page.name in options.names]
    complaints: list[str] = []
    with living_home(options.home) as home, sync_playwright() as playwright:
        staged = stage(home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for page, size, language, theme in itertools.product(pages, SIZES, LANGUAGES, THEMES):
            if page.is_dark_only and theme == "light":
                continue
            complaints += photograph(browser, home, staged, page, size, language, theme)
        browser.close()
    for complaint in complaints:
        print(complaint, file=sys.stderr)  # noqa: T201
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")  # noqa: T201
    return 1 if complaints else 0


def photograph(
    browser: Any, home: RunningHome, staged: Staged, page: Page, size: str, language: str, theme: str
) -> list[str]:
    """Take one picture; return what the page complained about."""
    person = Person(browser, home.url, SIZES[size], language=LANGUAGES[language], theme=theme)
    try:
        if page.who:
            person.log_in(page.who)
        person.go(staged.path(page.path))
        person.page.wait_for_selector("html[data-ready]")
        settle(person)
        path = OUT / f"{page.name}-{size}-{language}-{theme}.png"
        person.page.screenshot(path=path, full_page=size == "phone")
        return person.complaints
    finally:
        person.leave()


def settle(person: Person) -> None:
    """Wait until fonts are there and every map has drawn."""
    person.page.evaluate("document.fonts.ready.then(() => 1)")
    if person.page.locator("linli-map").count():
        person.page.evaluate(
            """(patience) => Promise.race([
                new Promise((done) => setTimeout(done, patience)),
                Promise.all([...document.querySelectorAll("linli-map")].map(async (element) => {
                    const city = await element.ready;
                    if (!city.map.loaded() || city.map.isMoving()) await city.map.once("idle");
                })),
            ]).then(() => 1)""",
            MAP_SETTLES_S * 1000,
        )


@contextmanager
def living_home(given: str | None) -> Iterator[RunningHome]:
    """Give a home with some life in it."""
    if given:
        folder, port = given.rsplit(":", 1)
        yield RunningHome(Path(folder), int(port))
        return
    home = new_home("pictures")
    try:
        home.start("--simulator")
        home.wait_until(lambda: cases_in(home) >= CASES_WANTED, 240, "life in the city")
        time.sleep(5)
        yield home
    finally:
        home.remove()


def cases_in(home: RunningHome) -> int:
    with home.database() as database:
        return int(database.execute("SELECT count(*) FROM cases_case").fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
