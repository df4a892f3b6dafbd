"""The public doors over HTTP, with the patience of people: whoever finds the house busy tries again.

A report is sent again with the same submission id, so that a try whose answer was lost makes no second case.
"""

from __future__ import annotations

import threading
from typing import Any

import httpx

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 20.0
TIMEOUT_S = 20.0
TRY_AGAIN = frozenset({429, 502, 503, 504})


class Stopped(Exception):
    """Somebody asked the simulator to end while it waited."""


class Refused(Exception):
    """The house answered, and the answer was no. `code` is its reason code."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code = status, code


class Door:
    """One caller of the house: keeps its cookies, waits when told to, gives up only when stopped."""

    def __init__(
        self, base_url: str, stop: threading.Event, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.stop = stop
        self.http = httpx.Client(
            base_url=base_url,
            timeout=TIMEOUT_S,
            transport=transport,
            headers={"Accept": "application/json", "Accept-Language": "zh-hans"},
        )
        self.waited = 0

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send until the house answers something else than "later". ERRORS: Stopped."""
        pause_s = FIRST_PAUSE_S
        while not self.stop.is_set():
            try:
                answer = self.http.request(method, path, **request)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code not in TRY_AGAIN:
                return answer
            self.waited += 1
            self.stop.wait(_told_to_wait(answer, pause_s))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        raise Stopped

    def json(self, method: str, path: str, **request: Any) -> Any:
        """Send and return the decoded answer. ERRORS: Refused for every status of 400 and more; Stopped."""
        answer = self.ask(method, path, **request)
        if answer.status_code >= 400:
            raise refusal(answer)
        return answer.json()

    def close(self) -> None:
        self.http.close()


class Desk(Door):
    """A member of staff at work: logged in by password, with the form token on every write."""

    def __init__(
        self,
        base_url: str,
        stop: threading.Event,
        username: str,
        password: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(base_url, stop, transport)
        self.username, self.password = username, password
        self.logged_in = False

    def log_in(self) -> None:
        """Log in through the page that people use. ERRORS: Refused when name or password are wrong."""
        self.ask("GET", "/login", headers={"Accept": "text/html"})
        form = {
            "username": self.username,
            "password": self.password,
            "csrfmiddlewaretoken": self.form_token(),
        }
        answer = self.ask("POST", "/login", data=form, headers={"Accept": "text/html"})
        if answer.status_code != 302:
            raise Refused(answer.status_code, "login_failed", self.username)
        self.logged_in = True

    def form_token(self) -> str:
        """Return the form token the house gave us; its cookie is named after the port."""
        return next((c.value or "" for c in self.http.cookies.jar if c.name.startswith("linli_csrf")), "")

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send with the form token; log in first where that is needed."""
        if path.startswith("/api/") and not self.logged_in:
            self.log_in()
        answer = self._with_token(method, path, **request)
        if answer.status_code == 401 and path.startswith("/api/"):
            self.log_in()
            answer = self._with_token(method, path, **request)
        return answer

    def _with_token(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {**request.pop("headers", {})}
        if method != "GET":
            headers |= {"X-CSRFToken": self.form_token(), "Referer": str(self.http.base_url)}
        return super().ask(method, path, headers=headers, **request)


def refusal(answer: httpx.Response) -> Refused:
    """Read a refusal out of an answer of any kind."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    fields = body if isinstance(body, dict) else {}
    return Refused(answer.status_code, str(fields.get("code", "")), str(fields.get("what", ""))[:200])


def _told_to_wait(answer: httpx.Response | None, pause_s: float) -> float:
    """Return how long to wait: what the house asked for, else our own pause."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    return min(float(asked), LONGEST_PAUSE_S) if asked.isdigit() else pause_s
