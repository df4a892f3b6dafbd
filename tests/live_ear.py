"""An ear on the live stream, as a browser has one: reads server-sent events and comes back after a break."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

import httpx


class Ear:
    """Listens in a thread from `after` on. `heard` are the events in order, `breaks` how often it had to come back.

    `client` is who listens: an `httpx.Client` whose cookies open `/live/token`.
    """

    def __init__(self, client: httpx.Client, live_url: str, after: int | None = None) -> None:
        self.client, self.live_url = client, live_url
        self.after = after
        self.heard: list[dict[str, Any]] = []
        self.breaks, self.gaps = 0, 0
        self.is_listening = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.is_listening.wait(20)

    def _run(self) -> None:
        while not self._end.is_set():
            with contextlib.suppress(httpx.HTTPError, ValueError, KeyError):
                self._listen()
            self.breaks += 1
            self._end.wait(0.3)

    def _listen(self) -> None:
        token = self.client.get("/live/token").json()["token"]
        query = {"token": token} | ({} if self.after is None else {"after": str(self.after)})
        timeout = httpx.Timeout(5.0, read=20.0)
        with httpx.stream("GET", self.live_url, params=query, timeout=timeout) as answer:
            answer.raise_for_status()
            name = "message"
            for line in answer.iter_lines():
                if self._end.is_set():
                    return
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    self._take(name, json.loads(line[5:]))
                elif not line:
                    name = "message"

    def _take(self, name: str, data: dict[str, Any]) -> None:
        if name == "hello":
            if self.after is None:
                self.after = data["seq"]
            self.is_listening.set()
        elif name == "gap":
            self.gaps += 1
        elif name == "message":
            self.heard.append(data)
            self.after = data["seq"]

    def codes(self, event: str) -> list[str]:
        """Return the case codes of one kind of event, in the order heard."""
        return [one["data"]["code"] for one in self.heard if one["event"] == event]

    def wait_for(self, code: str, event: str, within_s: float = 10.0) -> bool:
        """Wait until an event of a case was heard."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if code in self.codes(event):
                return True
            time.sleep(0.02)
        return False

    def close(self) -> None:
        self._end.set()
