"""Locate and record, each interleaved with its limit. Prints JSON: lists of seconds."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import django
import numpy as np


def timed(work: Callable[[], object]) -> float:
    """Return the seconds `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Measure in turn: ours, the limit, ours, the limit."""
    quick = "--quick" in sys.argv
    django.setup()
    runs = 3 if quick else 7
    answer: dict[str, object] = {}
    answer.update(locate(50_000 if quick else 200_000, runs))
    answer.update(record(200 if quick else 1_000, runs))
    print(json.dumps(answer))


def locate(points: int, runs: int) -> dict[str, object]:
    """Time `locate_many` and a bare tree over the polygons it uses; both must find the same number inside."""
    import shapely

    from linli.registers.places import ground, queries

    polygons = ground.current().layer("general").index.shapes
    tree = shapely.STRtree(polygons)
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(7)
    lons, lats = random.uniform(west, east, points), random.uniform(south, north, points)

    def bare() -> int:
        return len(np.unique(tree.query(shapely.points(lons, lats), predicate="within")[0]))

    def ours() -> int:
        return int(queries.locate_many(lons, lats).inside.sum())

    found, expected = ours(), bare()
    if abs(found - expected) > points * 0.0005:
        raise AssertionError(f"locate_many finds {found} inside, the bare tree {expected}")
    seconds: dict[str, list[float]] = {"locate_s": [], "strtree_s": []}
    for _ in range(runs):
        seconds["locate_s"].append(timed(ours))
        seconds["strtree_s"].append(timed(bare))
    return {**seconds, "points": points}


def record(acts: int, runs: int) -> dict[str, object]:
    """Time `act()` with one event, and the same two rows in a bare transaction."""
    from django.db import connection, transaction

    from linli.registers.bus.actions import act
    from linli.registers.bus.types import Labels
    from linli.registers.record.models import Entry
    from linli.registers.record.types import SYSTEM, Subject

    def ours() -> None:
        for number in range(acts):
            with act(SYSTEM, "bench_write", Subject("bench", str(number))) as deed:
                deed.tell("bench.wrote", {"mark": number}, Labels(kind="bench"))

    def bare() -> None:
        for number in range(acts):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO record_entry (uid, at, actor_kind, actor_key, actor_post, action, subject_kind, "
                    "subject_keys, purpose, reason, payload, salt, payload_hash, leaf_hash, mac) VALUES "
                    "(gen_random_uuid(), now(), 'system', 'bench', '', 'bench_bare', 'bench', ARRAY[%s], '', '', "
                    "'{}', '0123456789abcdef', %s, %s, %s)",
                    [str(number), b"0" * 32, b"0" * 32, b"0" * 32],
                )
                cursor.execute(
                    "INSERT INTO bus_outbox (uid, event, body, at) "
                    "VALUES (gen_random_uuid(), 'bench.wrote', %s, now())",
                    [
                        '{"id":"","event":"bench.bare","at":"2026-01-01T00:00:00Z","subject":{"kind":"bench","key":""},'
                        '"labels":{"kind":"bench"},"data":{}}'
                    ],
                )

    before = Entry.objects.count()
    ours()
    bare()
    seconds: dict[str, list[float]] = {"act_s": [], "bare_s": []}
    for _ in range(runs):
        seconds["act_s"].append(timed(ours))
        seconds["bare_s"].append(timed(bare))
    written = Entry.objects.count() - before
    if written != 2 * acts * (runs + 1):
        raise AssertionError(f"{written} entries were written, expected {2 * acts * (runs + 1)}")
    return {**seconds, "acts": acts}


if __name__ == "__main__":
    main()
