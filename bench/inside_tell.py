"""Tell one event for each line read: `python -m bench.inside_tell N`."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Say ready, then commit one act with one event per line of standard input."""
    django.setup()
    from django.db import connection

    from linli.registers.bus.actions import act
    from linli.registers.bus.types import Labels
    from linli.registers.record.types import SYSTEM, Subject

    connection.ensure_connection()
    print("ready", flush=True)
    for _ in range(int(sys.argv[1])):
        number = int(sys.stdin.readline())
        with act(SYSTEM, "bench_tell", Subject("bench", "fan-out")) as deed:
            deed.tell("bench.told", {"mark": number}, Labels(kind="case", public=True))


if __name__ == "__main__":
    main()
