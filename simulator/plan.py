"""What will be reported, decided by the seed alone: report number i of a seed is always the same report."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from uuid import NAMESPACE_URL, UUID, uuid5

from simulator.photos import VARIANTS
from simulator.scenes.photo import Scene
from simulator.spots import METRES_PER_DEGREE, Spot, spots_for
from simulator.words import Kind, say

WITH_PHOTO, WITH_PHONE = 0.86, 0.3
# By which door reports come; the house believes it because the simulator holds its key.
SOURCES = {"web": 52, "app": 24, "collector": 14, "hotline": 10}


@dataclass(frozen=True)
class PlannedReport:
    """One report before it is sent. `phone` is empty or a number nobody has."""

    number: int
    kind: str
    text: str
    lon: float
    lat: float
    address: str
    scene: Scene | None
    phone: str
    source: str

    def submission_id(self, life: str) -> UUID:
        """Return the id under which this report is sent, again and again if need be, in one life of a city."""
        return uuid5(NAMESPACE_URL, f"linli simulator {life} {self.number}")


class Plan:
    """The reports of one seed in one city."""

    def __init__(self, seed: int, kinds: Sequence[Kind], spots: Sequence[Spot]) -> None:
        self.seed, self.kinds = seed, list(kinds)
        self._weights = list(accumulate(kind.weight for kind in self.kinds))
        self._spots = {kind.name: spots_for(kind.name, spots) for kind in self.kinds}
        self._pulls = {
            name: list(accumulate(spot.weight for spot in found)) for name, found in self._spots.items()
        }

    def report(self, number: int) -> PlannedReport:
        """Return report `number`. Pure: depends on seed, kinds and spots only."""
        rng = random.Random(f"{self.seed} report {number}")
        kind = rng.choices(self.kinds, cum_weights=self._weights)[0]
        spot = rng.choices(self._spots[kind.name], cum_weights=self._pulls[kind.name])[0]
        lon, lat = _near(rng, spot)
        scene = Scene(kind.scene, rng.randrange(VARIANTS)) if rng.random() < WITH_PHOTO else None
        phone = f"1990000{rng.randrange(10_000):04d}" if rng.random() < WITH_PHONE else ""
        source = rng.choices(list(SOURCES), weights=list(SOURCES.values()))[0]
        return PlannedReport(number, kind.name, say(rng, kind), lon, lat, spot.label, scene, phone, source)


def _near(rng: random.Random, spot: Spot) -> tuple[float, float]:
    """Return a point some steps away from the spot, as people's pins are."""
    reach = spot.reach_m
    east, north = (max(-2 * reach, min(2 * reach, rng.gauss(0, reach / 2))) for _ in range(2))
    lon = spot.lon + east / (METRES_PER_DEGREE * math.cos(math.radians(spot.lat)))
    return round(lon, 6), round(spot.lat + north / METRES_PER_DEGREE, 6)
