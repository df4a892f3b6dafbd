"""A logged-in caller of the public doors, for benchmarks."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from bench.home import Running
from linli.kernel.home import Home


def door_key(home: Home) -> str:
    """Return the key that exempts our own load from the public rate limits."""
    return home.secret("door-key").hex()


@dataclass
class Session:
    """Cookies of one demo account."""

    opener: urllib.request.OpenerDirector
    jar: http.cookiejar.CookieJar

    @classmethod
    def of(cls, running: Running, username: str) -> Session:
        """Log in through the page, as a person would."""
        jar = http.cookiejar.CookieJar()
        session = cls(urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)), jar)
        page = session.get(f"{running.base}/login").decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError("the log-in page has no form")
        form = {
            "csrfmiddlewaretoken": found[1],
            "username": username,
            "password": "linli-demo",
            "next": "/healthz",
        }
        session.get(f"{running.base}/login", urllib.parse.urlencode(form).encode())
        if not any(cookie.name.startswith("linli_session") for cookie in jar):
            raise RuntimeError(f"{username} could not log in")
        return session

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that carry this session."""
        return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)}

    def get(self, url: str, body: bytes | None = None) -> bytes:
        """Return the body of an answer; follows redirects. ERRORS: urllib's for an error status."""
        with self.opener.open(urllib.request.Request(url, data=body), timeout=30) as answer:
            return bytes(answer.read())

    def get_json(self, url: str) -> Any:
        """Return the decoded body."""
        return json.loads(self.get(url))
