"""The road network, 示意: streets noded where they meet, so that it is a graph; expressways have interchanges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from script.demo_city.core import Street, core
from script.demo_city.country import roads
from script.demo_city.towns import settlements
from script.demo_city.water import waters

RANK = [
    "expressway",
    "rail",
    "primary",
    "arterial",
    "county",
    "secondary",
    "town",
    "branch",
    "lane",
    "village",
]
SPEED_KM_H = {
    "expressway": 100, "rail": 0, "primary": 60, "arterial": 50, "county": 50, "secondary": 40, "town": 30,
    "branch": 30, "lane": 15, "village": 20,
}  # fmt: skip
LANES = {"expressway": 4, "primary": 2, "arterial": 6, "secondary": 4, "rail": 0}
INTERCHANGE_EVERY_M = 7000.0


@dataclass
class Segment:
    """A piece of road between two nodes."""

    code: str
    name: str
    kind: str
    line: LineString
    from_node: int
    to_node: int
    bridge: bool


@lru_cache(maxsize=1)
def network() -> tuple[Segment, ...]:
    """Node all roads and number their pieces."""
    country = list(roads())
    fast = [s for s in country if s.kind in ("expressway", "rail")]
    slow = [s for s in country if s.kind not in ("expressway", "rail")]
    slow += [s for town in settlements() for s in town.streets] + core().streets
    pieces: list[tuple[LineString, Street]] = []
    for street in fast:
        pieces += [(line, street) for line in _interchanges(street, slow)]
    pieces += _node(slow)
    pieces = _reachable(pieces)
    wet = shapely.union_all([w.shape for w in waters()])
    shapely.prepare(wet)
    nodes: dict[tuple[float, float], int] = {}
    found = []
    for number, (line, street) in enumerate(pieces, 1):
        ends = [nodes.setdefault(_key(p), len(nodes) + 1) for p in (line.coords[0], line.coords[-1])]
        bridge = wet.intersects(line)
        found.append(Segment(f"R{number:05d}", street.name, street.kind, line, ends[0], ends[1], bridge))
    return tuple(found)


def _reachable(pieces: list[tuple[LineString, Street]], least: int = 20) -> list[tuple[LineString, Street]]:
    """Leave out stray pieces that no road leads to; rails stay."""
    head: dict[tuple[float, float], tuple[float, float]] = {}

    def find(node: tuple[float, float]) -> tuple[float, float]:
        while head.setdefault(node, node) != node:
            head[node] = node = head[head[node]]
        return node

    for line, _ in pieces:
        head[find(_key(line.coords[0]))] = find(_key(line.coords[-1]))
    size = Counter(find(_key(line.coords[0])) for line, _ in pieces)
    return [p for p in pieces if p[1].kind == "rail" or size[find(_key(p[0].coords[0]))] >= least]


def _key(point: tuple[float, ...]) -> tuple[float, float]:
    return round(point[0], 1), round(point[1], 1)


def _interchanges(street: Street, slow: list[Street]) -> list[LineString]:
    """Part an expressway where large roads pass, seven kilometres apart; the road is parted there as well."""
    parts = []
    for line in getattr(street.line, "geoms", [street.line]):
        cuts: list[float] = []
        if street.kind == "expressway":
            for road in [s for s in slow if s.kind == "primary"]:
                crossing = line.intersection(road.line)
                if crossing.is_empty:
                    continue
                spot = crossing.geoms[0] if hasattr(crossing, "geoms") else crossing
                at = line.project(Point(spot.coords[0]))
                if all(abs(at - other) > INTERCHANGE_EVERY_M for other in (*cuts, 0.0, line.length)):
                    cuts.append(at)
                    meet = line.interpolate(at)
                    along = road.line.project(meet)
                    head, tail = substring(road.line, 0, along), substring(road.line, along, road.line.length)
                    node = (meet.x, meet.y)
                    road.line = LineString([*head.coords[:-1], node])
                    slow.append(Street(LineString([node, *tail.coords[1:]]), road.name, road.kind))
        marks = [0.0, *sorted(cuts), line.length]
        parts += [substring(line, a, b) for a, b in pairwise(marks)]
    return parts


def _node(streets: list[Street]) -> list[tuple[LineString, Street]]:
    """Part streets where they meet; a piece keeps the name and kind of the highest street it lies on."""
    lines = np.array([s.line for s in streets], dtype=object)
    pieces = [p for p in shapely.union_all(lines, grid_size=0.1).geoms if p.length > 0.5]
    pieces.sort(key=lambda p: (-round(p.centroid.y), round(p.centroid.x), round(p.length, 1)))
    middles = np.array(
        [p.interpolate(0.5, normalized=True).buffer(0.4, quad_segs=2) for p in pieces], dtype=object
    )
    owner: list[int] = [-1] * len(pieces)
    for piece, street in shapely.STRtree(lines).query(middles, predicate="intersects").T.tolist():
        best = owner[piece]
        if best < 0 or _order(streets, street) < _order(streets, best):
            owner[piece] = street
    return [(pieces[k], streets[owner[k]]) for k in range(len(pieces)) if owner[k] >= 0]


def _order(streets: list[Street], number: int) -> tuple[int, int]:
    return RANK.index(streets[number].kind), number
