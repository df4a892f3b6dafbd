"""Ways to hurt a running home, and to see it mend itself."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from tests.running_home import RunningHome

BACK_WITHIN_S = 30.0
PROCESSES = ("web", "web worker", "live", "work", "nats", "postgres")


def kill(home: RunningHome, name: str) -> float:
    """Kill one process with SIGKILL and wait until the house has all of them again; return the seconds that took.

    "web worker" is one of those the web's main process keeps: it is that one's to replace, not the supervisor's.
    """
    if name == "web worker":
        before = children(home.pid_of("web"))
        victim = random.choice(before)
        os.kill(victim, signal.SIGKILL)
        return home.wait_until(
            lambda: len(set(children(home.pid_of("web"))) - {victim}) >= len(before) and home.is_serving(),
            BACK_WITHIN_S,
            "new web worker",
        )
    victim = home.pid_of(name)
    os.kill(victim, signal.SIGKILL)
    return home.wait_until(lambda: is_back(home, name, victim), BACK_WITHIN_S, f"{name} back")


def is_back(home: RunningHome, name: str, victim: int) -> bool:
    """Tell whether a process runs anew and the pages are served."""
    row = home.rows().get(name, {})
    return row.get("pid") != victim and row.get("state") == "ready" and home.is_serving()


def freeze(home: RunningHome, name: str, for_s: float) -> None:
    """Stop a process for some seconds without ending it: a cut line, as its clients see it."""
    pid = home.pid_of(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(for_s)
    finally:
        os.kill(pid, signal.SIGCONT)


def children(pid: int) -> list[int]:
    """Return the child processes that do the work: those that serve, not the tracker of shared memory."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] not in "ZX" and b"resource_tracker" not in command:
            found.append(int(entry.name))
    return found
