"""A whole house started as the operator starts it, for tests that kill its parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from linli.config.processes import postgres
from linli.config.processes.board import Row, is_alive, read_rows
from linli.config.processes.child import process_facts
from linli.config.processes.ports import is_free
from linli.kernel.home import Home, Ports

PARTS = ("postgres", "nats", "web", "live", "work")


def free_web_port(above: int = 24_000) -> int:
    """Find a web port whose three neighbours are free too."""
    candidates = range(above, above + 4_000, 10)
    return next(port for port in candidates if all(is_free(port + step) for step in range(4)))


def wait_until(condition: Callable[[], bool], patience_s: float, what: str) -> None:
    """Wait for something to come about. ERRORS: AssertionError saying what did not."""
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {patience_s:g} s"
        time.sleep(0.05)


class RunningTown:
    """One `linli up` as a process of its own. Its city folder does not exist, so nothing is loaded."""

    def __init__(self, folder: Path, port: int, *options: str, city: Path | None = None) -> None:
        self.home, self.port = Home(folder), port
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        environment = {**inherited, "LINLI_HOME": str(folder), "LINLI_CITY": str(city or folder / "no-city")}
        command = [sys.executable, "-m", "linli.config.cli", "up", "--port", str(port), *options]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_ready(self, patience_s: float = 60) -> None:
        """Wait for the line that says where it serves, and for every process to be ready."""

        def ready() -> bool:
            assert self.process.poll() is None, f"it stopped:\n{self.said}"
            return f"ready http://127.0.0.1:{self.port}" in self.lines and self.all_ready()

        try:
            wait_until(ready, patience_s, "ready")
        except AssertionError as late:
            log = self.home.logs_dir / "web.log"
            tail = log.read_text(encoding="utf-8")[-1500:] if log.exists() else ""
            raise AssertionError(f"{late}\n{self.said}\n{tail}") from None

    def all_ready(self) -> bool:
        rows = {row.name: row for row in read_rows(self.home)}
        return all(name in rows and rows[name].state == "ready" and is_alive(rows[name]) for name in PARTS)

    def row(self, name: str) -> Row:
        return next(row for row in read_rows(self.home) if row.name == name)

    def is_well(self) -> bool:
        """Ask /healthz the way a monitor does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, which: signal.Signals = signal.SIGINT) -> tuple[int, float]:
        """End it and return (exit code, seconds it took)."""
        began = time.monotonic()
        self.process.send_signal(which)
        code = self.process.wait(30)
        took_s = time.monotonic() - began
        self._listener.join(5)
        return code, took_s

    def remove(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)
        if self.process.stdout is not None:
            self.process.stdout.close()
        postgres.destroy(self.home)


def group_is_alive(group: int) -> bool:
    """Tell whether a process of this group still runs; the dead that wait to be collected do not count."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            facts = process_facts(int(entry.name))
            if facts is not None and facts.group == group and facts.state not in "ZX":
                return True
    return False


def ports_are_free(ports: Ports) -> bool:
    return all(is_free(port) for port in (ports.web, ports.live, ports.mqtt, ports.nats))
