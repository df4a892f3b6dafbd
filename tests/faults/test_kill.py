"""Kill -9 of each process in turn under load: it comes back, nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.conftest import listen
from tests.faults.kill import PROCESSES, freeze, kill
from tests.faults.load import Reporters, prove, wait_for_empty_outbox
from tests.live_ear import Ear
from tests.running_home import RunningHome

Note = Callable[[str, object], None]
HEARD_WITHIN_S = 10.0


def heard_once(ear: Ear, codes: list[str]) -> None:
    """Assert that a listener heard of every case exactly once, breaks or no breaks."""
    end = time.monotonic() + HEARD_WITHIN_S
    while time.monotonic() < end and not set(codes) <= set(ear.codes("case.opened")):
        time.sleep(0.1)
    counted = Counter(ear.codes("case.opened"))
    missing = [code for code in codes if not counted[code]]
    assert not missing, (
        f"{len(missing)} of {len(codes)} never heard, after {ear.breaks} breaks: {missing[:5]}"
    )
    assert not [code for code in codes if counted[code] > 1], "heard twice"
    assert ear.gaps == 0
    numbers = [one["seq"] for one in ear.heard]
    assert numbers == sorted(set(numbers)), "out of order"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_killed_process_comes_back_and_nothing_is_lost(
    house: RunningHome, ear: Ear, name: str, record_property: Note
) -> None:
    with Reporters(house) as reporters:
        reporters.wait_for(20)
        record_property("back_after_s", round(kill(house, name), 2))
        reporters.wait_for(20)
    record_property("longest_wait_s", round(reporters.longest_wait_s, 2))
    record_property("failed_tries", dict(reporters.failures))
    record_property("outbox_empty_after_s", round(wait_for_empty_outbox(house), 2))
    prove(house, reporters)
    heard_once(ear, list(reporters.acknowledged.values()))


def test_a_bus_cut_off_for_seconds_delays_events_and_loses_none(
    house: RunningHome, ear: Ear, record_property: Note
) -> None:
    with Reporters(house) as reporters:
        reporters.wait_for(10)
        freeze(house, "nats", for_s=6.0)
        with house.database() as database:
            waiting = database.execute("SELECT count(*) FROM bus_outbox").fetchone()[0]
        reporters.wait_for(10)
    assert waiting > 0, "the bus was not cut off"
    record_property("waiting_when_back", waiting)
    record_property("outbox_empty_after_s", round(wait_for_empty_outbox(house, 60), 2))
    assert reporters.longest_wait_s < 5.0, "reports waited for the bus"
    prove(house, reporters)
    heard_once(ear, list(reporters.acknowledged.values()))


def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_finds_everything(
    house: RunningHome, record_property: Note
) -> None:
    reporters = Reporters(house)
    with reporters:
        reporters.wait_for(20)
        assert house.process is not None
        pids = [int(row["pid"]) for row in house.rows().values() if row["state"] == "ready"]
        os.kill(house.process.pid, signal.SIGKILL)
        house.process.wait(10)
        end = time.monotonic() + 15
        while any(os.path.exists(f"/proc/{pid}") for pid in pids):
            assert time.monotonic() < end, "something outlived the supervisor"
            time.sleep(0.1)
        began = time.monotonic()
        house.said.clear()
        house.start("--no-simulator")
        record_property("started_again_after_s", round(time.monotonic() - began, 2))
        reporters.wait_for(10)
    wait_for_empty_outbox(house)
    prove(house, reporters)
    listen(house).close()
