"""Our encoder read back by somebody else's decoder, and clusters against their definition."""

from __future__ import annotations

from decimal import Decimal
from time import process_time

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel import mvt

POINTS = st.lists(st.tuples(st.integers(-64, 4160), st.integers(-64, 4160)), min_size=1, max_size=40)
VALUES = st.one_of(
    st.none(), st.text(max_size=12), st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False)
)


def decode(tile: bytes) -> dict:
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


@settings(deadline=None)
@given(POINTS, st.data())
def test_what_is_encoded_is_read_back(points: list[tuple[int, int]], data: st.DataObject) -> None:
    x, y = np.array(points).T
    kind = data.draw(st.lists(VALUES, min_size=len(points), max_size=len(points)))
    count = np.arange(len(points)) - 3
    layer = mvt.PointLayer("案件", x, y, {"kind": kind, "count": count}, ids=np.arange(len(points)) * 10**12)
    decoded = decode(mvt.encode_points([layer]))["案件"]
    assert decoded["extent"] == 4096
    assert decoded["version"] == 2
    assert len(decoded["features"]) == len(points)
    for position, feature in enumerate(decoded["features"]):
        assert tuple(feature["geometry"]["coordinates"]) == points[position]
        assert feature.get("id", 0) == position * 10**12
        expected = {"count": int(count[position])}
        if kind[position] is not None:
            expected["kind"] = kind[position]
        assert feature["properties"] == expected
        assert type(feature["properties"].get("kind")) is type(kind[position])


def test_an_empty_layer_leaves_no_bytes() -> None:
    assert mvt.encode_points([mvt.PointLayer("empty", np.array([]), np.array([]))]) == b""


def test_two_layers_share_a_tile() -> None:
    layers = [mvt.PointLayer(name, np.array([1]), np.array([2]), {"n": [name]}) for name in ("a", "b")]
    assert set(decode(mvt.encode_points(layers))) == {"a", "b"}


def test_a_short_column_is_refused() -> None:
    with pytest.raises(ValueError, match="'kind' has 1 values for 2 points"):
        mvt.encode_points([mvt.PointLayer("a", np.array([1, 2]), np.array([1, 2]), {"kind": ["x"]})])


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="a tile cannot hold a Decimal"):
        mvt.encode_points([mvt.PointLayer("a", np.array([1]), np.array([1]), {"kind": [Decimal(1)]})])


def test_five_thousand_points_take_less_than_fifteen_milliseconds() -> None:
    random = np.random.default_rng(1)
    x, y = random.integers(0, 4096, (2, 5000))
    columns = {
        "code": [f"20261123-{n:06d}" for n in range(5000)],
        "state": random.choice(["to_dispatch", "in_handling", "closed"], 5000).tolist(),
        "count": random.integers(0, 9, 5000),
    }
    layer = mvt.PointLayer("case", x, y, columns, ids=np.arange(5000))
    times = []
    for _ in range(15):
        started = process_time()
        tile = mvt.encode_points([layer])
        times.append(process_time() - started)
    assert len(decode(tile)["case"]["features"]) == 5000
    assert min(times) < 0.015


def test_points_are_placed_on_the_tile_that_holds_them() -> None:
    from linli.kernel.coordinates import tile_of

    column, row = tile_of(104.5465, 30.4115, 14)
    placed = mvt.tile_points([104.5465, 104.7], [30.4115, 30.4], 14, int(column), int(row))
    assert placed.index.tolist() == [0]
    assert 0 <= placed.x[0] < 4096
    assert 0 <= placed.y[0] < 4096


@given(POINTS, st.integers(1, 2000))
def test_clusters_lose_no_point_and_never_reach_over_their_cell(
    points: list[tuple[int, int]], cell: int
) -> None:
    x, y = np.array(points).T
    clusters = mvt.cluster_points(x, y, cell)
    assert clusters.count.sum() == len(points)
    assert np.array_equal(np.bincount(clusters.label), clusters.count)
    for number in range(clusters.count.size):
        members = np.flatnonzero(clusters.label == number)
        assert clusters.first[number] == members[0]
        assert np.ptp(x[members]) < cell
        assert np.ptp(y[members]) < cell
        assert abs(clusters.x[number] - x[members].mean()) <= 0.5
    assert np.all(np.diff(clusters.first) > 0)


def test_weights_count_and_pull() -> None:
    clusters = mvt.cluster_points([0, 100], [0, 0], 512, weights=[3, 1])
    assert clusters.count.tolist() == [4]
    assert clusters.x.tolist() == [25]
