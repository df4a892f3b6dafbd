"""Which processes a home consists of, and when each of them is ready."""

from __future__ import annotations

import signal
from pathlib import Path

from linli.config.processes import nats, postgres, postgres_cluster, readiness, web
from linli.config.processes.child import Part
from linli.kernel.home import Home


def postgres_part(home: Home) -> Part:
    """The database. SIGINT is its fast stop: it rolls back what is open and writes the rest."""
    info = postgres_cluster.prepare(home)

    async def ready() -> bool:
        return postgres.is_ready(info)

    def prepare() -> None:
        postgres_cluster.prepare(home)

    return Part(
        "postgres",
        command=lambda: postgres_cluster.server_command(info),
        environment=postgres_cluster.server_environment(),
        inherits_environment=False,
        prepare=prepare,
        ready=ready,
        stop_signal=signal.SIGINT,
        stop_timeout_s=4.0,
        os_user=info.os_user,
    )


def nats_part(home: Home) -> Part:
    """The bus. Its garbage collector is told to stay small."""
    return Part(
        "nats",
        command=lambda: nats.server_command(home),
        environment={"GOMEMLIMIT": "192MiB"},
        ready=lambda: readiness.nats_is_ready(home.ports().nats),
        stop_timeout_s=2.0,
    )


def web_part(home: Home) -> Part:
    return Part(
        "web",
        command=lambda: web.web_command(home),
        environment=web.child_environment(home),
        ready=lambda: readiness.web_is_ready(home.ports().web),
    )


def live_part(home: Home) -> Part:
    return Part(
        "live",
        command=lambda: web.live_command(home),
        environment=web.child_environment(home),
        ready=lambda: readiness.live_is_ready(home.ports().live),
    )


def work_part(home: Home) -> Part:
    return Part("work", command=web.work_command, environment=web.child_environment(home))


def simulator_part(home: Home) -> Part:
    return Part(
        "simulator",
        command=web.simulator_command,
        environment=web.child_environment(home),
        stop_timeout_s=2.0,
    )


def migrate_part(home: Home) -> Part:
    """Bring the database to this version; its exit code also tells whether a city is in it."""
    return Part(
        "migrate",
        command=lambda: web.management_command("prepare-database"),
        environment=web.child_environment(home),
    )


def load_city_part(home: Home, city: Path) -> Part:
    """Load a city folder; demonstration data comes along in a demo home."""
    return Part(
        "load-city",
        command=lambda: web.management_command("load-city", str(city)),
        environment=web.child_environment(home),
    )
