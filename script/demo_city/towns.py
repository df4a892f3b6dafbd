"""Market towns, 示意: where the real town centres of 2019 are, each with a main street and side streets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

import shapely
from shapely.geometry import LineString, Point, Polygon

from script.demo_city.cells import ASSUMED_CENTRES
from script.demo_city.core import Street, core
from script.demo_city.frame import NAMES, boundary_m, chance, divisions, point_m
from script.demo_city.lineage import URBAN_TOWNS
from script.demo_city.water import waters

TOWN_STREETS = NAMES["town_streets"]


@dataclass
class Settlement:
    """A market town: where it stands and its streets."""

    code: str
    name: str
    seat_of: str
    x: float
    y: float
    heading: float
    streets: list[Street] = field(default_factory=list)


@lru_cache(maxsize=1)
def dry() -> Polygon:
    """Return the city without water, a little inside its boundary."""
    wet = shapely.union_all([w.shape.buffer(30) for w in waters()])
    return boundary_m().buffer(-60).difference(wet)


@lru_cache(maxsize=1)
def settlements() -> tuple[Settlement, ...]:
    """Lay out one market town at each town centre of 2019 outside the core."""
    rows = divisions()
    seats = {
        (r["lon"], r["lat"]): r["code"]
        for r in rows
        if r["level"] == "town" and not r["valid_to"] and r["lon"]
    }
    found = []
    for row in rows:
        if row["level"] != "town" or not row["valid_to"] or row["code"] in URBAN_TOWNS:
            continue
        lon, lat = (float(row["lon"]), float(row["lat"])) if row["lon"] else ASSUMED_CENTRES[row["code"]]
        x, y = _dry_spot(*point_m(lon, lat))
        heirs = row["successor_codes"].split()
        seat = seats.get((row["lon"], row["lat"]), "") or ("510185003" if row["code"] == "510185003" else "")
        seat = seat or ("510185008" if row["code"] == "510185124" and "510185008" in heirs else "")
        random = chance(f"town {row['code']}")
        town = Settlement(row["code"], row["name_zh"], seat, x, y, random.uniform(0, math.pi))
        _town_streets(town, random)
        found.append(town)
    return tuple(found)


def _dry_spot(x: float, y: float) -> tuple[float, float]:
    """Move a town centre out of water and core, as little as can be."""
    free = dry().buffer(-260).difference(core().outline.buffer(450))
    spot = Point(x, y)
    if free.contains(spot):
        return x, y
    near = shapely.ops.nearest_points(free, spot)[0]
    return near.x, near.y


def _town_streets(town: Settlement, random: Random) -> None:
    """Draw a bent main street with side streets and, in seats of towns, a parallel one."""
    names = [s for s in TOWN_STREETS if s != "正街"]
    random.shuffle(names)
    reach = random.uniform(430, 620) if town.seat_of else random.uniform(240, 340)
    bend = random.uniform(-0.35, 0.35)
    dx, dy = math.cos(town.heading), math.sin(town.heading)

    def place(along: float, aside: float) -> tuple[float, float]:
        drift = aside + bend * along * abs(along) / reach
        return town.x + along * dx - drift * dy, town.y + along * dy + drift * dx

    steps = [reach * k / 8 for k in range(-8, 9)]
    prefix = town.name.rstrip("街道镇乡")
    main = Street(LineString([place(a, 0) for a in steps]), f"{prefix}正街", "town")
    crossings = [reach * k for k in ((-0.72, -0.3, 0.12, 0.55, 0.85) if town.seat_of else (-0.4, 0.3))]
    lines = [main]
    for along in crossings:
        at = along + random.uniform(-25, 25)
        low, high = -random.uniform(120, 260), random.uniform(120, 260)
        lean = random.uniform(-20, 20)
        line = LineString([place(at - lean, low), place(at, 0), place(at + lean, high)])
        lines.append(Street(line, f"{prefix}{names.pop()}", "town"))
    if town.seat_of:
        aside = random.choice((-1, 1)) * random.uniform(95, 125)
        line = LineString([place(a, aside) for a in steps[3:-2]])
        lines.append(Street(line, f"{prefix}{names.pop()}", "town"))
    keep = dry()
    for street in lines:
        for part in getattr(street.line.intersection(keep), "geoms", [street.line.intersection(keep)]):
            if isinstance(part, LineString) and part.length > 60:
                town.streets.append(Street(part, street.name, street.kind))
