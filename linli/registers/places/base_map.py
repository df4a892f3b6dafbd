"""The base map, cut once per content of the city into one PMTiles file of the home.

Every layer is an array of shapes in web mercator with attributes and the zoom from which it is shown. For each zoom
shapes are simplified once, distributed to tiles by an STRtree of tile squares, clipped and encoded.
"""

from __future__ import annotations

import gzip
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pmtiles.writer
import shapely
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid

from linli.kernel.city import Progress
from linli.kernel.coordinates import WORLD_HALF_M, tile_bounds
from linli.kernel.home import Home
from linli.registers.places import ground
from linli.registers.places.map_layers import MapLayer, layers

ZOOM_FIRST, ZOOM_LAST = 8, 15
EXTENT, BUFFER = 4096, 64
FORM = 3  # counts up when the same data would give other tiles
LABEL = "地图切片"
GZIP_LEVEL = 6


def path_of(version: str) -> Path:
    """Return where the base map of a data version lies (it may not be there)."""
    return Home.current().tiles_dir / f"base-{version}-{FORM}.pmtiles"


def cut(progress: Progress) -> Path | None:
    """Cut the base map of the loaded data if it is not there yet; return its path, None without a city.

    EFFECTS: one file in the tiles folder, put in place whole; older ones are removed. COST: 10–20 s on one core.
    """
    now = ground.current()
    if not now.profile:
        return None
    target = path_of(now.version)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}.part")
        try:
            with unfinished.open("wb") as file:
                _write(file, now, progress)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    for old in target.parent.glob("base-*.pmtiles"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def _write(file: Any, now: ground.Ground, progress: Progress) -> None:
    zooms = range(ZOOM_FIRST, ZOOM_LAST + 1)
    total = sum(4**k for k in range(len(zooms)))
    progress(LABEL, 0, total)
    found = layers(now)
    tiles: dict[int, bytes] = {}
    done = 0
    for step, zoom in enumerate(zooms):
        for tile_id, data, share in _tiles_of(zoom, found):
            tiles[tile_id] = data
            progress(LABEL, int(done + 4**step * share), total)
        done += 4**step
    writer: Any = pmtiles.writer.Writer(file)  # type: ignore[no-untyped-call]
    for tile_id in sorted(tiles):
        writer.write_tile(tile_id, tiles[tile_id])
    west, south, east, north = now.profile.bounds
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": int(west * 1e7),
        "min_lat_e7": int(south * 1e7),
        "max_lon_e7": int(east * 1e7),
        "max_lat_e7": int(north * 1e7),
        "center_zoom": int(now.profile.centre_zoom),
        "center_lon_e7": int(now.profile.centre[0] * 1e7),
        "center_lat_e7": int(now.profile.centre[1] * 1e7),
    }
    names = sorted({layer.name for layer in found})
    writer.finalize(
        header, {"name": now.profile.name_zh, "vector_layers": [{"id": name, "fields": {}} for name in names]}
    )
    progress(LABEL, total, total)


def _tiles_of(zoom: int, found: list[MapLayer]) -> Iterator[tuple[int, bytes, float]]:
    """Yield (tile id, packed tile, share of the zoom done) for every tile of a zoom that holds something."""
    pieces: dict[tuple[int, int], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for layer in found:
        _distribute(zoom, layer, pieces)
    for number, ((column, row), by_layer) in enumerate(sorted(pieces.items()), 1):
        content = [{"name": name, "features": features} for name, features in by_layer.items()]
        options = {"extents": EXTENT, "y_coord_down": True, "check_winding_order": True}
        data = mapbox_vector_tile.encode(content, default_options=options)
        yield zxy_to_tileid(zoom, column, row), gzip.compress(data, GZIP_LEVEL, mtime=0), number / len(pieces)


def _distribute(zoom: int, layer: MapLayer, pieces: Any) -> None:
    """Clip a layer's shapes to the tiles of a zoom."""
    shown = np.flatnonzero((layer.zoom_from <= zoom) & (zoom <= layer.zoom_to))
    if not shown.size:
        return
    unit_m = 2.0 * WORLD_HALF_M / (1 << zoom) / EXTENT
    shapes = layer.shapes[shown]
    if zoom < ZOOM_LAST:
        shapes = _simplified(shapes, layer, unit_m * (1.5 if zoom >= 13 else 2.5))
    keep = ~shapely.is_empty(shapes)
    if layer.least_units:
        low = shapely.bounds(shapes)
        size = np.maximum(low[:, 2] - low[:, 0], low[:, 3] - low[:, 1])
        keep &= np.nan_to_num(size) >= layer.least_units * unit_m
    shapes, shown = shapes[keep], shown[keep]
    for (column, row), members in _by_tile(zoom, shapes, BUFFER * unit_m).items():
        west, south, east, north = tile_bounds(zoom, column, row)
        reach = BUFFER * unit_m
        clipped = shapely.clip_by_rect(
            shapes[members], west - reach, south - reach, east + reach, north + reach
        )
        local = shapely.transform(
            clipped, lambda c, w=west, n=north: np.rint(np.column_stack((c[:, 0] - w, n - c[:, 1])) / unit_m)
        )
        target = pieces[column, row][layer.name]
        for member, shape in zip(shown[members].tolist(), local, strict=True):
            target.extend(
                {"geometry": part, "properties": layer.attributes[member]} for part in _usable(shape)
            )


def _simplified(shapes: NDArray[Any], layer: MapLayer, tolerance_m: float) -> NDArray[Any]:
    """Simplify by zoom; polygons that tile keep their common edges."""
    if layer.is_coverage:
        return np.asarray(shapely.coverage_simplify(shapes, tolerance_m))
    return np.asarray(shapely.simplify(shapes, tolerance_m / 2))


def _by_tile(zoom: int, shapes: NDArray[Any], reach_m: float) -> dict[tuple[int, int], NDArray[np.int64]]:
    """Return for each tile the shapes that touch it or its buffer."""
    if not len(shapes):
        return {}
    west, south, east, north = shapely.total_bounds(shapes)
    size_m = 2.0 * WORLD_HALF_M / (1 << zoom)
    first, last = (int((edge + WORLD_HALF_M) // size_m) for edge in (west - reach_m, east + reach_m))
    top, bottom = (int((WORLD_HALF_M - edge) // size_m) for edge in (north + reach_m, south - reach_m))
    columns, rows = (
        axis.ravel() for axis in np.meshgrid(np.arange(first, last + 1), np.arange(top, bottom + 1))
    )
    left, upper = columns * size_m - WORLD_HALF_M, WORLD_HALF_M - rows * size_m
    squares = shapely.box(left - reach_m, upper - size_m - reach_m, left + size_m + reach_m, upper + reach_m)
    member, tile = shapely.STRtree(squares).query(shapes, predicate="intersects")
    order = np.lexsort((member, tile))
    member, tile = member[order], tile[order]
    cuts = np.flatnonzero(np.diff(tile)) + 1
    groups = zip(tile[np.concatenate(([0], cuts))] if len(tile) else [], np.split(member, cuts), strict=False)
    return {(int(columns[t]), int(rows[t])): members for t, members in groups}


def _usable(shape: Any) -> list[Any]:
    """Return what is left of a clipped, rounded shape and can be drawn."""
    if shape is None or shape.is_empty:
        return []
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        whole = shape if shape.is_valid else shapely.make_valid(shape)
        parts = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon" and p.area > 0.5]
        return [parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)] if parts else []
    if shape.geom_type == "GeometryCollection":
        return [part for one in shape.geoms for part in _usable(one)]
    if shape.geom_type == "Point":
        return [shape]
    return [shape] if shape.length > 0 else []
