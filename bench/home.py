"""A home of a benchmark's own: `linli up` on free ports, the demo city loaded, the simulator off."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from linli.kernel.home import Home

START_LIMIT_S = 240


@dataclass
class Running:
    """A running home: its folder, its web port, its supervisor."""

    home: Home
    port: int
    process: subprocess.Popen[bytes]
    ready_s: float

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def family(self) -> list[psutil.Process]:
        """Return the supervisor and every process below it, PostgreSQL's included."""
        above = psutil.Process(self.process.pid)
        return [above, *above.children(recursive=True)]

    def memory_mib(self) -> float:
        """Return the proportional set size of all processes: shared pages counted once."""
        total = 0
        for one in self.family():
            try:
                total += one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        return total / 2**20


@contextmanager
def running(folder: Path | None = None, keep: bool = False) -> Iterator[Running]:
    """Start a home and wait until its city is loaded; stop it, and remove it unless `keep`."""
    own = folder is None
    path = folder or Path(tempfile.mkdtemp(prefix="linli-bench-"))
    path.chmod(0o755)
    port = free_ports()
    began = time.perf_counter()
    environment = {**os.environ, "LINLI_HOME": str(path), "LINLI_WRITE_GUARD": ""}
    command = [sys.executable, "-m", "linli.config.cli", "up", "--port", str(port), "--no-simulator"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield Running(Home(path), port, process, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        if own and not keep:
            destroy(path)


def destroy(path: Path) -> None:
    """Remove a stopped home with its database."""
    from linli.config.processes import postgres

    postgres.destroy(Home(path))
    shutil.rmtree(path, ignore_errors=True)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `url` answers 200: the loading page answers 503 until the city is there."""
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"linli up ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{url} did not come up in {START_LIMIT_S} s")


def free_ports() -> int:
    """Return a web port whose three neighbours (live, MQTT, NATS) are free as well."""
    for port in range(18_000, 28_000, 10):
        if all(_is_free(port + offset) for offset in range(4)):
            return port
    raise RuntimeError("no four free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
