"""The registers of buildings and households, 示意: codes, addresses, and dwellings sampled one in ten. No person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import Polygon

from script.demo_city.blocks import Footprint, footprints
from script.demo_city.cells import land
from script.demo_city.core import core
from script.demo_city.country import houses
from script.demo_city.frame import chance, reading_order
from script.demo_city.grids import grids

COMPLETE = ("奥盾大院", "逸水鼎城")
CORE_SHARE, TOWN_SHARE, FARM_SHARE = 0.1045, 0.113, 0.97


@dataclass
class Building:
    """One building with its place in the numbering."""

    code: str
    name: str
    estate: str
    kind: str
    address: str
    floors: int
    dwellings: int
    shape: Polygon


@lru_cache(maxsize=1)
def buildings() -> tuple[Building, ...]:
    """Number buildings inside their general grid (five digits) and give them addresses."""
    grid_of_cell, names = grids().general_of_cell, {g.code: g for g in grids().general}
    villages = {v["code"]: v["name_zh"] for v in land().new}
    by_grid: dict[str, list[Footprint]] = defaultdict(list)
    inside = _only_whole([*footprints(), *houses()])
    streets = _estate_streets(inside)
    for footprint in inside:
        by_grid[grid_of_cell[footprint.cell]].append(footprint)
    found = []
    for code in sorted(by_grid):
        group = by_grid[code]
        places = [(f.shape.centroid.x, f.shape.centroid.y) for f in group]
        for number, position in enumerate(reading_order(places, 60.0), 1):
            f = group[position]
            village = villages[code[:12]]
            if f.kind == "farmhouse":
                address = f"{village}{int(names[code].code[12:])}组{number}号"
            elif f.street:
                address = f"{f.street}{f.number}"
            else:
                address = f"{streets.get(f.estate or f.name, village)}{f.estate}{f.number}"
            name = f.name or (f"{f.estate}{f.number}" if not f.street and f.estate else "")
            estate = "" if f.street else f.estate
            found.append(
                Building(f"{code}{number:05d}", name, estate, f.kind, address, f.floors, f.dwellings, f.shape)
            )
    return tuple(found)


def _only_whole(all_footprints: list[Footprint]) -> list[Footprint]:
    """Keep buildings that lie whole inside their cell: a grid line never cuts a building."""
    cells = np.array([land().cells[f.cell].shape for f in all_footprints], dtype=object)
    whole = shapely.contains(cells, np.array([f.shape for f in all_footprints], dtype=object))
    return [f for f, keep in zip(all_footprints, whole, strict=True) if keep]


def _estate_streets(all_footprints: list[Footprint]) -> dict[str, str]:
    """Return for each estate the street and number of its gate: the nearest named street of the core."""
    members: dict[str, list[Polygon]] = defaultdict(list)
    for f in all_footprints:
        if not f.street and (f.estate or f.name):
            members[f.estate or f.name].append(f.shape)
    named = [s for s in core().streets if s.name]
    tree = shapely.STRtree([s.line for s in named])
    starts: dict[str, float] = {}
    for street in named:
        starts.setdefault(street.name, 0.0)
    taken: set[str] = set()
    found = {}
    for estate in sorted(members):
        spot = shapely.MultiPolygon(members[estate]).centroid
        street = named[int(tree.nearest(spot))]
        number = max(1, round(street.line.project(spot) / 9.0))
        number += number % 2 == 0 if _left(street.line, spot) else number % 2
        while f"{street.name}{number}" in taken:
            number += 2
        taken.add(f"{street.name}{number}")
        found[estate] = f"{street.name}{number}号"
    return found


def _left(line, spot) -> bool:  # type: ignore[no-untyped-def]
    (ax, ay), (bx, by) = line.coords[0], line.coords[-1]
    return bool((bx - ax) * (spot.y - ay) - (by - ay) * (spot.x - ax) > 0)


@lru_cache(maxsize=1)
def households() -> tuple[dict[str, str], ...]:
    """Register dwellings: all of the compounds of the account, elsewhere a sample spread by chance."""
    found = []
    random = chance("households")
    for building in buildings():
        if not building.dwellings:
            continue
        share = CORE_SHARE
        if building.kind == "farmhouse":
            share = FARM_SHARE
        elif not building.estate:
            share = TOWN_SHARE
        if building.estate in COMPLETE:
            share = 1.0
        a_floor = max(1, building.dwellings // max(1, building.floors))
        units = max(1, a_floor // 2) if building.floors < 12 else 1
        for number in range(building.dwellings):
            if random.random() >= share:
                continue
            floor, door = divmod(number, a_floor)
            unit, room = door // (a_floor // units or 1) + 1, door % (a_floor // units or 1) + 1
            found.append(
                {
                    "code": f"{building.code}{number + 1:04d}",
                    "unit": str(min(unit, units)) if building.kind != "farmhouse" else "",
                    "floor": str(min(floor + 1, building.floors)),
                    "room": f"{floor + 1}{room:02d}" if building.kind != "farmhouse" else "",
                }
            )
    return tuple(found)
