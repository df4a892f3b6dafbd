"""Grids of four schemes, 示意: general, micro, unit, and dedicated overlays; numbered west to east, north to south."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import Polygon

from script.demo_city.cells import Land, land
from script.demo_city.frame import adjacency, chance, join_up, nearest_of, reading_order, spread

GENERAL_PLOTS, MICRO_PLOTS = 7, 2.4
VALID_FROM = "2022-01-01"


@dataclass
class Grid:
    """One grid and the cells (positions in `Land.cells`) it is made of."""

    scheme: str
    code: str
    parent: str
    name: str
    name_en: str
    cells: list[int]
    urban: bool
    shape: Polygon = field(default_factory=Polygon)


@dataclass
class Grids:
    """All grids that tile, and for each cell its general grid (code)."""

    general: list[Grid]
    micro: list[Grid]
    units: list[Grid]
    general_of_cell: list[str]
    unit_of_plot: dict[int, str]


@lru_cache(maxsize=1)
def grids() -> Grids:
    """Part every village of today into general grids, and the core further into micro and unit grids."""
    ground = land()
    members: list[list[int]] = [[] for _ in ground.new]
    for number, cell in enumerate(ground.cells):
        members[ground.new_of_old[cell.old_village]].append(number)
    near = adjacency([c.shape for c in ground.cells])
    general, micro, units = [], [], []
    for village, cells in zip(ground.new, members, strict=True):
        own = _general(ground, village, cells, near)
        general += own
        for grid in own:
            if grid.urban:
                micro += _micro(ground, grid, near)
        units += _units(ground, village, cells)
    for grid in (*general, *micro, *units):
        grid.shape = shapely.coverage_union_all([ground.cells[k].shape for k in grid.cells])
    general_of_cell = [""] * len(ground.cells)
    for grid in general:
        for k in grid.cells:
            general_of_cell[k] = grid.code
    unit_of_plot = {k: grid.code for grid in units for k in grid.cells}
    return Grids(general, micro, units, general_of_cell, unit_of_plot)


def _general(ground: Land, village: dict[str, str], cells: list[int], near: list[set[int]]) -> list[Grid]:
    """In the country one grid for each village of 2019 within; in the core one for about seven plots."""
    groups: list[tuple[list[int], bool]] = []
    country = defaultdict(list)
    for k in cells:
        if ground.cells[k].plot < 0:
            country[ground.cells[k].old_village].append(k)
    groups += [(country[old], False) for old in sorted(country)]
    urban = [k for k in cells if ground.cells[k].plot >= 0]
    groups += [(g, True) for g in _cluster(ground, urban, near, GENERAL_PLOTS, village["code"])]
    places = [_centre(ground, group) for group, _ in groups]
    found = []
    for position in reading_order(places, 350.0 if urban else 1500.0):
        number = len(found) + 1
        group, in_core = groups[position]
        name, english = f"{village['name_zh']}第{number}网格", f"{village['name_en']}, grid {number}"
        code = f"{village['code']}{number:03d}"
        found.append(Grid("general", code, village["code"], name, english, sorted(group), in_core))
    return found


def _micro(ground: Land, parent: Grid, near: list[set[int]]) -> list[Grid]:
    groups = _cluster(ground, parent.cells, near, MICRO_PLOTS, "micro" + parent.code)
    order = reading_order([_centre(ground, g) for g in groups], 120.0)
    return [
        Grid(
            "micro",
            f"{parent.code}{number:02d}",
            parent.code,
            f"{parent.name}微网格{number:02d}",
            f"{parent.name_en}, micro grid {number:02d}",
            sorted(groups[position]),
            True,
        )
        for number, position in enumerate(order, 1)
    ]


def _units(ground: Land, village: dict[str, str], cells: list[int]) -> list[Grid]:
    plots = [k for k in cells if ground.cells[k].plot >= 0]
    order = reading_order([_centre(ground, [k]) for k in plots], 100.0)
    return [
        Grid(
            "urban_unit",
            f"{village['code']}{number:03d}",
            village["code"],
            f"{village['name_zh']}单元网格{number:03d}",
            f"{village['name_en']}, unit {number:03d}",
            [plots[position]],
            True,
        )
        for number, position in enumerate(order, 1)
    ]


def _cluster(
    ground: Land, cells: list[int], near: list[set[int]], size: float, topic: str
) -> list[list[int]]:
    if not cells:
        return []
    count = max(1, round(len(cells) / size))
    centres = np.array([_centre(ground, [k]) for k in cells])
    spots = spread(centres, count, chance(f"grids {topic}"))
    slots = {k: position for position, k in enumerate(cells)}
    inner = [{slots[j] for j in near[k] if j in slots} for k in cells]
    label = join_up(nearest_of(centres, spots).tolist(), inner, [ground.cells[k].shape.area for k in cells])
    groups = defaultdict(list)
    for k, group in zip(cells, label, strict=True):
        groups[group].append(k)
    return [groups[group] for group in sorted(groups)]


def _centre(ground: Land, cells: list[int]) -> tuple[float, float]:
    spots = [ground.cells[k].shape.centroid for k in cells]
    return sum(s.x for s in spots) / len(spots), sum(s.y for s in spots) / len(spots)
