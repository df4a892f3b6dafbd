"""The datums against published vectors, and every shift against its way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import coordinates

LON = st.floats(75, 132)
LAT = st.floats(18, 52)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((116.404, 39.915), (116.4102445, 39.9164043)),
        ((104.5465, 30.4115), (104.5488921, 30.4087168)),
    ],
)
def test_wgs_shifts_to_the_known_gcj_point(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert np.allclose(coordinates.wgs_to_gcj(*wgs), gcj, rtol=0, atol=5e-8)


def test_gcj_shifts_to_the_known_baidu_point() -> None:
    lon, lat = coordinates.wgs_to_bd(116.404, 39.915)
    assert np.allclose((lon, lat), (116.4166272, 39.9226996), rtol=0, atol=5e-8)


@given(LON, LAT)
def test_gcj_comes_back_to_a_billionth_of_a_degree(lon: float, lat: float) -> None:
    back = coordinates.gcj_to_wgs(*coordinates.wgs_to_gcj(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-9)


@given(LON, LAT)
def test_baidu_comes_back_to_a_billionth_of_a_degree(lon: float, lat: float) -> None:
    back = coordinates.bd_to_wgs(*coordinates.wgs_to_bd(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-9)


@given(st.floats(103.5, 106.5), LAT)
def test_the_planar_grid_comes_back_to_a_millimetre(lon: float, lat: float) -> None:
    back = coordinates.to_lonlat(*coordinates.to_planar(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-8)


def test_planar_metres_are_metres() -> None:
    x, y = coordinates.to_planar([104.5, 104.5], [30.4, 30.41])
    assert np.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(1108.6, abs=1.0)
    assert coordinates.distance_m(104.5, 30.4, 104.5, 30.41) == pytest.approx(1111.9, abs=1.0)


def test_another_city_brings_its_own_meridian() -> None:
    x, _ = coordinates.to_planar(117.0, 30.0, epsg=4548)  # central meridian 117 E, false easting 500 km
    assert float(x) == pytest.approx(500_000.0, abs=0.001)


def test_arrays_keep_their_shape() -> None:
    lon, lat = coordinates.gcj_to_wgs(np.full((3, 2), 104.5), np.full((3, 2), 30.4))
    assert lon.shape == lat.shape == (3, 2)
    empty_lon, _ = coordinates.gcj_to_wgs([], [])
    assert empty_lon.shape == (0,)


@given(LON, LAT, st.integers(0, 18))
def test_a_point_lies_in_the_bounds_of_its_tile(lon: float, lat: float, zoom: int) -> None:
    column, row = coordinates.tile_of(lon, lat, zoom)
    west, south, east, north = coordinates.tile_bounds(zoom, int(column), int(row))
    x, y = coordinates.to_mercator(lon, lat)
    assert west - 1e-6 <= x <= east + 1e-6
    assert south - 1e-6 <= y <= north + 1e-6
