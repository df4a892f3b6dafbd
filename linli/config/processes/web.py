"""How the two HTTP processes are served: pages by granian under WSGI, the live stream under ASGI."""

from __future__ import annotations

import os
import sys

from linli.kernel.home import Home

WORKERS = 2
BLOCKING_THREADS = 8
# A connection kept alive by a browser counts as one, so this bounds connections, while the threads bound the work.
CONNECTIONS_PER_WORKER = 256
LIVE_CONNECTIONS = 6000


def web_command(home: Home) -> list[str]:
    """Give the command that serves the pages in the foreground."""
    return [
        *_granian("wsgi", home.ports().web),
        *("--workers", os.environ.get("LINLI_WEB_WORKERS", str(WORKERS))),
        *("--blocking-threads", os.environ.get("LINLI_WEB_THREADS", str(BLOCKING_THREADS))),
        *("--backpressure", str(CONNECTIONS_PER_WORKER)),
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        "linli.config.wsgi:application",
    ]


def live_command(home: Home) -> list[str]:
    """Give the command that serves the live stream in the foreground."""
    return [
        *_granian("asgi", home.ports().live),
        *("--workers", "1", "--backpressure", str(LIVE_CONNECTIONS), "--no-ws"),
        "linli.registers.bus.live:application",
    ]


def work_command() -> list[str]:
    """Give the command of the worker: outbox, consumers, clocks."""
    return management_command("work")


def management_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "linli.config.cli", *arguments]


def simulator_command() -> list[str]:
    return [sys.executable, "-m", "simulator"]


def _granian(interface: str, port: int) -> list[str]:
    host = os.environ.get("LINLI_BIND", "127.0.0.1")
    address = ["--host", host, "--port", str(port)]
    stopping = ["--workers-kill-timeout", "2"]
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        interface,
        *address,
        *stopping,
        "--log-level",
        "warning",
    ]


def child_environment(home: Home) -> dict[str, str]:
    """Give what our Python processes need to know: their home, and to hold less memory per thread."""
    return {"LINLI_HOME": str(home.path), "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}
