"""One person with one browser window: what they do, in words of the house, and what goes wrong before their eyes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.photos import Shelf
from simulator.scenes.photo import Scene

PHONE = (390, 844)
DESK = (1440, 900)
WALL = (1920, 1080)
# What a browser says of its own accord about an answer that the test provokes on purpose.
OF_ITS_OWN = re.compile(
    r"Failed to load resource: the server responded with a status of (4\d\d|503)|GL Driver Message|WebGL"
)
PLACE = (104.5441, 30.4132)
CASE_CODE = re.compile(r"\d{8}-[0-9A-Z]+")


class Person:
    """A window. `complaints` are the errors seen in it; a test that provokes one takes it out with `forgive`."""

    def __init__(
        self,
        browser: Any,
        url: str,
        size: tuple[int, int],
        *,
        language: str = "zh-CN",
        theme: str = "light",
        scripts: bool = True,
    ) -> None:
        self.url = url
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            locale=language,
            color_scheme=theme,
            java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._response)
        if scripts:
            self.page.add_init_script(
                "addEventListener('securitypolicyviolation', (event) => "
                "console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
            )

    def _console(self, message: Any) -> None:
        if message.type == "error" and not OF_ITS_OWN.search(message.text):
            self.complaints.append(f"{self.page.url}: console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 500 and response.status != 503:
            self.complaints.append(f"{response.status} {response.url}")

    def forgive(self, pattern: str) -> None:
        """Take complaints that the test provoked out again."""
        self.complaints = [text for text in self.complaints if not re.search(pattern, text)]

    def leave(self) -> None:
        self.context.close()

    def go(self, path: str) -> Any:
        """Open a page and wait until it has loaded; return its response."""
        return self.page.goto(path, wait_until="load")

    def log_in(self, username: str) -> None:
        """Log in by the button of the demo account."""
        self.go("/login")
        with self.page.expect_navigation():
            self.page.locator(f'button[name="username"][value="{username}"]').click()

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def report(
        self,
        words: str = "垃圾堆在路边没人清。",
        kind: str = "event.0102",
        trouble: str = "rubbish",
        phone: str = "",
    ) -> str:
        """Report on a phone, photo first, pin on the map's middle; return the code of the case."""
        page = self.page
        self.go("/report/")
        page.wait_for_selector("html[data-ready]")
        self.take_photo(trouble)
        page.locator("[name=description]").fill(words)
        page.locator("[data-next]").click()
        page.locator(f'.kind[data-code="{kind}"]').click()
        page.wait_for_selector('[data-step="place"]:not([hidden])')
        self.pin()
        page.locator("[data-next]").click()
        if phone:
            page.locator("[name=contact_phone]").fill(phone)
        with page.expect_navigation(url=re.compile(r"/report/sent/")):
            page.locator("[data-send]").click()
        found = CASE_CODE.search(page.url)
        assert found, page.url
        return found[0]

    def take_photo(self, trouble: str, *, mended: bool = False) -> None:
        """Give the page's camera a photo."""
        picture = photo(trouble, mended=mended)
        chooser = self.page.locator("input[type=file]")
        count = chooser.count()
        chooser.nth(1 if count > 1 else 0).set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        self.page.wait_for_selector("[data-photo-list] li, [data-upload-list] li")

    def pin(self) -> None:
        """Tap the middle of the map and wait until the page says where that is."""
        frame = self.page.locator("#report-map [data-map-frame]")
        frame.scroll_into_view_if_needed()
        self.page.wait_for_selector("#report-map canvas")
        self.page.wait_for_function("document.querySelector('#report-map').ready !== undefined")
        self.page.evaluate("document.querySelector('#report-map').ready.then(() => 1)")
        box = frame.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_function("document.querySelector('input[name=lon]').value !== ''")


def photo(trouble: str, *, mended: bool = False, variant: int = 2) -> bytes:
    """Return a photo of a street, taken today."""
    at = datetime.now(ZoneInfo("Asia/Shanghai"))
    return Shelf().picture(Scene(trouble, variant), mended=mended, at=at)
