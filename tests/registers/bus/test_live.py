"""The process `linli live`, with a real NATS: what a browser gets over HTTP."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from linli.config.processes import web
from linli.kernel.home import Home
from linli.registers.bus import stream, tokens
from linli.registers.bus.types import Grant, Labels
from tests.registers.bus.listening import jetstream
from tests.registers.bus.test_hub import message

pytestmark = pytest.mark.slow


@pytest.fixture
def port(bus: Home) -> Iterator[int]:
    """The live stream's own process, ready."""
    process = subprocess.Popen(
        web.live_command(bus), env={**os.environ, **web.child_environment(bus)}, start_new_session=True
    )
    number = bus.ports().live
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            try:
                if get(number, "/healthz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield number
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def get(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


def token(home: Home, *grants: Grant, at: float | None = None) -> str:
    return quote(tokens.issue(home.secret("live"), "handler", grants, at or time.time()))


def publish(*bodies: bytes) -> None:
    async def send() -> None:
        async with jetstream() as js:
            for body in bodies:
                await js.publish(stream.subject_of("case.changed"), body)

    asyncio.run(send())


def read_events(response: http.client.HTTPResponse, count: int) -> list[int]:
    """Read data lines of events until `count` came."""
    found: list[int] = []
    while len(found) < count:
        line = response.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data: ") and '"labels"' in line:
            found.append(json.loads(line[6:])["data"]["n"])
    return found


def test_events_reach_a_reader_within_a_second_filtered_by_the_token(bus: Home, port: int):
    response = get(port, f"/live?token={token(bus, Grant('case', department='water'))}")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    while not response.readline().startswith(b"event: hello"):
        pass
    began = time.monotonic()
    publish(message(1, departments=("parks",)), message(2, departments=("water",)), message(3, public=True))
    assert read_events(response, 2) == [2, 3]
    assert time.monotonic() - began < 1.0


def test_a_reader_that_returns_gets_what_it_missed(bus: Home, port: int):
    publish(*(message(number) for number in range(1, 6)))
    time.sleep(0.3)
    response = get(port, f"/live?token={token(bus, Grant('case'))}&after=2")
    assert read_events(response, 3) == [3, 4, 5]


@pytest.mark.parametrize("bad", ["", "x.y", "expired"])
def test_a_bad_token_is_refused(bus: Home, port: int, bad: str):
    text = token(bus, Grant("case"), at=time.time() - 301) if bad == "expired" else bad
    assert get(port, f"/live?token={text}").status == 401


def test_a_token_issued_before_the_posts_changed_is_refused(bus: Home, port: int):
    before = token(bus, Grant("case"))
    assert get(port, f"/live?token={before}").status == 200
    revoked = message(1, event="access.revoked", **Labels(kind="access").as_dict())
    publish(revoked)
    time.sleep(0.3)
    assert get(port, f"/live?token={before}").status == 401
    assert get(port, f"/live?token={token(bus, Grant('case'))}").status == 200


def test_health_and_metrics_answer(port: int):
    assert json.load(get(port, "/healthz"))["status"] == "ok"
    assert b"linli_live_readers" in get(port, "/metrics").read()
