"""The long run: a living city under load, with something killed every quarter of a minute, counted at the end.

Passes when every acknowledged report is one case, one entry of the record and one event, when the city stays in
balance, and when memory does not grow beyond its limit.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from tests.faults.kill import PROCESSES, freeze, kill
from tests.faults.load import Reporters, prove, wait_for_empty_outbox
from tests.running_home import RunningHome, end_in_order, new_home

FAULT_EVERY_S = 15.0
MEMORY_LIMIT_MIB = 1_400
OPEN_LIMIT = 420


def main() -> int:
    """Run for as long as asked; print the figures; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument(
        "--per-second", type=float, default=5.0, help="reports of the load, beside the simulator's"
    )
    parser.add_argument("--no-faults", action="store_true", help="load only")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    end_in_order()
    home = new_home("soak")
    figures: dict[str, Any] = {"minutes": options.minutes, "seed": options.seed}
    try:
        home.start("--simulator")
        figures |= soak(home, options)
        figures["passed"] = True
    except AssertionError as broken:
        figures |= {"passed": False, "broken": str(broken)[:2_000]}
    finally:
        home.remove()
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201
    return 0 if figures["passed"] else 1


def soak(home: RunningHome, options: argparse.Namespace) -> dict[str, Any]:
    """Load and hurt the home; SHAPE: plain figures. ERRORS: AssertionError naming the broken promise."""
    rng = random.Random(options.seed)
    end = time.monotonic() + options.minutes * 60
    killed: Counter[str] = Counter()
    back_s: dict[str, float] = {}
    memory_mib: list[float] = []
    people = 3
    with Reporters(home, people, every_s=people / options.per_second, most=1_000_000) as reporters:
        while time.monotonic() < end:
            reporters.wait_for(max(1, round(options.per_second * FAULT_EVERY_S * 0.5)), within_s=120)
            time.sleep(min(FAULT_EVERY_S / 2, max(0.0, end - time.monotonic())))
            memory_mib.append(memory_of(home))
            if options.no_faults:
                continue
            name = rng.choice((*PROCESSES, "cut"))
            killed[name] += 1
            if name == "cut":
                freeze(home, "nats", rng.uniform(1, 8))
            else:
                back_s[name] = max(back_s.get(name, 0.0), kill(home, name))
            print(f"{len(reporters.acknowledged)} acknowledged, {name}, {memory_mib[-1]:.0f} MiB", flush=True)  # noqa: T201
    figures: dict[str, Any] = {
        "acknowledged": len(reporters.acknowledged),
        "tries": reporters.tries,
        "failed_tries": dict(reporters.failures),
        "longest_wait_s": round(reporters.longest_wait_s, 1),
        "faults": dict(killed),
        "back_after_s_worst": {name: round(value, 1) for name, value in back_s.items()},
        "outbox_empty_after_s": round(wait_for_empty_outbox(home, 120), 1),
        "memory_mib_first_last_most": [
            round(part) for part in (memory_mib[0], memory_mib[-1], max(memory_mib))
        ],
        "simulated_open": simulated_open(home),
    }
    prove(home, reporters)
    assert figures["simulated_open"] <= OPEN_LIMIT, f"{figures['simulated_open']} simulated cases are open"
    assert max(memory_mib) <= MEMORY_LIMIT_MIB, f"{max(memory_mib):.0f} MiB"
    return figures


def memory_of(home: RunningHome) -> float:
    """Return the proportional memory (PSS) of everything `linli up` keeps. UNITS: MiB."""
    assert home.process is not None
    total = 0
    for process in [
        psutil.Process(home.process.pid),
        *psutil.Process(home.process.pid).children(recursive=True),
    ]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1024 / 1024


def simulated_open(home: RunningHome) -> int:
    """Count the open cases that the load did not bring: the simulator's own."""
    with home.database() as database:
        row = database.execute(
            "SELECT count(*) FROM cases_case WHERE closed_at IS NULL AND description NOT LIKE '第 %% 件'"
        ).fetchone()
    return int(row[0])


if __name__ == "__main__":
    sys.exit(main())
