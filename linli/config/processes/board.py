"""`processes.json`: which processes of a home run, since when, how often they were restarted.

Written by the supervisor at every change; read by the doctor, by the fault tests, and by the next supervisor, which
ends what a killed one left behind.
"""

from __future__ import annotations

import os
import signal
from dataclasses import asdict, dataclass
from typing import Any

from linli.config.processes.child import process_facts, signal_group
from linli.kernel.clock import now
from linli.kernel.home import Home

FILE = "processes.json"


@dataclass
class Row:
    """One process. `state` is starting, ready, waiting (for its restart), finished or stopped."""

    name: str
    pid: int
    started_at: str
    started_ticks: int
    restarts: int
    state: str


class Board:
    """The supervisor's own view of its children, kept on disk."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._rows: dict[str, Row] = {}
        self._started_at = now().isoformat()

    def started(self, name: str, pid: int, restarts: int) -> None:
        """Note a process that was just started."""
        facts = process_facts(pid)
        ticks = facts.started_ticks if facts else 0
        self._rows[name] = Row(name, pid, now().isoformat(), ticks, restarts, "starting")
        self._write()

    def became(self, name: str, state: str) -> None:
        """Note a process's new state; a process never started has none."""
        if name in self._rows and self._rows[name].state != state:
            self._rows[name].state = state
            self._write()

    def _write(self) -> None:
        supervisor = {"pid": os.getpid(), "started_at": self._started_at}
        rows = [asdict(row) for row in self._rows.values()]
        self._home.write_json(FILE, {"supervisor": supervisor, "processes": rows})


def read_rows(home: Home) -> list[Row]:
    """Read the processes last written down for this home, in the order they were started."""
    found: Any = home.read_json(FILE) or {}
    return [Row(**row) for row in found.get("processes", [])]


def is_alive(row: Row) -> bool:
    """Tell whether this very process, not a later one of the same number, still runs."""
    facts = process_facts(row.pid)
    return facts is not None and facts.state not in "ZX" and facts.started_ticks == row.started_ticks


def end_leftovers(home: Home) -> list[str]:
    """Kill what a killed supervisor left running; return the names. PostgreSQL is left to its own stop."""
    ended = []
    for row in read_rows(home):
        if row.name == "postgres":
            continue
        facts = process_facts(row.pid)
        belongs_to_a_stranger = facts is not None and facts.started_ticks != row.started_ticks
        if not belongs_to_a_stranger and signal_group(row.pid, signal.SIGKILL):
            ended.append(row.name)
    return ended
