"""A short, bounded load of reports that never gives up, and the count of what really came of it.

Whoever sends keeps the submission id until the house acknowledged it: that is what makes "acknowledged exactly once"
a promise one can test from outside.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from linli.kernel.home import Home
from tests.running_home import RunningHome

PLACE = (104.5441, 30.4132)
SETTLE_S = 30.0
WAIT_S = 0.1


class Reporters:
    """People who report for as long as the `with` block lasts, each again and again until acknowledged."""

    def __init__(self, home: RunningHome, people: int = 3, every_s: float = 0.08, most: int = 2_000) -> None:
        self.home, self.every_s, self.most = home, every_s, most
        self.headers = {"X-Linli-Key": Home(home.folder).secret("door-key").hex()}
        self.acknowledged: dict[str, str] = {}
        self.tries, self.failures = 0, Counter[str]()
        self.longest_wait_s = 0.0
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._report_on, daemon=True) for _ in range(people)]

    def __enter__(self) -> Reporters:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(SETTLE_S * 2)
            assert not thread.is_alive(), "somebody is still waiting for an answer"

    def wait_for(self, count: int, within_s: float = 60.0) -> None:
        """Wait until `count` more reports are acknowledged."""
        goal = len(self.acknowledged) + count
        end = time.monotonic() + within_s
        while len(self.acknowledged) < goal:
            assert time.monotonic() < end, (
                f"{len(self.acknowledged)} of {goal} acknowledged: {dict(self.failures)}"
            )
            time.sleep(0.02)

    def _report_on(self) -> None:
        with httpx.Client(
            base_url=self.home.url, timeout=httpx.Timeout(5.0, connect=2.0), headers=self.headers
        ) as client:
            while not self._end.is_set() and len(self.acknowledged) < self.most:
                self._report(client)
                self._end.wait(self.every_s)

    def _report(self, client: httpx.Client) -> None:
        """Send one report until it is acknowledged, also beyond the end of the load."""
        body = {
            "submission_id": str(uuid4()),
            "category": "event.0102",
            "description": f"第 {next(self._numbers)} 件",
            "lon": PLACE[0],
            "lat": PLACE[1],
        }
        began = time.monotonic()
        while time.monotonic() - began < SETTLE_S * 2:
            self.tries += 1
            try:
                answer = client.post("/api/cases/reports", json=body)
            except httpx.TransportError as error:
                self._failed(type(error).__name__)
                continue
            if answer.status_code in (200, 201):
                with self._lock:
                    self.acknowledged[body["submission_id"]] = answer.json()["code"]
                    self.longest_wait_s = max(self.longest_wait_s, time.monotonic() - began)
                return
            self._failed(str(answer.status_code))
        raise AssertionError(f"a report was never acknowledged: {dict(self.failures)}")

    def _failed(self, how: str) -> None:
        with self._lock:
            self.failures[how] += 1
        time.sleep(WAIT_S)


@dataclass
class Truth:
    """What the house really holds of a load: cases by submission, entries and events by case code."""

    cases: dict[str, list[str]] = field(default_factory=dict)
    entries: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def truth_of(home: RunningHome, codes: list[str], submissions: list[str]) -> Truth:
    """Read database and stream. COST: three queries, one pass over the stream."""
    truth = Truth()
    with home.database() as database:
        wanted = [UUID(text) for text in submissions]
        rows = database.execute(
            "SELECT submission_id, code FROM cases_case WHERE submission_id = ANY(%s)", (wanted,)
        ).fetchall()
        for submission, code in rows:
            truth.cases.setdefault(str(submission), []).append(code)
        entries = database.execute(
            "SELECT subject_keys[1], count(*) FROM record_entry WHERE action = 'case_open'"
            " AND subject_keys[1] = ANY(%s) GROUP BY 1",
            (codes,),
        ).fetchall()
    truth.entries = Counter(dict(entries))
    truth.events = Counter(
        body["data"]["code"] for body in asyncio.run(stream_of(home)) if body["event"] == "case.opened"
    )
    return truth


def rolled_up(home: RunningHome) -> bool:
    """Tell whether the worker's consumer has counted every opened case exactly once."""
    with home.database() as database:
        counted = database.execute("SELECT coalesce(sum(opened), 0) FROM cases_caseday").fetchone()[0]
        opened = database.execute("SELECT count(*) FROM cases_case").fetchone()[0]
    assert counted <= opened, f"the roll-up counts {counted} openings, there were {opened}"
    return bool(counted == opened)


async def stream_of(home: RunningHome) -> list[dict[str, Any]]:
    """Read every message of the stream, as a consumer of its own would."""
    import nats
    from nats.js.api import ConsumerConfig, DeliverPolicy

    client = await nats.connect(Home(home.folder).nats_url())
    try:
        js = client.jetstream()
        state = (await js.stream_info("EVENTS")).state
        found: list[dict[str, Any]] = []
        if state.messages == 0:
            return found
        subscription = await js.subscribe(
            "events.>", ordered_consumer=True, config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
        )
        while True:
            message = await subscription.next_msg(timeout=10)
            found.append(json.loads(message.data))
            if message.metadata.sequence.stream >= state.last_seq:
                return found
    finally:
        await client.close()


def wait_for_empty_outbox(home: RunningHome, within_s: float = SETTLE_S) -> float:
    """Wait until everything committed was told; return the seconds that took."""

    def is_empty() -> bool:
        with home.database() as database:
            return database.execute("SELECT count(*) FROM bus_outbox").fetchone()[0] == 0

    return home.wait_until(is_empty, within_s, "empty outbox")


def prove(home: RunningHome, reporters: Reporters) -> Truth:
    """Assert the promise: every acknowledged report is one case, one entry of the record, one event of the stream,
    and counted once by the consumer of that event.
    """
    codes = list(reporters.acknowledged.values())
    assert len(set(codes)) == len(codes), "two reports were given one code"
    truth = truth_of(home, codes, list(reporters.acknowledged))
    lost = [one for one in reporters.acknowledged if one not in truth.cases]
    assert not lost, f"{len(lost)} acknowledged reports are lost"
    wrong = {one: codes for one, codes in truth.cases.items() if codes != [reporters.acknowledged[one]]}
    assert not wrong, f"acknowledged under another code, or doubled: {wrong}"
    for what, counted in (("entries in the record", truth.entries), ("events on the stream", truth.events)):
        missing = [code for code in codes if counted[code] == 0]
        doubled = [code for code in codes if counted[code] > 1]
        assert not missing, f"{len(missing)} of {len(codes)} without {what}: {missing[:5]}"
        assert not doubled, f"{len(doubled)} of {len(codes)} with several {what}: {doubled[:5]}"
    home.wait_until(lambda: rolled_up(home), SETTLE_S, "roll-up of every opening")
    return truth
