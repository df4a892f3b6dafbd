"""Figures of floor 1 and of the whole house at rest: locating, record, tiles, live stream, memory, start."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import home as homes
from bench import load
from bench.figures import Benchmark, Definition, Figure, expect, median, percentile
from bench.inside import run_inside
from bench.session import Session

DEFINITIONS = (
    Definition(
        "locate_points_per_s",
        "points/s",
        "`locate_many` of 200,000 random points of the city's box to grid, village, town",
        "shapely `STRtree.query(points, 'within')` on the same polygons",
    ),
    Definition(
        "locate_ratio_to_strtree", "ratio", "the figure above over the bare tree", "bare STRtree", "≥ 0.8"
    ),
    Definition(
        "record_write_per_s",
        "acts/s",
        "`act()` with one event, one client, embedded PostgreSQL with fsync",
        "the same two rows in one bare transaction",
    ),
    Definition("tile_p95_ms", "ms", "one case tile of 5,000 points, cold (first read) and warm", "—", "< 50"),
    Definition(
        "live_fanout_p99_ms_500",
        "ms",
        "from commit to the last of 500 browsers, 50 events one at a time",
        "—",
        "< 1,000",
    ),
    Definition(
        "memory_all_mib",
        "MiB",
        "PSS of every process without simulator, two web workers, idle",
        "—",
        "< 1,200",
    ),
    Definition("cold_start_s", "s", "an empty home to the city's first page", "—", "< 180"),
    Definition("warm_start_s", "s", "a second start to the first page", "—", "< 10"),
)
READERS = 500


def measure(quick: bool) -> list[Figure]:
    """Measure on one home of its own; the second start uses the same folder."""
    folder = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    try:
        with homes.running(folder) as first:
            found = [
                Figure(
                    "cold_start_s",
                    round(first.ready_s, 2),
                    "s",
                    note="city loaded and tiles cut, downloads not counted",
                )
            ]
            found += _inside(first, quick)
            found += _tiles(first, quick)
            found += _fan_out(first, quick)
        with homes.running(folder) as second:
            found.append(Figure("warm_start_s", round(second.ready_s, 2), "s"))
            _warm_up(second)
            time.sleep(10 if quick else 60)
            found.append(
                Figure(
                    "memory_all_mib",
                    round(second.memory_mib()),
                    "MiB",
                    note=f"{len(second.family())} processes",
                )
            )
    finally:
        homes.destroy(folder)
    order = [d.name for d in DEFINITIONS]
    return sorted(found, key=lambda figure: order.index(figure.name))


BENCHMARK = Benchmark("ground", DEFINITIONS, measure)


def _inside(running: homes.Running, quick: bool) -> list[Figure]:
    """Measure locate and the record in a process with Django, beside their limits."""
    answer = run_inside(running.home, "bench.inside_ground", quick)
    locate, tree = median(answer["locate_s"]), median(answer["strtree_s"])
    write, bare = median(answer["act_s"]), median(answer["bare_s"])
    points, acts, runs = answer["points"], answer["acts"], len(answer["locate_s"])
    return [
        Figure(
            "locate_points_per_s",
            round(points / locate),
            "points/s",
            round(points / tree),
            round(tree / locate, 3),
            runs,
        ),
        Figure(
            "locate_ratio_to_strtree", round(tree / locate, 3), "ratio", 1.0, round(tree / locate, 3), runs
        ),
        Figure(
            "record_write_per_s",
            round(acts / write),
            "acts/s",
            round(acts / bare),
            round(bare / write, 3),
            runs,
        ),
    ]


def _tiles(running: homes.Running, quick: bool) -> list[Figure]:
    """Fill 5,000 cases into one tile and read it, first cold, then warm."""
    count = run_inside(running.home, "bench.inside_fill", quick)
    session = Session.of(running, "dispatcher")
    url = f"{running.base}/tiles/cases/{count['z']}/{count['x']}/{count['y']}.mvt"
    payload = load.request("GET", url, session.headers)
    cold = load.run(running.port, lambda _: payload, 1, 1, keep_bodies=True)
    warm = load.run(running.port, lambda _: payload, 50 if quick else 200, 1, keep_bodies=True)
    expect(set(warm.statuses) == {200}, f"tile answered {warm.statuses}")
    features = run_inside(running.home, "bench.inside_decode", quick, stdin=warm.bodies[-1])["features"]
    p50 = percentile(warm.seconds, 0.5) * 1000
    note = f"{features} features of {count['cases']} cases, cold {cold.seconds[0] * 1000:.1f} ms, p50 {p50:.1f} ms"
    return [
        Figure(
            "tile_p95_ms",
            round(percentile(warm.seconds, 0.95) * 1000, 1),
            "ms",
            runs=len(warm.seconds),
            note=note,
        )
    ]


def _fan_out(running: homes.Running, quick: bool) -> list[Figure]:
    """Open 500 streams, tell events one at a time, and take the time until the last stream has each."""
    session = Session.of(running, "dispatcher")
    token = session.get_json(f"{running.base}/live/token")
    events = 20 if quick else 50
    teller = subprocess.Popen(
        [sys.executable, "-m", "bench.inside_tell", str(events)],
        env={
            **os.environ,
            "LINLI_HOME": str(running.home.path),
            "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        delays = asyncio.run(_listen(running, token["token"], teller, events))
    finally:
        teller.kill()
    return [
        Figure(
            "live_fanout_p99_ms_500",
            round(percentile(delays, 0.99) * 1000, 1),
            "ms",
            runs=events,
            note=f"p50 {percentile(delays, 0.5) * 1000:.0f} ms, {READERS} streams, from before the commit",
        )
    ]


async def _listen(
    running: homes.Running, token: str, teller: subprocess.Popen[bytes], events: int
) -> list[float]:
    port = running.home.ports().live
    heard: asyncio.Queue[tuple[bytes, float]] = asyncio.Queue()
    tasks = []
    opened = asyncio.Semaphore(0)

    async def reader() -> None:
        source, sink = await asyncio.open_connection("127.0.0.1", port)
        sink.write(load.request("GET", f"http://127.0.0.1:{port}/live?token={token}"))
        await source.readuntil(b"event: hello")
        opened.release()
        while line := await source.readline():
            if line.startswith(b"data: ") and b"bench.told" in line:
                mark = line.split(b'"mark":')[1].split(b"}")[0].split(b",")[0]
                heard.put_nowait((mark, time.perf_counter()))

    tasks = [asyncio.create_task(reader()) for _ in range(READERS)]
    for _ in range(READERS):
        await asyncio.wait_for(opened.acquire(), 30)
    assert teller.stdin is not None and teller.stdout is not None
    await asyncio.to_thread(teller.stdout.readline)
    delays = []
    for number in range(events):
        began = time.perf_counter()
        teller.stdin.write(f"{number}\n".encode())
        teller.stdin.flush()
        last = began
        for _ in range(READERS):
            mark, at = await asyncio.wait_for(heard.get(), 20)
            expect(int(mark) == number, f"event {mark!r} out of turn, expected {number}")
            last = max(last, at)
        delays.append(last - began)
    for task in tasks:
        task.cancel()
    return delays


def _warm_up(running: homes.Running) -> None:
    """Ask each page once, so that the memory is that of a used house."""
    session = Session.of(running, "dispatcher")
    for path in ("/", "/work/cases/", "/wall/", "/report/", "/tiles/base/12/3237/1692.mvt"):
        session.get(running.base + path)
