"""Where people report from: the facilities and components in the city's own public data.

Places of the tour's stories are left out, so that a visitor finds the story's street as the story tells it.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# How often people report near one facility of a kind, and how far around it their pins lie (metres).
PULL: Mapping[str, tuple[float, float]] = {
    "market": (5.0, 60.0),
    "bus_stop": (3.0, 30.0),
    "estate": (2.5, 60.0),
    "school": (2.5, 50.0),
    "kindergarten": (1.5, 40.0),
    "hospital": (4.0, 60.0),
    "clinic": (1.0, 40.0),
    "park": (3.0, 70.0),
    "pocket_park": (2.0, 30.0),
    "bus_station": (1.5, 60.0),
    "rail_station": (4.0, 80.0),
    "town_office": (1.2, 80.0),
    "party_service": (0.12, 100.0),
}
# Most people live, and report, near the centre; the country has its share.
NEAR_CENTRE_M, COUNTRY_SHARE = 6_000.0, 0.12
COMPONENT_REACH_M = 4.0
CLEAR_OF_STORIES_M = 220.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Spot:
    """One place by the name people give it. `things` is the component standing there, or empty."""

    label: str
    lon: float
    lat: float
    weight: float
    reach_m: float
    things: str = ""


def load_spots(city: Path) -> list[Spot]:
    """Read the spots of a city folder, in the order of its file. ERRORS: FileNotFoundError without facilities."""
    centre = json.loads((city / "city.json").read_text(encoding="utf-8"))["centre"]
    avoided = list(_stories(city / "doors" / "tour.json"))
    with (city / "places" / "facilities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    spots = []
    for row in rows:
        lon, lat = float(row["lon"]), float(row["lat"])
        if any(_distance_m(lon, lat, *place) < CLEAR_OF_STORIES_M for place in avoided):
            continue
        if row["kind"] == "component":
            label = row.get("address") or row["name_zh"]
            spots.append(Spot(label, lon, lat, 1.0, COMPONENT_REACH_M, row["name_zh"]))
        elif row["kind"] in PULL:
            weight, reach_m = PULL[row["kind"]]
            if _distance_m(lon, lat, centre[0], centre[1]) > NEAR_CENTRE_M:
                weight *= COUNTRY_SHARE
            spots.append(Spot(row["name_zh"], lon, lat, weight, reach_m))
    return spots


def spots_for(kind: str, spots: Sequence[Spot]) -> list[Spot]:
    """Return where a kind of trouble can be: a broken component only where one stands."""
    same = [spot for spot in spots if spot.things and spot.things in kind]
    if not same and kind == "无主井盖":
        same = [spot for spot in spots if spot.things.endswith("井盖")]
    return same or [spot for spot in spots if not spot.things]


def _stories(path: Path) -> Iterator[tuple[float, float]]:
    if path.is_file():
        for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
            yield float(story["place"]["lon"]), float(story["place"]["lat"])


def _distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (lon - other_lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(east, (lat - other_lat) * METRES_PER_DEGREE)
