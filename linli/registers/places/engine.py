"""Finding the polygon under a point, for many points at once. Pure: arrays in, arrays out.

A raster over the polygons answers most points by one array lookup; cells through which an edge passes are
marked, and only points in those ask an exact index. The answer equals the index's for every point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

NOWHERE, EDGE = -1, -2
SAMPLES_PER_CELL = 8


@dataclass(frozen=True)
class Raster:
    """A grid of cells over `bounds`: the polygon that fills a cell, NOWHERE, or EDGE. Row 0 is south."""

    cells: NDArray[np.int16]
    west: float
    south: float
    per_degree_x: float
    per_degree_y: float


class PointIndex:
    """Polygons that tile or overlap; `find` gives for each point the lowest polygon that touches it.

    COST: building O(length of edges), about half a second for a thousand polygons on 2,048 cells a side;
    `find` about 20 ns a point away from edges, the price of an STRtree query near them.
    """

    def __init__(self, shapes: Sequence[BaseGeometry], cells_a_side: int = 2048) -> None:
        if len(shapes) >= np.iinfo(np.int16).max:
            raise ValueError(f"{len(shapes)} polygons are more than a cell can name")
        self.shapes = np.asarray(shapes, dtype=object)
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)
        self.raster = self._rasterise(cells_a_side) if len(self.shapes) else None

    def find(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return the position of the polygon under each point, NOWHERE outside all. Not-a-number is nowhere."""
        x, y = np.asarray(lon, np.float64).reshape(-1), np.asarray(lat, np.float64).reshape(-1)
        found = np.full(x.shape, NOWHERE, np.int64)
        raster = self.raster
        if raster is None or not x.size:
            return found
        rows, columns = raster.cells.shape
        with np.errstate(invalid="ignore"):
            at_x = (x - raster.west) * raster.per_degree_x
            at_y = (y - raster.south) * raster.per_degree_y
            near = (at_x >= 0) & (at_x < columns) & (at_y >= 0) & (at_y < rows)
        if near.all():
            found[:] = raster.cells[at_y.astype(np.intp), at_x.astype(np.intp)]
        else:
            inside = np.flatnonzero(near)
            found[inside] = raster.cells[at_y[inside].astype(np.intp), at_x[inside].astype(np.intp)]
        unsure = np.flatnonzero(found == EDGE)
        if unsure.size:
            found[unsure] = self._exact(x[unsure], y[unsure])
        return found

    def find_one(self, lon: float, lat: float) -> int:
        """`find` for one point, without the cost of arrays."""
        raster = self.raster
        if raster is None or not (math.isfinite(lon) and math.isfinite(lat)):
            return NOWHERE
        column = math.floor((lon - raster.west) * raster.per_degree_x)
        row = math.floor((lat - raster.south) * raster.per_degree_y)
        rows, columns = raster.cells.shape
        if not (0 <= column < columns and 0 <= row < rows):
            return NOWHERE
        found = int(raster.cells[row, column])
        if found == EDGE:
            hits = self.tree.query(shapely.Point(lon, lat), predicate="intersects")
            return int(hits.min()) if hits.size else NOWHERE
        return found

    def _exact(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        hits = self.tree.query(shapely.points(x, y), predicate="intersects")
        found = np.full(x.shape, np.iinfo(np.int64).max, np.int64)
        np.minimum.at(found, hits[0], hits[1])
        found[found == np.iinfo(np.int64).max] = NOWHERE
        return found

    def _rasterise(self, side: int) -> Raster:
        west, south, east, north = shapely.total_bounds(self.shapes)
        # One spare cell on every side, so that the outermost edges lie inside.
        per_x, per_y = (side - 2) / max(east - west, 1e-9), (side - 2) / max(north - south, 1e-9)
        west, south = west - 1.0 / per_x, south - 1.0 / per_y
        touched = self._touched(side, west, south, per_x, per_y)
        first = ~touched
        first[:, 1:] &= touched[:, :-1]
        rows, columns = np.nonzero(first)
        found = self._exact(west + (columns + 0.5) / per_x, south + (rows + 0.5) / per_y)
        # A run of untouched cells in a row lies in one polygon: no edge passes between them.
        start = np.zeros((side, side), np.int64)
        start[rows, columns] = np.arange(1, rows.size + 1)
        run = np.maximum.accumulate(start.reshape(-1))
        cells = np.concatenate(([NOWHERE], found)).astype(np.int16)[run].reshape(side, side)
        cells[touched] = EDGE
        return Raster(cells, west, south, per_x, per_y)

    def _touched(self, side: int, west: float, south: float, per_x: float, per_y: float) -> NDArray[np.bool_]:
        """Mark every cell an edge passes through (and a few beside): samples with their surroundings."""
        touched = np.zeros((side, side), bool)
        rings = shapely.get_rings(shapely.get_parts(self.shapes))
        coordinates, ring = shapely.get_coordinates(rings, return_index=True)
        x, y = (coordinates[:, 0] - west) * per_x, (coordinates[:, 1] - south) * per_y
        same = ring[1:] == ring[:-1]
        x0, y0, dx, dy = x[:-1][same], y[:-1][same], np.diff(x)[same], np.diff(y)[same]
        steps = np.ceil(np.maximum(np.abs(dx), np.abs(dy)) * SAMPLES_PER_CELL).astype(np.int64) + 1
        segment = np.repeat(np.arange(steps.size), steps)
        position = np.arange(segment.size) - np.repeat(np.cumsum(steps) - steps, steps)
        share = position / np.maximum(steps[segment] - 1, 1)
        at_x, at_y = x0[segment] + share * dx[segment], y0[segment] + share * dy[segment]
        reach = 0.5 / SAMPLES_PER_CELL + 1e-6
        for shift_x in (-reach, reach):
            for shift_y in (-reach, reach):
                column = np.clip((at_x + shift_x).astype(np.intp), 0, side - 1)
                row = np.clip((at_y + shift_y).astype(np.intp), 0, side - 1)
                touched[row, column] = True
        return touched
