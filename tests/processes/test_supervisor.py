"""The supervisor: what dies is started again, what is stopped leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from linli.config.processes.board import Board, end_leftovers, is_alive, read_rows
from linli.config.processes.child import Part, process_facts
from linli.config.processes.logs import LARGEST_FILE_BYTES, ProcessLog
from linli.config.processes.supervisor import Keeper
from linli.kernel.home import Home
from tests.processes.town import group_is_alive

FOREVER = "import time\nwhile True: time.sleep(60)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def keeper_of(home: Home, script: str, ready: Callable[[], Awaitable[bool]] | None = None) -> Keeper:
    part = Part("part", command=lambda: [sys.executable, "-c", script], ready=ready, stop_timeout_s=0.5)
    return Keeper(part, Board(home), ProcessLog(home.logs_dir, "part", shown=False))


async def until(condition: Callable[[], bool], patience_s: float = 5.0) -> None:
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.02)


async def first_pid(home: Home) -> int:
    await until(lambda: any(row.state == "ready" for row in read_rows(home)))
    return read_rows(home)[0].pid


def test_a_killed_child_is_started_again_and_counted(home: Home) -> None:
    async def story() -> None:
        keeper = keeper_of(home, FOREVER)
        keeping = asyncio.create_task(keeper.keep())
        pid = await first_pid(home)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: read_rows(home)[0].pid != pid and read_rows(home)[0].state == "ready")
        assert read_rows(home)[0].restarts == 1
        await keeper.stop()
        await keeping
        assert read_rows(home)[0].state == "stopped"

    asyncio.run(story())


def test_the_workers_of_a_killed_main_process_are_gone_before_the_next_start(home: Home) -> None:
    worker = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {FOREVER!r}])"

    async def story() -> None:
        keeper = keeper_of(home, f"{worker}\n{FOREVER}")
        keeping = asyncio.create_task(keeper.keep())
        pid = await first_pid(home)
        await asyncio.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: read_rows(home)[0].pid != pid)
        assert not group_is_alive(pid)
        await keeper.stop()
        await keeping
        assert not group_is_alive(read_rows(home)[0].pid)

    asyncio.run(story())


def test_a_child_that_ignores_the_signal_to_stop_is_ended_all_the_same(home: Home) -> None:
    deaf = (
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n{FOREVER}"
    )

    async def story() -> None:
        keeper = keeper_of(home, deaf)
        keeping = asyncio.create_task(keeper.keep())
        await until(lambda: "deaf" in keeper.log.last_lines)
        began = time.monotonic()
        await keeper.stop()
        await keeping
        assert time.monotonic() - began < 3
        assert not group_is_alive(read_rows(home)[0].pid)

    asyncio.run(story())


def test_a_child_that_keeps_dying_is_started_less_and_less_often(home: Home) -> None:
    async def story() -> None:
        keeper = keeper_of(home, "raise SystemExit(3)")
        keeping = asyncio.create_task(keeper.keep())
        await asyncio.sleep(3)
        await keeper.stop()
        await keeping
        assert 2 <= keeper.restarts <= 4

    asyncio.run(story())


def test_a_child_is_ready_only_when_it_says_so(home: Home) -> None:
    answers = iter([False, False, True])

    async def ready() -> bool:
        return next(answers)

    async def story() -> None:
        keeper = keeper_of(home, FOREVER, ready)
        keeping = asyncio.create_task(keeper.keep())
        await until(lambda: bool(read_rows(home)))
        assert read_rows(home)[0].state == "starting" and not keeper.ready.is_set()
        await asyncio.wait_for(keeper.ready.wait(), 5)
        await keeper.stop()
        await keeping

    asyncio.run(story())


def test_a_program_that_does_not_exist_is_no_crash_of_the_supervisor(home: Home) -> None:
    part = Part("part", command=lambda: ["/nonexistent/program"])
    keeper = Keeper(part, Board(home), ProcessLog(home.logs_dir, "part", shown=False))
    assert asyncio.run(keeper.run_once()) == -1


def test_what_a_child_says_is_kept(home: Home) -> None:
    keeper = keeper_of(home, "import sys; print('一句话'); print('end', end=''); sys.exit(4)")
    assert asyncio.run(keeper.run_once()) == 4
    assert keeper.log.path.read_text(encoding="utf-8") == "一句话\nend\n"


def test_children_end_when_their_supervisor_is_killed(home: Home) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from linli.kernel.home import Home;"
        "from tests.processes.test_supervisor import FOREVER, keeper_of;"
        "asyncio.run(keeper_of(Home(Path(sys.argv[1])), FOREVER).keep())"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(home.path)]) as supervisor:

        async def story() -> None:
            pid = await first_pid(home)
            supervisor.kill()
            await until(lambda: (facts := process_facts(pid)) is None or facts.state in "ZX")

        asyncio.run(story())


def test_left_overs_of_a_killed_supervisor_are_ended_but_never_a_stranger(home: Home) -> None:
    with (
        subprocess.Popen([sys.executable, "-c", FOREVER], start_new_session=True) as ours,
        subprocess.Popen([sys.executable, "-c", FOREVER], start_new_session=True) as stranger,
    ):
        board = Board(home)
        board.started("web", ours.pid, 0)
        board.started("work", stranger.pid, 0)
        facts = home.read_json("processes.json")
        facts["processes"][1]["started_ticks"] -= 100
        home.write_json("processes.json", facts)
        assert [is_alive(row) for row in read_rows(home)] == [True, False]
        assert end_leftovers(home) == ["web"]
        assert ours.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
        stranger.kill()


def test_a_log_turns_over_before_it_fills_the_disk(tmp_path: Path) -> None:
    log = ProcessLog(tmp_path, "chatty", shown=False)
    line = b"x" * 9_999 + b"\n"
    for _ in range(4 * LARGEST_FILE_BYTES // len(line)):
        log.feed(line)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["chatty.log", "chatty.log.1", "chatty.log.2"]
    assert all(path.stat().st_size <= LARGEST_FILE_BYTES + len(line) for path in files)
