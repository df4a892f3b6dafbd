"""One running home to hurt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live_ear import Ear
from tests.running_home import PASSWORD, RunningHome, new_home


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def house() -> Iterator[RunningHome]:
    """A running home with the demo city and nobody living in it."""
    home = new_home("faults")
    try:
        home.start("--no-simulator")
        yield home
    finally:
        home.remove()


@pytest.fixture
def ear(house: RunningHome) -> Iterator[Ear]:
    """The dispatcher's ear on the live stream, which comes back after every break and goes on where it was."""
    ear = listen(house)
    yield ear
    ear.close()


def listen(house: RunningHome) -> Ear:
    """Log the dispatcher in and listen."""
    import threading

    from simulator.client import Desk

    desk = Desk(house.url, threading.Event(), "dispatcher", PASSWORD)
    desk.log_in()
    client: httpx.Client = desk.http
    ear = Ear(client, house.live_url)
    assert ear.is_listening.is_set(), "nobody answers on the live stream"
    return ear
