"""`python -m bench [NAME …] [--quick] [--json FILE] [--document FILE]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import cases, figures, ground
from bench.document import document

ALL: tuple[figures.Benchmark, ...] = (ground.BENCHMARK, cases.BENCHMARK)


def main() -> int:
    """Measure what is asked for, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(b.name for b in ALL)}; none = all"
    )
    parser.add_argument("--quick", action="store_true", help="fewer requests, same figures")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--document", type=Path, metavar="FILE", help="write the page of definitions and stop"
    )
    options = parser.parse_args()
    if options.document:
        options.document.write_text(document(ALL))
        return 0
    unknown = set(options.names) - {b.name for b in ALL}
    if unknown:
        parser.error(f"no benchmark named {', '.join(sorted(unknown))}")
    found = [figures.machine()]
    for benchmark in ALL:
        if not options.names or benchmark.name in options.names:
            found += benchmark.measure(options.quick)
            print(figures.as_table(found), flush=True)
    if options.json:
        figures.write_json(found, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
