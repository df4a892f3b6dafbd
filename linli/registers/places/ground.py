"""What a process keeps of the loaded city: indexes for one version, renewed when the database holds another."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray

from linli.kernel import clock
from linli.kernel.coordinates import to_planar
from linli.registers.places.engine import PointIndex
from linli.registers.places.gazetteer import Entry, Gazetteer
from linli.registers.places.models import Building, Dataset, Division, Facility, Grid, RoadSegment
from linli.registers.places.types import CityProfile, DivisionName

LOOK_EVERY_S = 1.0
COMPONENT = "component"
RASTER_CELLS = {"general": 1536, "urban_unit": 1024}
CELLS_ELSE = 512


@dataclass(frozen=True)
class Layer:
    """The grids of one scheme: an index, and codes with an empty one at the end for "nowhere"."""

    index: PointIndex
    codes: NDArray[np.str_]


@dataclass
class Ground:
    """The city as one process knows it. Parts are built when first asked for."""

    version: str
    day: date
    profile: CityProfile
    prefixes: tuple[str, ...]
    _layers: dict[str, Layer] = field(default_factory=dict)
    _building: threading.RLock = field(default_factory=threading.RLock)

    def layer(self, scheme: str) -> Layer:
        """Return the grids of a scheme that are valid today."""
        found = self._layers.get(scheme)
        if found is None:
            with self._building:
                found = self._layers.get(scheme) or self._layers.setdefault(scheme, self._read_layer(scheme))
        return found

    def _read_layer(self, scheme: str) -> Layer:
        valid = Q(valid_to__isnull=True) | Q(valid_to__gt=self.day)
        rows = Grid.objects.filter(valid, scheme=scheme, valid_from__lte=self.day).order_by("code")
        pairs = [(code, bytes(shape)) for code, shape in rows.values_list("code", "shape")]
        shapes = shapely.from_wkb([shape for _, shape in pairs])
        codes = np.array([*(code for code, _ in pairs), ""])
        return Layer(PointIndex(shapes, RASTER_CELLS.get(scheme, CELLS_ELSE)), codes)

    @cached_property
    def towns(self) -> NDArray[np.str_]:
        """The town of each general grid, by prefix."""
        return self.layer("general").codes.astype("U9")

    @cached_property
    def villages(self) -> NDArray[np.str_]:
        """The village of each general grid, by prefix."""
        return self.layer("general").codes.astype("U12")

    @cached_property
    def divisions(self) -> dict[str, DivisionName]:
        """Divisions of today by code."""
        valid = Q(valid_to__isnull=True) | Q(valid_to__gt=self.day)
        rows = Division.objects.filter(valid, valid_from__lte=self.day)
        fields = ("code", "level", "name_zh", "name_en", "parent_code")
        return {row[0]: DivisionName(*row) for row in rows.values_list(*fields)}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """All names of today."""
        return Gazetteer(self._entries(), self.prefixes)

    def _entries(self) -> list[Entry]:
        towns = {code: d.name_zh for code, d in self.divisions.items() if d.level == "town"}
        found = []
        places = Division.objects.filter(valid_to__isnull=True, lon__isnull=False).exclude(level="city")
        for code, level, name, english, lon, lat in places.values_list(
            "code", "level", "name_zh", "name_en", "lon", "lat"
        ):
            area = towns.get(code[:9], "") if level == "village" else ""
            found.append(Entry(name, english, level, lon or 0.0, lat or 0.0, area))
        facilities = Facility.objects.exclude(kind=COMPONENT).order_by("code")
        for kind, name, english, grid, lon, lat in facilities.values_list(
            "kind", "name_zh", "name_en", "general_grid", "lon", "lat"
        ):
            found.append(Entry(name, english, kind, lon, lat, towns.get(grid[:9], "")))
        found += self._road_entries()
        for address, grid, lon, lat in Building.objects.order_by("code").values_list(
            "address", "general_grid", "lon", "lat"
        ):
            found.append(Entry(address, "", "building", lon, lat, towns.get(grid[:9], "")))
        return found

    def _road_entries(self) -> list[Entry]:
        """One entry a road name, at the middle of its middle piece."""
        names, english, _, shapes, _ = self._named_roads
        by_name: dict[str, list[int]] = {}
        for k, name in enumerate(names):
            by_name.setdefault(name, []).append(k)
        found = []
        for name, pieces in by_name.items():
            spot = shapely.line_interpolate_point(shapes[pieces[len(pieces) // 2]], 0.5, normalized=True)
            found.append(Entry(name, english[pieces[0]], "road", round(spot.x, 6), round(spot.y, 6)))
        return found

    @cached_property
    def _named_roads(self) -> tuple[list[str], list[str], list[str], NDArray[Any], shapely.STRtree]:
        rows = list(
            RoadSegment.objects.exclude(name_zh="").exclude(kind="rail").order_by("code")
            .values_list("name_zh", "name_en", "kind", "shape")
        )  # fmt: skip
        shapes = shapely.from_wkb([bytes(row[3]) for row in rows])
        planar = shapely.transform(shapes, self._planar) if len(rows) else shapes
        return (
            [r[0] for r in rows],
            [r[1] for r in rows],
            [r[2] for r in rows],
            shapes,
            shapely.STRtree(planar),
        )

    @cached_property
    def _doors(self) -> tuple[list[str], shapely.STRtree]:
        rows = list(Building.objects.order_by("code").values_list("address", "x_m", "y_m"))
        spots = shapely.points([row[1] for row in rows], [row[2] for row in rows]) if rows else []
        return [row[0] for row in rows], shapely.STRtree(spots)

    def _planar(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_planar(coordinates[:, 0], coordinates[:, 1], self.profile.planar_epsg))

    def nearest_address(self, x_m: float, y_m: float, reach_m: float) -> str:
        """Return the address of the nearest building within reach, else empty."""
        addresses, tree = self._doors
        hit = tree.query_nearest(shapely.Point(x_m, y_m), max_distance=reach_m, all_matches=False)
        return addresses[int(hit[0])] if len(hit) else ""

    def nearest_road(self, x_m: float, y_m: float, reach_m: float) -> str:
        """Return the name of the nearest named road within reach, else empty."""
        names, _, _, _, tree = self._named_roads
        hit = tree.query_nearest(shapely.Point(x_m, y_m), max_distance=reach_m, all_matches=False)
        return names[int(hit[0])] if len(hit) else ""

    @cached_property
    def facilities(self) -> dict[str, tuple[list[tuple[Any, ...]], NDArray[np.float64]]]:
        """Facilities by kind: rows, and their planar places."""
        fields = (
            "code",
            "kind",
            "class_code",
            "name_zh",
            "name_en",
            "department",
            "lon",
            "lat",
            "x_m",
            "y_m",
        )
        groups: dict[str, list[tuple[Any, ...]]] = {}
        for row in Facility.objects.order_by("code").values_list(*fields):
            groups.setdefault(row[1], []).append(row)
        return {kind: (rows, np.array([row[8:10] for row in rows])) for kind, rows in groups.items()}


class _Keeper:
    """Holds the current ground; asks the database for its version at most once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ground: Ground | None = None
        self._looked_s = float("-inf")

    def current(self) -> Ground:
        ground = self._ground
        if ground is not None and time.monotonic() - self._looked_s < LOOK_EVERY_S:
            return ground
        with self._lock:
            if self._ground is None or time.monotonic() - self._looked_s >= LOOK_EVERY_S:
                self._look()
            assert self._ground is not None
            return self._ground

    def _look(self) -> None:
        version, day = data_version(), timezone.localdate(clock.now())
        if self._ground is None or (self._ground.version, self._ground.day) != (version, day):
            self._ground = _read(version, day)
        self._looked_s = time.monotonic()

    def forget(self) -> None:
        with self._lock:
            self._ground, self._looked_s = None, float("-inf")


def data_version() -> str:
    """Return the version of all loaded data sets together; empty when nothing is loaded. COST: one small query."""
    pairs = Dataset.objects.filter(is_current=True).order_by("name").values_list("name", "content_hash")
    told = "".join(f"{name}:{content_hash};" for name, content_hash in pairs)
    return sha256(told.encode()).hexdigest()[:16] if told else ""


def _read(version: str, day: date) -> Ground:
    row = Dataset.objects.filter(name="boundary", is_current=True).first()
    if row is None:
        return Ground(version, day, CityProfile(), ())
    city = row.details["city"]
    prefixes = tuple(
        name
        for key in ("province_zh", "prefecture_zh", "name_zh")
        for name in (city.get(key, ""), city.get(key, "").removesuffix("市").removesuffix("省"))
    )
    return Ground(version, day, CityProfile.read(city, version), prefixes)


_keeper = _Keeper()
current, forget = _keeper.current, _keeper.forget
