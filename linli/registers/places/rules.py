"""What holds for places, as pure functions: coverages without gap and overlap, days that follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ROUNDING_DEG = 1e-6  # files carry six decimals
LEVELS = {"city": 6, "town": 9, "village": 12}


@dataclass(frozen=True)
class Fault:
    """Where a coverage breaks: `kind` is overlap, edge, outside or gap; `members` are positions in the list given."""

    kind: str
    members: tuple[int, ...]
    area_deg2: float
    lon: float
    lat: float


def tiling_faults(shapes: Sequence[BaseGeometry], cover: BaseGeometry, limit: int = 20) -> list[Fault]:
    """Prove that polygons tile `cover` without gap or overlap; return where they do not.

    Shared edges must be shared vertex by vertex (GEOS coverage). Against `cover` they may differ by the rounding of
    the files along its outline. COST: O(n log n), about 0.1 s for a thousand polygons.
    """
    members = np.asarray(shapes, dtype=object)
    if not len(members):
        spot = cover.representative_point()
        return [Fault("gap", (), float(cover.area), spot.x, spot.y)]
    if shapely.coverage_is_valid(members):
        joined = shapely.coverage_union_all(members)
        faults: list[Fault] = []
    else:
        faults = _overlaps(members, limit)
        joined = shapely.union_all(members)
    allowed = cover.length * ROUNDING_DEG
    for kind, difference in (
        ("gap", shapely.difference(cover, joined)),
        ("outside", shapely.difference(joined, cover)),
    ):
        if difference.area > allowed:
            part = max(shapely.get_parts(difference), key=lambda piece: piece.area)
            spot = part.representative_point()
            faults.append(Fault(kind, (), float(difference.area), spot.x, spot.y))
    if not faults:
        faults += _holes(members, joined, cover, allowed)
    return faults[:limit]


def _overlaps(members: np.ndarray, limit: int) -> list[Fault]:
    """Name the pairs whose interiors meet, else the members with edges that do not match a neighbour's."""
    found = []
    left, right = shapely.STRtree(members).query(members, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.intersection(members[left], members[right])
    area = shapely.area(common)
    for k in np.argsort(-area)[:limit]:
        if area[k] > ROUNDING_DEG**2:
            spot = common[k].representative_point()
            found.append(Fault("overlap", (int(left[k]), int(right[k])), float(area[k]), spot.x, spot.y))
    if found:
        return found
    edges = shapely.coverage_invalid_edges(members)
    for k in np.flatnonzero(~shapely.is_empty(edges))[:limit]:
        spot = edges[k].representative_point()
        found.append(Fault("edge", (int(k),), 0.0, spot.x, spot.y))
    return found


def _holes(members: np.ndarray, joined: BaseGeometry, cover: BaseGeometry, allowed: float) -> list[Fault]:
    """Find gaps too small for the area test: holes of the whole that the cover does not have."""
    holes = [ring for part in shapely.get_parts(joined) for ring in part.interiors]
    found = []
    for ring in holes:
        hole = shapely.Polygon(ring)
        spot = hole.representative_point()
        if hole.area > ROUNDING_DEG**2 and cover.contains(spot) and hole.area <= allowed:
            found.append(Fault("gap", (), float(hole.area), spot.x, spot.y))
    return found


def days_overlap(from_a: date, to_a: date | None, from_b: date, to_b: date | None) -> bool:
    """Tell whether two half-open ranges of days share a day; None never ends."""
    return (to_b is None or from_a < to_b) and (to_a is None or from_b < to_a)


def valid_on(day: date, valid_from: date, valid_to: date | None) -> bool:
    """Tell whether a half-open range of days holds `day`."""
    return valid_from <= day and (valid_to is None or day < valid_to)
