"""The raster answers what the exact index would answer, for every point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.registers.places.engine import NOWHERE, PointIndex

COORDINATE = st.floats(-0.2, 1.2)


def brute_force(shapes: list[shapely.Geometry], x: float, y: float) -> int:
    """Return the first polygon that touches a point, by asking them all."""
    point = shapely.Point(x, y)
    return next((k for k, shape in enumerate(shapes) if shape.intersects(point)), NOWHERE)


def cells_of(seed: int, count: int) -> list[shapely.Geometry]:
    """Part the unit square into cells around random points."""
    spots = shapely.multipoints(np.random.default_rng(seed).uniform(0, 1, (count, 2)))
    cells = shapely.voronoi_polygons(spots, extend_to=shapely.box(0, 0, 1, 1))
    return [cell.intersection(shapely.box(0, 0, 1, 1)) for cell in cells.geoms]


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000),
    st.integers(2, 30),
    st.integers(4, 200),
    st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=60),
)
def test_every_point_is_where_brute_force_finds_it(
    seed: int, count: int, side: int, points: list[tuple[float, float]]
) -> None:
    shapes = cells_of(seed, count)
    corners = shapely.get_coordinates(shapes)[:40].tolist()
    x, y = np.array([*points, *corners]).T
    index = PointIndex(shapes, side)
    found = index.find(x, y)
    assert found.tolist() == [brute_force(shapes, a, b) for a, b in zip(x, y, strict=True)]
    assert found.tolist() == [index.find_one(float(a), float(b)) for a, b in zip(x, y, strict=True)]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(4, 120), st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1))
def test_overlaps_holes_and_slivers_do_not_confuse_it(
    seed: int, side: int, points: list[tuple[float, float]]
) -> None:
    random = np.random.default_rng(seed)
    ring = shapely.Point(0.5, 0.5).buffer(0.4).difference(shapely.Point(0.5, 0.5).buffer(0.1))
    sliver = shapely.Polygon([(0, 0.3), (1, 0.3 + 1e-9), (1, 0.3)])
    pair = shapely.MultiPolygon([shapely.box(0, 0, 0.1, 0.1), shapely.box(0.9, 0.9, 1, 1)])
    shapes = [pair, ring, sliver, *(shapely.box(*random.uniform(0, 0.6, 2), 0.8, 0.7) for _ in range(3))]
    x, y = np.array(points).T
    found = PointIndex(shapes, side).find(x, y)
    assert found.tolist() == [brute_force(shapes, a, b) for a, b in zip(x, y, strict=True)]


def test_no_polygon_and_no_point_are_answered() -> None:
    assert PointIndex([]).find([1.0], [1.0]).tolist() == [NOWHERE]
    assert PointIndex([shapely.box(0, 0, 1, 1)]).find([], []).size == 0


def test_what_is_no_number_is_nowhere() -> None:
    index = PointIndex([shapely.box(0, 0, 1, 1)], 16)
    found = index.find([np.nan, 0.5, np.inf, -np.inf], [0.5, np.nan, 0.5, 0.5])
    assert found.tolist() == [NOWHERE] * 4
    assert index.find_one(float("nan"), 0.5) == NOWHERE


def test_more_polygons_than_a_cell_can_name_are_refused() -> None:
    with pytest.raises(ValueError, match="more than a cell can name"):
        PointIndex([shapely.box(0, 0, 1, 1)] * 40_000)
