"""Coordinates: three datums seen on Chinese maps, a planar grid in metres, and web map tiles.

Stored coordinates are CGCS2000 (EPSG:4490), which differs from WGS-84 by decimetres; both pass here as
"WGS". Amap and Tencent show GCJ-02, Baidu shows BD-09. Every function takes numbers or numpy arrays and
returns numpy arrays (or numpy floats), longitude before latitude, in degrees.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

PLANAR_EPSG = 4544  # CGCS2000, 3-degree Gauss-Krueger, central meridian 105 E; a city names its own
GEOGRAPHIC_EPSG = 4490
EARTH_RADIUS_M = 6378137.0
WORLD_HALF_M = np.pi * EARTH_RADIUS_M

_GCJ_AXIS_M = 6378245.0
_GCJ_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0


def _offset_lon(x: Any, y: Any) -> Any:
    value = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    value = value + (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    value = value + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    return value + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0


def _offset_lat(x: Any, y: Any) -> Any:
    value = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    value = value + (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    value = value + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    return value + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0


def wgs_to_gcj(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS-84/CGCS2000 to GCJ-02. Points outside China are shifted too: the caller knows the city."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    magic = 1.0 - _GCJ_ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    root = np.sqrt(magic)
    d_lon = _offset_lon(x, y) * 180.0 / (_GCJ_AXIS_M / root * np.cos(phi) * np.pi)
    meridian = _GCJ_AXIS_M * (1.0 - _GCJ_ECCENTRICITY_SQUARED) / (magic * root)
    d_lat = _offset_lat(x, y) * 180.0 / (meridian * np.pi)
    return lon + d_lon, lat + d_lat


def gcj_to_wgs(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo `wgs_to_gcj` by fixed-point iteration, to better than 1e-9 degrees (0.1 mm)."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    guess_lon, guess_lat = lon, lat
    for _ in range(10):
        shifted_lon, shifted_lat = wgs_to_gcj(guess_lon, guess_lat)
        step_lon, step_lat = lon - shifted_lon, lat - shifted_lat
        guess_lon, guess_lat = guess_lon + step_lon, guess_lat + step_lat
        if max(np.max(np.abs(step_lon), initial=0.0), np.max(np.abs(step_lat), initial=0.0)) < 1e-12:
            break
    return guess_lon, guess_lat


def gcj_to_bd(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift GCJ-02 to BD-09."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd_to_gcj(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo `gcj_to_bd` by fixed-point iteration, to better than 1e-9 degrees."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(12):
        shifted_lon, shifted_lat = gcj_to_bd(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - shifted_lon), guess_lat + (lat - shifted_lat)
    return guess_lon, guess_lat


def wgs_to_bd(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS-84/CGCS2000 to BD-09."""
    return gcj_to_bd(*wgs_to_gcj(lon, lat))


def bd_to_wgs(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift BD-09 to WGS-84/CGCS2000."""
    return gcj_to_wgs(*bd_to_gcj(lon, lat))


@lru_cache(maxsize=8)
def _transformer(from_epsg: int, to_epsg: int) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(from_epsg, to_epsg, always_xy=True)


def to_planar(lon: ArrayLike, lat: ArrayLike, epsg: int = PLANAR_EPSG) -> Pair:
    """Project degrees to metres (easting, northing) on the planar grid `epsg`."""
    x, y = _transformer(GEOGRAPHIC_EPSG, epsg).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(x), np.asarray(y)


def to_lonlat(x_m: ArrayLike, y_m: ArrayLike, epsg: int = PLANAR_EPSG) -> Pair:
    """Undo `to_planar`."""
    lon, lat = _transformer(epsg, GEOGRAPHIC_EPSG).transform(np.asarray(x_m, float), np.asarray(y_m, float))
    return np.asarray(lon), np.asarray(lat)


def to_mercator(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Project degrees to web mercator metres (EPSG:3857), the plane of map tiles."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x = np.radians(lon) * EARTH_RADIUS_M
    y = np.log(np.tan(np.pi / 4.0 + np.radians(lat) / 2.0)) * EARTH_RADIUS_M
    return x, y


def tile_bounds(zoom: int, column: int, row: int) -> tuple[float, float, float, float]:
    """Return the web mercator bounds (west, south, east, north) in metres of a map tile; row 0 is north."""
    size_m = 2.0 * WORLD_HALF_M / (1 << zoom)
    west, north = column * size_m - WORLD_HALF_M, WORLD_HALF_M - row * size_m
    return west, north - size_m, west + size_m, north


def tile_of(lon: ArrayLike, lat: ArrayLike, zoom: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (column, row) of the tile that holds each point."""
    x, y = to_mercator(lon, lat)
    size_m = 2.0 * WORLD_HALF_M / (1 << zoom)
    column = np.floor((x + WORLD_HALF_M) / size_m).astype(np.int64)
    row = np.floor((WORLD_HALF_M - y) / size_m).astype(np.int64)
    return column, row


def distance_m(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> NDArray[np.float64]:
    """Return great-circle distances in metres (sphere of 6,371,008.8 m: within 0.5 % of the ellipsoid)."""
    phi, to_phi = np.radians(lat), np.radians(to_lat)
    half_phi = np.sin((to_phi - phi) / 2.0)
    half_lambda = np.sin(np.radians(np.subtract(to_lon, lon)) / 2.0)
    root = np.sqrt(half_phi**2 + np.cos(phi) * np.cos(to_phi) * half_lambda**2)
    return np.asarray(2.0 * 6371008.8 * np.arcsin(np.minimum(1.0, root)))
