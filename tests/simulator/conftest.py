"""The simulator in a house of cards."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from linli.kernel.home import Home
from simulator.citizens import Citizens
from simulator.client import Desk, Door
from simulator.diary import Diary
from simulator.house import House
from simulator.manifest import Manifest
from simulator.photos import Shelf
from simulator.plan import Plan
from simulator.spots import load_spots
from simulator.staff import Staff
from simulator.words import kinds
from tests.simulator.fake_house import FakeHouse

CITY = Path(__file__).resolve().parents[2] / "cities" / "jianyang"


class NoShelf(Shelf):
    """Pictures that cost nothing, for tests that are not about pictures."""

    def picture(self, scene: object, *, mended: bool, at: object) -> bytes:
        return b"picture"


class Town:
    """Everybody of one simulated city, and the house they knock at."""

    def __init__(self, home: Home, seed: int = 7, house: FakeHouse | None = None) -> None:
        self.fake = house or FakeHouse()
        self.stop = threading.Event()
        self.house = House("key")
        self.street = Door("http://house", self.stop, self.fake.transport)
        self.house.learn_categories(self.street)
        self.diary, self.manifest, self.shelf = Diary(home, seed), Manifest(), NoShelf()
        plan = Plan(seed, kinds(), load_spots(CITY))
        self.citizens = Citizens(self.house, self.street, plan, self.shelf, self.diary, self.manifest)
        self.staff = Staff(
            house=self.house,
            open_desk=lambda user: Desk("http://house", self.stop, user, "x", self.fake.transport),
            dispatcher="dispatcher",
            handlers={"urban-management": "handler", "water": "handler-water"},
            shelf=self.shelf,
            diary=self.diary,
            manifest=self.manifest,
            on_closed=self.citizens.case_closed,
            rng=random.Random(seed),
        )
        self.citizens.on_opened = self.staff.opened


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def town(home: Home, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr("simulator.client.FIRST_PAUSE_S", 0.001)
    return Town(home)
