"""`linli up` as a whole: two homes side by side, everything killed in turn, a clean end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from linli.config.processes import postgres_cluster
from linli.kernel.home import Ports
from tests.processes.town import PARTS, RunningTown, free_web_port, ports_are_free, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

Start = Callable[..., RunningTown]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start houses in folders of this test; all are gone afterwards."""
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    towns: list[RunningTown] = []

    def begin(name: str, port: int | None = None, *options: str, **more: Path) -> RunningTown:
        town = RunningTown(tmp_path / name, port or free_web_port(), "--no-simulator", *options, **more)
        towns.append(town)
        return town

    yield begin
    for town in towns:
        town.remove()


def test_it_serves_then_stops_without_a_trace_and_keeps_its_data(start: Start) -> None:
    town = start("home")
    town.wait_ready()
    assert town.is_well()
    with psycopg.connect(town.home.database_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    family = town.descendants()
    assert len(family) >= len(PARTS)

    code, took_s = town.stop(signal.SIGINT)
    assert code == 0, town.said
    assert took_s < 10
    _, alive = psutil.wait_procs(family, timeout=2)
    assert not alive
    assert ports_are_free(Ports.beside(town.port))

    began = time.monotonic()
    again = start("home", town.port)
    again.wait_ready()
    assert time.monotonic() - began < 15
    with psycopg.connect(again.home.database_url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert again.stop(signal.SIGTERM)[0] == 0


def test_each_process_killed_in_turn_comes_back(start: Start) -> None:
    town = start("home")
    town.wait_ready()
    for name in PARTS:
        killed = town.row(name)
        os.kill(killed.pid, signal.SIGKILL)
        wait_until(
            lambda name=name, killed=killed: town.row(name).pid != killed.pid, 10, f"{name} started again"
        )
        wait_until(lambda: town.all_ready() and town.is_well(), 30, f"all ready after the death of {name}")
        assert town.row(name).restarts == killed.restarts + 1
        assert f"{name} 停了" in town.said


def test_a_killed_web_worker_comes_back_without_the_others_noticing(start: Start) -> None:
    town = start("home")
    town.wait_ready()
    main = psutil.Process(town.row("web").pid)

    def workers() -> set[int]:
        found = set()
        for child in main.children():
            with contextlib.suppress(psutil.Error):
                if "resource_tracker" not in " ".join(child.cmdline()):
                    found.add(child.pid)
        return found

    before = workers()
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(workers()) == len(before) and workers() != before, 15, "a new worker")
    assert town.row("web").restarts == 0
    wait_until(town.is_well, 10, "health")


def test_two_homes_live_side_by_side(start: Start) -> None:
    first = start("one")
    second = start("two", free_web_port(above=first.port + 10))
    first.wait_ready(90)
    second.wait_ready(90)
    assert first.home.ports() != second.home.ports()
    assert first.home.database_url() != second.home.database_url()
    assert first.stop()[0] == 0
    assert second.is_well()
    assert second.stop()[0] == 0


def test_a_second_start_of_the_same_home_is_refused_and_harms_nothing(start: Start) -> None:
    town = start("home")
    town.wait_ready()
    second = start("home", free_web_port(above=town.port + 10))
    assert second.process.wait(20) == 1
    wait_until(lambda: str(town.process.pid) in second.said, 5, "the sentence that names the first")
    assert "LINLI_HOME" in second.said
    assert town.is_well()


def test_a_port_in_use_is_said_before_anything_is_started(start: Start) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        town = start("home", stranger.getsockname()[1])
        assert town.process.wait(20) == 1
    wait_until(lambda: "--port" in town.said, 5, "the sentence")
    assert not (town.home.path / "postgres.json").exists()


def test_a_killed_supervisor_leaves_nothing_that_the_next_one_cannot_clear(start: Start) -> None:
    town = start("home")
    town.wait_ready()
    family = town.descendants()
    town.process.kill()
    town.process.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive, "children outlived their supervisor"
    again = start("home", town.port)
    again.wait_ready()
    assert again.is_well()


def test_ones_own_database_is_used_and_none_is_started(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.config.processes import postgres
    from linli.kernel.home import Home

    own = Home(tmp_path / "own")
    postgres.ensure(own, durable=False)
    try:
        environment = {
            **os.environ,
            "LINLI_HOME": str(tmp_path / "home"),
            "LINLI_DATABASE_URL": own.database_url(),
        }
        environment["LINLI_CITY"] = str(tmp_path / "no-city")
        port = free_web_port()
        command = [sys.executable, "-m", "linli.config.cli", "up", "--port", str(port), "--no-simulator"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any(line.strip() == f"ready http://127.0.0.1:{port}" for line in lines)
            assert not (tmp_path / "home" / "postgres.json").exists()
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 0
        with psycopg.connect(own.database_url()) as connection:
            assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
        assert postgres.is_ready(postgres_cluster.prepare(own))
    finally:
        postgres.destroy(own)
