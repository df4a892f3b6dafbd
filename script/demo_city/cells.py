"""Shapes for divisions, 示意: cells around real town centres, parted into villages, fitted round the urban core.

The city is first parted into some nine thousand small cells. Towns of 2019 take cells by distance to their real
centre, widened until their size fits their number of villages; villages take cells inside their town. A village
of today is made of villages of 2019, so both lists, and the grids below them, share their edges.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, Polygon

from script.demo_city.core import Core, core, uv
from script.demo_city.frame import (
    adjacency,
    boundary_m,
    chance,
    dissolve,
    divisions,
    join_up,
    nearest_of,
    point_m,
    spread,
)
from script.demo_city.lineage import URBAN_TOWNS, Cell, is_urban, today

CELL_M = 480.0
ASSUMED_CENTRES = {
    "510185001": (104.5320, 30.3830),
    "510185002": (104.5590, 30.4270),  # the country of a town whose real seat lies inside the core
    "510185003": (104.5690, 30.3420),
    "510185004": (104.5010, 30.4080),
    "510185214": (104.4780, 30.4670),
}


@dataclass
class Land:
    """Villages of 2019 and of today with their cells; indexes point into the lists."""

    old: list[dict[str, str]]
    new: list[dict[str, str]]
    cells: list[Cell]
    new_of_old: list[int]


@lru_cache(maxsize=1)
def land() -> Land:
    """Lay out all land."""
    rows = divisions()
    old_towns = [r for r in rows if r["level"] == "town" and r["valid_to"]]
    old = [r for r in rows if r["level"] == "village" and r["valid_to"]]
    new = [r for r in rows if r["level"] == "village" and not r["valid_to"]]
    urban = core()
    small = _small_cells(boundary_m())
    near = adjacency(small)
    centres = np.array([(c.centroid.x, c.centroid.y) for c in small])
    free = shapely.area(shapely.difference(np.array(small, dtype=object), urban.outline))
    town_label = _towns(old_towns, old, free, centres, near)
    village_label = _villages(old_towns, old, small, centres, near, town_label, free)
    rural = dissolve(small, village_label, len(old))
    rural = list(shapely.coverage_simplify(np.array(rural, dtype=object), 130.0, simplify_boundary=False))
    cells = _fit(rural, urban, old)
    return Land(old, new, cells, today(old, new, cells))


def _small_cells(city: Polygon) -> list[Polygon]:
    random = chance("cells")
    west, south, east, north = city.bounds
    seeds = []
    row, y = 0, south - CELL_M
    while y < north + CELL_M:
        x = west - CELL_M + (CELL_M / 2 if row % 2 else 0)
        while x < east + CELL_M:
            seeds.append((x + random.uniform(-0.42, 0.42) * CELL_M, y + random.uniform(-0.42, 0.42) * CELL_M))
            x += CELL_M
        y += CELL_M * 0.866
        row += 1
    edges = shapely.voronoi_polygons(MultiPoint(seeds), only_edges=True)
    lines = shapely.union_all([*edges.geoms, city.exterior], grid_size=0.1)
    shapely.prepare(city)
    faces = [
        f for f in shapely.polygonize(list(lines.geoms)).geoms if city.contains(f.representative_point())
    ]
    faces.sort(key=lambda f: (-round(f.centroid.y), round(f.centroid.x)))
    return faces


def _towns(towns, villages, area, centres, near) -> list[int]:  # type: ignore[no-untyped-def]
    """Give each cell to a town: nearest centre, widened until areas fit the villages each town has."""
    places = []
    for town in towns:
        lon, lat = ASSUMED_CENTRES.get(town["code"]) or (float(town["lon"]), float(town["lat"]))
        places.append(point_m(lon, lat))
    count = np.array(
        [sum(1 for v in villages if v["parent_code"] == t["code"] and not is_urban(v)) for t in towns]
    )
    target = count**0.8
    target = target / target.sum() * area.sum()
    reach = np.zeros(len(towns))
    for _ in range(60):
        label = nearest_of(centres, np.array(places), reach)
        got = np.bincount(label, weights=area, minlength=len(towns))
        reach += np.clip((target - got) / np.sqrt(np.maximum(got, 1e6)) * 260, -2.5e6, 2.5e6)
    label = nearest_of(centres, np.array(places), reach)
    return join_up(label.tolist(), near, area.tolist())


def _villages(towns, old, small, centres, near, town_label, free) -> list[int]:  # type: ignore[no-untyped-def]
    """Give each cell to a village of 2019 inside its town; villages that changed town lie towards their new one."""
    label = [-1] * len(small)
    number = {v["code"]: k for k, v in enumerate(old)}
    heart = {t["code"]: _heart(k, town_label, centres) for k, t in enumerate(towns)}
    new_town_heart = _new_hearts(towns, heart)
    for town_index, town in enumerate(towns):
        random = chance(f"villages {town['code']}")
        members = [k for k, t in enumerate(town_label) if t == town_index]
        villages = [v for v in old if v["parent_code"] == town["code"] and not is_urban(v)]
        open_land = [k for k in members if free[k] > 0.5 * small[k].area]
        spots = spread(centres[open_land], len(villages), random)
        order = sorted(range(len(spots)), key=lambda k: (spots[k][1], spots[k][0]))
        random.shuffle(order)
        main_heirs = town["successor_codes"].split()
        taken: set[int] = set()
        chosen: dict[str, int] = {}
        if town["code"] in URBAN_TOWNS:
            urban = core().outline
            for village in (v for v in villages if v["successor_codes"][:9] == town["code"]):
                best = min(
                    (k for k in order if k not in taken), key=lambda k: urban.distance(Point(spots[k]))
                )
                taken.add(best)
                chosen[village["code"]] = best
        moving = [v for v in villages if v["successor_codes"] and v["successor_codes"][:9] != main_heirs[0]]
        for village in moving:
            aim = new_town_heart.get(village["successor_codes"][:9], heart[town["code"]])
            best = min((k for k in order if k not in taken), key=lambda k: ((spots[k] - aim) ** 2).sum())
            taken.add(best)
            chosen[village["code"]] = best
        rest = [k for k in order if k not in taken]
        for village in villages:
            if village["code"] not in chosen:
                chosen[village["code"]] = rest.pop()
        by_spot = {spot: number[code] for code, spot in chosen.items()}
        for member, spot in zip(members, nearest_of(centres[members], spots), strict=True):
            label[member] = by_spot[int(spot)]
    return join_up(label, near, [c.area for c in small])


def _heart(town: int, label, centres):  # type: ignore[no-untyped-def]
    return centres[[k for k, t in enumerate(label) if t == town]].mean(axis=0)


def _new_hearts(towns, heart):  # type: ignore[no-untyped-def]
    found = defaultdict(list)
    for town in towns:
        for heir in town["successor_codes"].split()[:1]:
            found[heir].append(heart[town["code"]])
    return {code: np.mean(places, axis=0) for code, places in found.items()}


def _fit(rural: list[Polygon], urban: Core, old: list[dict[str, str]]) -> list[Cell]:
    """Cut the core out of the country, give slivers away, and share the core's plots among its villages."""
    lines = [ring for shape in rural if not shape.is_empty for ring in _rings(shape)]
    outside = shapely.union_all(lines, grid_size=0.1).difference(urban.outline)
    plots = [p.shape.exterior for p in urban.plots]
    noded = shapely.union_all([outside, urban.outline.exterior, *plots], grid_size=0.1)
    faces = _without_slivers(list(shapely.polygonize(list(noded.geoms)).geoms))
    faces.sort(key=lambda f: (-round(f.centroid.y), round(f.centroid.x)))
    tree, plot_tree = shapely.STRtree(rural), shapely.STRtree([p.shape for p in urban.plots])
    spots = np.array([f.representative_point() for f in faces], dtype=object)
    inside = [urban.outline.contains(spot) for spot in spots]
    owner = _first(tree, spots, len(faces))
    plot = _first(plot_tree, spots, len(faces))
    label = [-1 if inside[k] else owner[k] for k in range(len(faces))]
    keep = [k for k in range(len(faces)) if inside[k] or owner[k] >= 0]
    faces, label = [faces[k] for k in keep], [label[k] for k in keep]
    plot = [plot[k] if inside[k] else -1 for k in keep]
    near = adjacency(faces)
    core_label = _core_villages(faces, plot, near, urban, old)
    country = [k for k in range(len(faces)) if plot[k] < 0]
    slots = {face: position for position, face in enumerate(country)}
    country_near = [{slots[j] for j in near[k] if j in slots} for k in country]
    areas = [faces[k].area for k in country]
    joined = join_up([label[k] for k in country], country_near, areas)
    for position, face in enumerate(country):
        label[face] = joined[position]
    for face, village in core_label.items():
        label[face] = village
    return [Cell(faces[k], label[k], plot[k]) for k in range(len(faces))]


def _without_slivers(faces: list[Polygon], least_m2: float = 60.0) -> list[Polygon]:
    """Join faces of a few square metres, left by rounding, to their largest neighbour."""
    near = adjacency(faces)
    heir = list(range(len(faces)))
    for k, face in enumerate(faces):
        if face.area < least_m2 and near[k]:
            heir[k] = max(sorted(near[k]), key=lambda j: faces[j].area)
    joined = dissolve(faces, heir, len(faces))
    return [shape for shape in joined if not shape.is_empty]


def _rings(shape):  # type: ignore[no-untyped-def]
    return [ring for part in getattr(shape, "geoms", [shape]) for ring in (part.exterior, *part.interiors)]


def _first(tree: shapely.STRtree, spots: np.ndarray, count: int) -> list[int]:
    found = [-1] * count
    for spot, index in tree.query(spots, predicate="intersects").T.tolist():
        found[spot] = index if found[spot] < 0 else min(found[spot], index)
    return found


def _core_villages(faces, plot, near, urban: Core, old) -> dict[int, int]:  # type: ignore[no-untyped-def]
    """Share the plots: the right bank to the first town's communities, the left bank to the second's."""
    result: dict[int, int] = {}
    for bank, town in (("S", URBAN_TOWNS[0]), ("N", URBAN_TOWNS[1])):
        villages = [k for k, v in enumerate(old) if v["parent_code"] == town and is_urban(v)]
        members = [k for k, p in enumerate(plot) if p >= 0 and _bank(urban, p, faces[k]) == bank]
        centres = np.array([(faces[k].centroid.x, faces[k].centroid.y) for k in members])
        spots = spread(centres, len(villages), chance(f"core {bank}"))
        chosen = nearest_of(centres, spots)
        slots = {face: position for position, face in enumerate(members)}
        inner = [{slots[j] for j in near[k] if j in slots} for k in members]
        joined = join_up([villages[c] for c in chosen], inner, [faces[k].area for k in members])
        result.update(zip(members, joined, strict=True))
    return result


def _bank(urban: Core, plot: int, face: Polygon) -> str:
    bank = urban.plots[plot].bank
    if bank != "W":
        return bank
    return "N" if uv(face.centroid.x, face.centroid.y)[1] > -60 else "S"
