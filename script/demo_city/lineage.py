"""Which village of today a village of 2019 lies in: known heirs by name, the rest by neighbourhood (示意)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from shapely.geometry import Polygon

from script.demo_city.frame import adjacency, chance, dissolve, divisions

URBAN_NAMES = ("红塔村", "解放村", "筒车村", "沱江社区", "铁堰村")
URBAN_TOWNS = ("510185001", "510185002")


@dataclass
class Cell:
    """A piece of land of one village of 2019. Cells with a `plot` lie in the urban core."""

    shape: Polygon
    old_village: int
    plot: int = -1


def is_urban(village: dict[str, str]) -> bool:
    """Tell whether a village of 2019 lies within the core."""
    in_town = village["parent_code"] in URBAN_TOWNS
    return in_town and (village["urban_rural_class"] == "111" or village["name_zh"] in URBAN_NAMES)


def today(old, new, cells: list[Cell]) -> list[int]:  # type: ignore[no-untyped-def]
    """Return for each village of 2019 the village of today it lies in.

    Known heirs first; a new village without a known forerunner takes the free old village of its town that lies
    nearest to the town's others; what is left joins a neighbour of the same town.
    """
    index = {v["code"]: k for k, v in enumerate(new)}
    heir = [index.get(v["successor_codes"], -1) for v in old]
    taken = set(heir)
    towns = {
        t["code"]: t["successor_codes"].split() for t in divisions() if t["level"] == "town" and t["valid_to"]
    }
    shapes = dissolve([c.shape for c in cells], [c.old_village for c in cells], len(old))
    near = _village_neighbours(cells, len(old))
    for k, village in enumerate(new):
        if k in taken:
            continue
        free = [
            j
            for j, v in enumerate(old)
            if heir[j] < 0 and village["parent_code"] in towns[v["parent_code"]] and not shapes[j].is_empty
        ]
        town_of = [j for j in free if towns[old[j]["parent_code"]][0] == village["parent_code"]] or free
        random = chance(f"heir {village['code']}")
        parent = village["parent_code"]
        beside = [
            j for j in town_of if any(heir[n] >= 0 and new[heir[n]]["parent_code"] == parent for n in near[j])
        ]
        pick = max(
            beside or town_of, key=lambda j: (sum(1 for n in near[j] if heir[n] < 0), random.random(), -j)
        )
        heir[pick] = k
    _spread_heirs(old, new, heir, near, towns, shapes)
    return heir


def _village_neighbours(cells: list[Cell], count: int) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in range(count)]
    for k, others in enumerate(adjacency([c.shape for c in cells])):
        for j in others:
            if cells[k].old_village != cells[j].old_village:
                near[cells[k].old_village].add(cells[j].old_village)
    return near


def _spread_heirs(old, new, heir, near, towns, shapes) -> None:  # type: ignore[no-untyped-def]
    """Let villages of today grow over free neighbours, the smallest first, within their town if they can."""
    size = defaultdict(float)
    for j, k in enumerate(heir):
        if k >= 0:
            size[k] += shapes[j].area
    while any(k < 0 for k in heir):
        options = []
        for j, k in enumerate(heir):
            if k >= 0:
                continue
            for n in near[j]:
                if heir[n] >= 0:
                    main = towns[old[j]["parent_code"]]
                    parent = new[heir[n]]["parent_code"]
                    rank = 0 if parent == main[0] else 1 if parent in main else 2
                    options.append((rank, is_urban(old[j]) != is_urban(old[n]), size[heir[n]], j, heir[n]))
        if not options:
            raise RuntimeError("some villages have no neighbour")
        *_, j, k = min(options)
        heir[j] = k
        size[k] += shapes[j].area
