"""A whole running home for tests that knock from outside: `linli up` on free ports in a folder of its own.

Used by the browser tests, the fault tests and `script/soak`. Imports neither Django nor pytest.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 180.0
CITY_WITHIN_S = 240.0
PASSWORD = "linli-demo"


class RunningHome:
    """One `linli up` and what the outside can know of it."""

    def __init__(self, folder: Path, web_port: int) -> None:
        self.folder, self.web_port = folder, web_port
        self.said: deque[str] = deque(maxlen=400)
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def live_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port + 1}/live"

    def start(self, *options: str, **environment: str) -> None:
        """Start everything and return when pages are served and the city is loaded."""
        command = [sys.executable, "-m", "linli.config.cli", "up", "--port", str(self.web_port), *options]
        clean = {key: value for key, value in os.environ.items() if not key.startswith("LINLI_")}
        clean.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**clean, "LINLI_HOME": str(self.folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait_until(
            lambda: any(line.startswith("ready ") for line in self.said), READY_WITHIN_S, "ready line"
        )
        self.wait_until(self.city_is_loaded, CITY_WITHIN_S, "loaded city")
        self.wait_until(self.all_are_ready, 60, "all processes ready")

    def _listen(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    def stop(self) -> None:
        """Ask it to end as Ctrl-C does; after twenty seconds end what is left."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def wait_until(self, holds: Callable[[], bool], within_s: float, what: str) -> float:
        """Wait until `holds()`; return the seconds it took. ERRORS: AssertionError with what `linli up` said."""
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            if holds():
                return time.monotonic() - began
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"no {what} within {within_s:.0f} s\n" + "\n".join(self.said) + self.log_ends())

    def log_ends(self) -> str:
        """Return the last lines of every process's log."""
        ends = []
        for log in sorted((self.folder / "logs").glob("*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            ends.append(f"\n--- {log.name}\n" + "\n".join(lines))
        return "".join(ends)

    def city_is_loaded(self) -> bool:
        return self._answers("/", 200)

    def is_serving(self) -> bool:
        return self._answers("/healthz", 200)

    def _answers(self, path: str, status: int) -> bool:
        try:
            return httpx.get(self.url + path, timeout=3).status_code == status
        except httpx.TransportError:
            return False

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return what the supervisor wrote down of its processes, by name."""
        try:
            found = json.loads((self.folder / "processes.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {row["name"]: row for row in found["processes"]}

    def all_are_ready(self) -> bool:
        rows = self.rows()
        wanted = ("postgres", "nats", "web", "live", "work")
        return all(rows.get(name, {}).get("state") == "ready" for name in wanted)

    def pid_of(self, name: str) -> int:
        return int(self.rows()[name]["pid"])

    def restarts_of(self, name: str) -> int:
        return int(self.rows()[name]["restarts"])

    @contextmanager
    def database(self) -> Iterator[Any]:
        """Open a connection of our own, to count what is really there."""
        import psycopg

        from linli.kernel.home import Home

        with psycopg.connect(Home(self.folder).database_url(), autocommit=True) as connection:
            yield connection

    def remove(self) -> None:
        """Stop and delete the folder, and the embedded database with it."""
        self.stop()
        from linli.config.processes import postgres
        from linli.kernel.home import Home

        postgres.destroy(Home(self.folder))
        shutil.rmtree(self.folder, ignore_errors=True)


def end_in_order() -> None:
    """Let a request to end (SIGTERM, Ctrl-C) unwind the program, so that the home it started is removed."""

    def unwind(*_: object) -> None:
        raise KeyboardInterrupt

    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, unwind)


def new_home(name: str) -> RunningHome:
    """Make a home that is not started yet, on four free neighbouring ports."""
    folder = Path(tempfile.mkdtemp(prefix=f"linli-{name}-"))
    folder.chmod(0o755)
    return RunningHome(folder, free_port_block())


def free_port_block(count: int = 4) -> int:
    """Find a port that is free together with the ones after it."""
    for first in range(20_000 + os.getpid() % 500 * 20, 60_000, 20):
        probes = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise RuntimeError("no four neighbouring free ports")
