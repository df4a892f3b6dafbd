"""Everything outside the core, 示意: market towns at real town centres, the roads between them, hamlets."""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, box

from script.demo_city.blocks import Footprint
from script.demo_city.cells import land
from script.demo_city.core import Street, core
from script.demo_city.frame import boundary_m, chance, point_m
from script.demo_city.grids import grids
from script.demo_city.towns import Settlement, dry, settlements
from script.demo_city.water import curve, tuo_course, wander, waters

EXPRESSWAYS = (
    ("成渝高速", "expressway", (
        (104.2560, 30.4580), (104.3100, 30.4490), (104.3700, 30.4560), (104.4300, 30.4450), (104.4820, 30.4240),
        (104.4980, 30.3990), (104.5100, 30.3720), (104.5380, 30.3450), (104.5680, 30.3150), (104.5760, 30.2800),
        (104.5700, 30.2400), (104.5680, 30.2000))),
    ("成安渝高速", "expressway", (
        (104.2000, 30.3600), (104.2700, 30.3560), (104.3500, 30.3640), (104.4300, 30.3560), (104.5000, 30.3380),
        (104.5700, 30.3300), (104.6500, 30.3250), (104.7300, 30.3330), (104.8000, 30.3760), (104.8900, 30.3830))),
    ("成渝高铁", "rail", (
        (104.1950, 30.3380), (104.3000, 30.3270), (104.4000, 30.3440), (104.4900, 30.3520), (104.5700, 30.3370),
        (104.6080, 30.2930), (104.6320, 30.2420))),
)  # fmt: skip
LINKS_TO_CORE = (
    "510185101", "510185104", "510185114", "510185117", "510185004", "510185003", "510185109", "510185106"
)  # fmt: skip


@lru_cache(maxsize=1)
def roads() -> tuple[Street, ...]:
    """Return the roads of the country: expressways, rails, roads between towns, ways to hamlets."""
    found = []
    for name, kind, course in EXPRESSWAYS:
        line = curve([point_m(*p) for p in course]).simplify(3.0)
        found.append(Street(line.intersection(boundary_m()), name, kind))
    rail = curve(list(tuo_course().offset_curve(420).simplify(60).coords), 5).simplify(3.0)
    found.append(
        Street(_longest(rail.intersection(boundary_m()).difference(core().outline)), "成渝铁路", "rail")
    )
    found += _between_towns()
    found += _to_hamlets(found)
    return tuple(found)


def _longest(geometry) -> LineString:  # type: ignore[no-untyped-def]
    return max(getattr(geometry, "geoms", [geometry]), key=lambda part: part.length)


def _between_towns() -> list[Street]:
    """Join towns that no third town stands between (Gabriel graph); bends keep out of the lake and the core."""
    towns = settlements()
    spots = np.array([(t.x, t.y) for t in towns])
    lake = shapely.union_all([w.shape for w in waters() if w.kind == "lake"])
    inner, city = core().outline.buffer(-80), boundary_m()
    found = []
    for a in range(len(towns)):
        for b in range(a + 1, len(towns)):
            middle = (spots[a] + spots[b]) / 2
            radius = ((spots[a] - spots[b]) ** 2).sum() / 4
            away = ((spots - middle) ** 2).sum(axis=1)
            away[[a, b]] = np.inf
            straight = LineString([_gate(towns[a], spots[b]), _gate(towns[b], spots[a])])
            if (away < radius * 0.98).any() or straight.intersects(inner):
                continue
            line = wander(straight, 0.03 * straight.length, 2600, f"road {towns[a].code} {towns[b].code}")
            if line.intersection(lake).length > 250 or not city.contains(line) or line.intersects(inner):
                line = straight
            if line.intersection(lake).length > 250 or not city.contains(line):
                continue
            name = _road_name(towns[a], towns[b])
            kind = "primary" if towns[a].seat_of and towns[b].seat_of and radius < 4.0e7 else "county"
            found.append(Street(line, name, kind))
    return found + _to_core(towns)


def _road_name(a: Settlement, b: Settlement) -> str:
    """Name a road after its towns' first characters, the second where the first are the same."""
    first, second = (town.name.removesuffix("街道").removesuffix("镇").removesuffix("乡") for town in (a, b))
    position = 1 if first[0] == second[0] and len(first) > 1 and len(second) > 1 else 0
    return f"{first[position]}{second[position]}路"


def _gate(town: Settlement, towards: np.ndarray) -> tuple[float, float]:
    """Return the end of a town's main street on the side of a place, its middle when the street lies across."""
    line = town.streets[0].line
    places = [line.coords[0], line.coords[-1]]
    best = min(places, key=lambda p: math.dist(p, towards))
    return best if math.dist(best, towards) < math.dist((town.x, town.y), towards) - 150 else (town.x, town.y)


def _to_core(towns: tuple[Settlement, ...]) -> list[Street]:
    """Join the nearest towns to the ends of the core's arteries."""
    rim = core().outline.exterior
    ends = [
        Point(p)
        for s in core().streets
        if s.kind == "arterial"
        for p in (s.line.coords[0], s.line.coords[-1])
    ]
    gates = [p for p in ends if rim.distance(p) < 3]
    found = []
    for town in towns:
        if town.code in LINKS_TO_CORE:
            spot = Point(town.x, town.y)
            clear = [
                g for g in gates if not LineString([g, spot]).intersects(core().outline.buffer(-40))
            ] or gates
            gate = min(clear, key=lambda g: g.distance(spot))
            straight = LineString([(gate.x, gate.y), _gate(town, np.array((gate.x, gate.y)))])
            line = wander(straight, 0.02 * straight.length, 2600, f"gate {town.code}")
            line = straight if line.intersects(core().outline.buffer(-60)) else line
            found.append(Street(line, f"简{town.name.rstrip('街道镇乡')[:1]}路", "primary"))
    return found


@lru_cache(maxsize=1)
def hamlets() -> tuple[tuple[str, Point], ...]:
    """Return for each general grid of the country its code and where its houses stand."""
    found = []
    keep = dry().difference(core().outline.buffer(60))
    for grid in grids().general:
        if grid.urban:
            continue
        random = chance(f"hamlet {grid.code}")
        free = grid.shape.buffer(-180).intersection(keep)
        if free.is_empty:
            free = grid.shape.buffer(-20).intersection(keep)
        west, south, east, north = free.bounds
        for _ in range(40):
            spot = Point(random.uniform(west, east), random.uniform(south, north))
            if free.contains(spot):
                break
        else:
            spot = free.representative_point()
        found.append((grid.code, spot))
    return tuple(found)


def _to_hamlets(known: list[Street]) -> list[Street]:
    """Lead a way from each hamlet to the nearest road."""
    lines = [s.line for s in known if s.kind in ("primary", "county")]
    lines += [s.line for t in settlements() for s in t.streets]
    tree = shapely.STRtree(lines)
    found = []
    wet = shapely.union_all([w.shape for w in waters()])
    for code, spot in hamlets():
        line = lines[int(tree.nearest(spot))]
        meet = line.interpolate(line.project(spot))
        straight = LineString([spot, meet])
        if straight.length < 30 or straight.intersection(wet).length > 300:
            continue
        bent = wander(straight, 0.05 * straight.length, 1100, f"way {code}").simplify(4.0)
        end = (meet.x, meet.y)
        found.append(Street(LineString([*bent.coords[:-1], end]), "", "village"))
    return found


@lru_cache(maxsize=1)
def houses() -> tuple[Footprint, ...]:
    """Set the buildings of market towns and hamlets; the cell of each is found by place."""
    spaces = _Space()
    found: list[Footprint] = []
    for town in settlements():
        random = chance(f"houses {town.code}")
        for street in town.streets:
            found += spaces.keep(_street_houses(street, random, town.name), 4.0)
    for code, spot in hamlets():
        found += spaces.keep(_farmhouses(spot, chance(f"farm {code}")), 6.0)
    _locate(found)
    return tuple(f for f in found if f.cell >= 0)


class _Space:
    """Keeps buildings off water, streets and each other."""

    def __init__(self) -> None:
        streets = [s.line.buffer(6.0) for t in settlements() for s in t.streets]
        ways = [s.line.buffer(7.0) for s in roads() if s.kind in ("primary", "county", "expressway", "rail")]
        self._taken = shapely.STRtree([*streets, *ways])
        self._free = dry().difference(core().outline.buffer(20))
        shapely.prepare(self._free)

    def keep(self, footprints: list[Footprint], gap_m: float) -> list[Footprint]:
        kept: list[Footprint] = []
        for footprint in footprints:
            shape = footprint.shape
            if not self._free.contains(shape) or len(self._taken.query(shape, predicate="intersects")):
                continue
            if all(shape.distance(other.shape) > gap_m for other in kept):
                kept.append(footprint)
        return kept


def _street_houses(street: Street, random: Random, town: str) -> list[Footprint]:
    """Line a town street with rows of shop houses."""
    found = []
    at, number = 18.0, 1
    while at < street.line.length - 30:
        width, depth = random.uniform(24, 46), random.uniform(10, 14)
        here, ahead = street.line.interpolate(at), street.line.interpolate(at + width)
        angle = math.degrees(math.atan2(ahead.y - here.y, ahead.x - here.x))
        for side in (-1, 1):
            if random.random() < 0.22:
                continue
            shape = box(0, side * 9.0, width, side * (9.0 + depth)).normalize()
            shape = affinity.translate(affinity.rotate(shape, angle, origin=(0, 0)), here.x, here.y)
            floors = random.randint(2, 5)
            label = f"{number + (side > 0)}号"
            dwellings = max(1, round(width / 11)) * max(1, floors - 1)
            found.append(
                Footprint(
                    shape, "commercial_residential", floors, dwellings, -1, "", town, street.name, label
                )
            )
        at += width + random.uniform(4, 12)
        number += 2
    return found


def _farmhouses(spot: Point, random: Random) -> list[Footprint]:
    found = []
    for k in range(random.randint(4, 6)):
        turn, away = random.uniform(0, 6.28), random.uniform(12, 95)
        width, depth = random.uniform(11, 19), random.uniform(8, 11)
        x, y = spot.x + away * math.cos(turn), spot.y + away * math.sin(turn)
        shape = affinity.rotate(box(x, y, x + width, y + depth), random.uniform(-30, 30))
        found.append(Footprint(shape, "farmhouse", random.randint(1, 3), 1, -1, "", "", "", f"{k + 1}号"))
    return found


def _locate(footprints: list[Footprint]) -> None:
    cells = [c.shape for c in land().cells]
    tree = shapely.STRtree(cells)
    shapes = np.array([f.shape for f in footprints], dtype=object)
    for footprint, cell in tree.query(shapes, predicate="within").T.tolist():
        footprints[footprint].cell = cell
