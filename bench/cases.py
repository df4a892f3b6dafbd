"""Figures of the case engine, over HTTP, beside the same rows in one bare transaction."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from bench import home as homes
from bench import load
from bench.figures import Benchmark, Definition, Figure, expect, median, percentile
from bench.inside import run_inside
from bench.session import Session, door_key

CLIENTS = 16
DEFINITIONS = (
    Definition(
        "case_open_per_s",
        "cases/s",
        "`POST /api/cases/reports`, 16 clients, two web workers, embedded PostgreSQL with fsync",
        "one bare transaction of the same rows through the same server, interleaved",
        "≥ 270",
    ),
    Definition("case_open_p95_ms", "ms", "the answers of the runs above", "—"),
    Definition(
        "case_open_ratio_to_bare_rows",
        "ratio",
        "the first figure over its limit",
        "bare transaction",
        "≥ 0.5",
    ),
    Definition(
        "detail_p95_ms", "ms", "`GET /api/cases/{code}`, one client, 10,000 cases", "Signalen 59–70 ms p50"
    ),
    Definition(
        "list_p95_ms",
        "ms",
        "`GET /api/cases` page of 50, one client, 10,000 cases",
        "Signalen 514–536 ms p50",
    ),
    Definition(
        "list_clerk_to_admin",
        "ratio",
        "the list of a handler (own department) over that of a dispatcher (all)",
        "dispatcher",
        "≤ 1.2",
    ),
)


def measure(quick: bool) -> list[Figure]:
    """Measure on one home of its own."""
    with homes.running() as running:
        found = _open(running, 300 if quick else 1500, 3 if quick else 5)
        found += _read(running, quick)
        outbox = run_inside(running.home, "bench.inside_settle", quick)
        expect(outbox["left"] == 0, f"{outbox['left']} events were never told")
        expect(outbox["broken"] == 0, f"{outbox['broken']} record entries do not verify")
    return found


BENCHMARK = Benchmark("cases", DEFINITIONS, measure)


def _open(running: homes.Running, count: int, runs: int) -> list[Figure]:
    headers = {"Content-Type": "application/json", "X-Linli-Key": door_key(running.home)}
    spots = run_inside(running.home, "bench.inside_spots", False)
    chance = random.Random(7)

    def report(_number: int) -> bytes:
        lon, lat = chance.choice(spots["points"])
        body = {
            "submission_id": str(uuid4()),
            "category": chance.choice(spots["categories"]),
            "description": "人行道上的井盖不见了,晚上路灯暗,请尽快来看看。",
            "lon": lon,
            "lat": lat,
            "phone": "13900001234",
        }
        return load.request("POST", f"{running.base}/api/cases/reports", headers, json.dumps(body).encode())

    warm = load.run(running.port, report, 100, CLIENTS, keep_bodies=True)
    expect(set(warm.statuses) == {201}, f"reports answered {warm.statuses}: {warm.bodies[0][:300]!r}")
    ours: list[load.Load] = []
    limits: list[load.Load] = []
    with _bare(running) as port:
        bare = load.request("POST", f"http://127.0.0.1:{port}/insert", {})
        load.run(port, lambda _: bare, 100, CLIENTS)
        before = run_inside(running.home, "bench.inside_settle", True)["opened"]
        for _ in range(runs):
            ours.append(load.run(running.port, report, count, CLIENTS))
            limits.append(load.run(port, lambda _: bare, count, CLIENTS))
        after = run_inside(running.home, "bench.inside_settle", True)["opened"]
    for one in (*ours, *limits):
        expect(set(one.statuses) == {201}, f"answered {one.statuses}")
    expect(after - before == runs * count, f"{after - before} cases were opened, {runs * count} acknowledged")
    rate, limit = median([one.per_second for one in ours]), median([one.per_second for one in limits])
    seconds = [second for one in ours for second in one.seconds]
    spread = f"p50 {percentile(seconds, 0.5) * 1000:.0f} ms, p99 {percentile(seconds, 0.99) * 1000:.0f} ms"
    return [
        Figure(
            "case_open_per_s",
            round(rate, 1),
            "cases/s",
            round(limit, 1),
            round(rate / limit, 3),
            runs,
            f"{CLIENTS} clients, {count} a run",
        ),
        Figure("case_open_p95_ms", round(percentile(seconds, 0.95) * 1000, 1), "ms", runs=runs, note=spread),
        Figure(
            "case_open_ratio_to_bare_rows", round(rate / limit, 3), "ratio", 1.0, round(rate / limit, 3), runs
        ),
    ]


def _read(running: homes.Running, quick: bool) -> list[Figure]:
    filled = run_inside(running.home, "bench.inside_fill", quick)
    count = 100 if quick else 300
    admin, clerk = Session.of(running, "dispatcher"), Session.of(running, "handler")
    code = admin.get_json(f"{running.base}/api/cases?page_size=1")["items"][0]["code"]

    def timed(session: Session, path: str) -> list[float]:
        payload = load.request("GET", running.base + path, session.headers)
        load.run(running.port, lambda _: payload, 10, 1)
        answer = load.run(running.port, lambda _: payload, count, 1)
        expect(set(answer.statuses) == {200}, f"{path} answered {answer.statuses}")
        return answer.seconds

    detail = timed(admin, f"/api/cases/{code}")
    lists = {
        name: timed(session, "/api/cases?page_size=50")
        for name, session in (("admin", admin), ("clerk", clerk))
    }
    ratio = median(lists["clerk"]) / median(lists["admin"])
    cases = f"{filled['cases']} cases"
    return [
        Figure(
            "detail_p95_ms",
            round(percentile(detail, 0.95) * 1000, 1),
            "ms",
            59.0,
            None,
            count,
            f"p50 {percentile(detail, 0.5) * 1000:.1f} ms; {cases}; peer: Signalen p50",
        ),
        Figure(
            "list_p95_ms",
            round(percentile(lists["admin"], 0.95) * 1000, 1),
            "ms",
            536.0,
            None,
            count,
            f"p50 {percentile(lists['admin'], 0.5) * 1000:.1f} ms; {cases}; peer: Signalen p50",
        ),
        Figure("list_clerk_to_admin", round(ratio, 3), "ratio", 1.0, round(ratio, 3), count),
    ]


@contextmanager
def _bare(running: homes.Running) -> Iterator[int]:
    """Serve `bench.bare` by granian with the settings of the web process."""
    port = homes.free_ports()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        "2",
        "--blocking-threads",
        "8",
        "--backpressure",
        "256",
        "--log-level",
        "warning",
        "bench.bare:application",
    ]
    environment = {
        **os.environ,
        "LINLI_HOME": str(running.home.path),
        "DJANGO_SETTINGS_MODULE": "bench.bare_settings",
        "MALLOC_ARENA_MAX": "2",
    }
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(200):
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{port}/insert", method="POST")
                urllib.request.urlopen(request, timeout=2).close()
                break
            except OSError:
                import time

                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)
