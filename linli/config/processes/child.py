"""One child process: started in a group of its own, bound to the supervisor's life, its words collected.

A group of its own, because a killed granian leaves its workers serving: the whole group is killed before a restart.
Bound by PDEATHSIG, because a killed supervisor must not leave a city's processes behind that nobody watches.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1


def _no_preparation() -> None:
    return None


@dataclass(frozen=True)
class Part:
    """One process a running Linli consists of. `command` is computed anew before each start.

    `ready` answers whether it does its work by now; None means that being alive is enough.
    """

    name: str
    command: Callable[[], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None
    prepare: Callable[[], None] = _no_preparation
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 3.0
    os_user: str = ""
    inherits_environment: bool = True


def spawn(part: Part) -> tuple[subprocess.Popen[bytes], int]:
    """Start the part; return it and the descriptor its output is read from (non-blocking).

    Must be called from the main thread: PDEATHSIG follows the thread that started the child.
    """
    part.prepare()
    command = part.command()
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    user = part.os_user or None
    try:
        process = subprocess.Popen(
            command,
            env={**(os.environ if part.inherits_environment else {}), **part.environment},
            cwd="/" if part.os_user else None,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            preexec_fn=bound_to_us(part.stop_signal),
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return process, reading


def bound_to_us(which: signal.Signals) -> Callable[[], None]:
    """Give what a new child must do to be sent `which` when the thread that started it dies."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(which), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def signal_group(group: int, which: signal.Signals) -> bool:
    """Send a signal to every process of a group; False when none is left."""
    try:
        os.killpg(group, which)
    except (ProcessLookupError, PermissionError):
        return False
    return True


@dataclass(frozen=True)
class ProcessFacts:
    """What the kernel says of a process. `started_ticks` tells it from a later one with the same number."""

    state: str
    group: int
    started_ticks: int


def process_facts(pid: int) -> ProcessFacts | None:
    """Read a process's state; None when there is none of this number."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return ProcessFacts(state=fields[0], group=int(fields[2]), started_ticks=int(fields[19]))
