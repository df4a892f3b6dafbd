"""What the base map shows, layer by layer, and from which zoom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from numpy.typing import NDArray

from linli.kernel.coordinates import to_mercator
from linli.registers.places.ground import COMPONENT, Ground
from linli.registers.places.models import (
    Building,
    Division,
    Facility,
    FacilityKind,
    Grid,
    LandArea,
    RoadSegment,
)

ROAD_ZOOM = {
    "motorway": 8, "trunk": 8, "rail": 9, "primary": 10, "secondary": 11, "tertiary": 12, "residential": 13,
    "unclassified": 13,
}  # fmt: skip
DIVISION_ZOOM = {"town": 8, "village": 11}
GRID_ZOOM = {"general": 12}
GRID_ZOOM_ELSE, ROAD_ZOOM_ELSE = 15, 13
WATER_KINDS = ("river", "lake", "stream", "reservoir")
LAND_ZOOM = {"built_up": 9, "park": 12, "green": 13, "pocket_park": 14}
LAND_ZOOM_ELSE = 14
LARGE_BUILDING_M2 = 400.0
NEVER = 99


@dataclass
class MapLayer:
    """Shapes in web mercator, their attributes and zooms. A coverage is simplified along common edges."""

    name: str
    shapes: NDArray[Any]
    attributes: list[dict[str, Any]]
    zoom_from: NDArray[np.int64]
    zoom_to: NDArray[np.int64]
    is_coverage: bool = False
    least_units: float = 0.0


def layers(now: Ground) -> list[MapLayer]:
    """Read all layers of the loaded city. COST: a second and one query a layer."""
    today = Q(valid_from__lte=now.day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now.day))
    return [
        _boundary(today),
        *_land(),
        *_divisions(today),
        *_grids(today),
        _roads(),
        _buildings(),
        _facilities(),
        _labels(today),
    ]


def _layer(
    name: str,
    shapes: Iterable[bytes | memoryview | None],
    attributes: Sequence[dict[str, Any]],
    zoom_from: Sequence[int],
    zoom_to: Sequence[int] | None = None,
    **more: Any,
) -> MapLayer:
    decoded = shapely.from_wkb(np.array([bytes(shape or b"") for shape in shapes], dtype=object))
    kept = [{key: value for key, value in row.items() if value not in ("", None)} for row in attributes]
    last = np.full(len(kept), NEVER) if zoom_to is None else np.array(zoom_to)
    return MapLayer(name, _mercator(decoded), kept, np.array(zoom_from, np.int64), last, **more)


def _mercator(shapes: NDArray[Any]) -> NDArray[Any]:
    if not len(shapes):
        return np.zeros(0, dtype=object)
    return np.asarray(shapely.transform(shapes, lambda c: np.column_stack(to_mercator(c[:, 0], c[:, 1]))))


def _boundary(today: Q) -> MapLayer:
    rows = list(
        Division.objects.filter(today, level="city").values_list("shape", "code", "name_zh", "name_en")
    )
    attributes = [{"code": r[1], "name": r[2], "name_en": r[3], "level": "city"} for r in rows]
    return _layer("boundary", [r[0] for r in rows], attributes, [8] * len(rows))


def _land() -> list[MapLayer]:
    rows = list(
        LandArea.objects.order_by("code").values_list(
            "shape", "code", "kind", "name_zh", "name_en", "indicative"
        )
    )
    found = []
    for name, wet in (("land", False), ("water", True)):
        own = [r for r in rows if (r[2] in WATER_KINDS) == wet]
        attributes = [
            {"code": r[1], "kind": r[2], "name": r[3], "name_en": r[4], "indicative": r[5]} for r in own
        ]
        zooms = [8 if wet else LAND_ZOOM.get(r[2], LAND_ZOOM_ELSE) for r in own]
        found.append(_layer(name, [r[0] for r in own], attributes, zooms, least_units=4.0))
    return found


def _divisions(today: Q) -> list[MapLayer]:
    fields = ("shape", "code", "name_zh", "name_en", "level", "indicative")
    found = []
    for level, zoom in DIVISION_ZOOM.items():
        rows = list(Division.objects.filter(today, level=level).order_by("code").values_list(*fields))
        attributes = [
            {"code": r[1], "name": r[2], "name_en": r[3], "level": r[4], "indicative": r[5]} for r in rows
        ]
        found.append(
            _layer("division", [r[0] for r in rows], attributes, [zoom] * len(rows), is_coverage=True)
        )
    return found


def _grids(today: Q) -> list[MapLayer]:
    fields = ("shape", "code", "name_zh", "name_en", "scheme", "kind", "indicative")
    found = []
    for scheme in Grid.objects.order_by("scheme").values_list("scheme", flat=True).distinct():
        rows = list(Grid.objects.filter(today, scheme=scheme).order_by("code").values_list(*fields))
        attributes = [
            {"code": r[1], "name": r[2], "name_en": r[3], "scheme": r[4], "kind": r[5], "indicative": r[6]}
            for r in rows
        ]
        zooms = [GRID_ZOOM.get(scheme, GRID_ZOOM_ELSE)] * len(rows)
        found.append(_layer("grid", [r[0] for r in rows], attributes, zooms, is_coverage=scheme in GRID_ZOOM))
    return found


def _roads() -> MapLayer:
    fields = ("shape", "code", "kind", "name_zh", "name_en", "bridge", "indicative")
    rows = list(RoadSegment.objects.order_by("code").values_list(*fields))
    attributes = [
        {
            "code": r[1],
            "kind": r[2],
            "name": r[3],
            "name_en": r[4],
            "bridge": r[5] or None,
            "indicative": r[6],
        }
        for r in rows
    ]
    zooms = [ROAD_ZOOM.get(r[2], ROAD_ZOOM_ELSE) for r in rows]
    return _layer("road", [r[0] for r in rows], attributes, zooms)


def _buildings() -> MapLayer:
    fields = ("shape", "code", "kind", "name_zh", "floors", "indicative")
    rows = list(Building.objects.order_by("code").values_list(*fields))
    attributes = [
        {"code": r[1], "kind": r[2], "name": r[3], "floors": r[4], "indicative": r[5]} for r in rows
    ]
    layer = _layer("building", [r[0] for r in rows], attributes, [14] * len(rows))
    layer.zoom_from = np.where(shapely.area(layer.shapes) >= LARGE_BUILDING_M2, 13, 14)
    return layer


def _facilities() -> MapLayer:
    zoom = dict(FacilityKind.objects.values_list("kind", "min_zoom"))
    fields = ("lon", "lat", "code", "kind", "class_code", "name_zh", "name_en", "indicative")
    rows = list(Facility.objects.order_by("code").values_list(*fields))
    attributes = [
        {"code": r[2], "kind": r[3], "class_code": r[4], "name": r[5], "name_en": r[6], "indicative": r[7]}
        for r in rows
    ]
    spots = shapely.to_wkb(shapely.points([r[0] for r in rows], [r[1] for r in rows])) if rows else []
    zooms = [15 if r[3] == COMPONENT else min(15, zoom.get(r[3], 14)) for r in rows]
    return _layer("facility", spots, attributes, zooms)


def _labels(today: Q) -> MapLayer:
    """Names as points: the city small, towns, then villages; waters by kind."""
    fields = ("lon", "lat", "code", "name_zh", "name_en", "level")
    rows = list(
        Division.objects.filter(today, lon__isnull=False).order_by("level", "code").values_list(*fields)
    )
    attributes = [{"code": r[2], "name": r[3], "name_en": r[4], "level": r[5]} for r in rows]
    zoom_from = [{"city": 8, "town": 8}.get(r[5], 11) for r in rows]
    zoom_to = [11 if r[5] == "city" else NEVER for r in rows]
    spots = [shapely.Point(r[0], r[1]) for r in rows]
    for shape, name, english, kind in LandArea.objects.filter(kind__in=WATER_KINDS).values_list(
        "shape", "name_zh", "name_en", "kind"
    ):
        spots.append(shapely.from_wkb(bytes(shape)).representative_point())
        attributes.append({"name": name, "name_en": english, "level": "water", "kind": kind})
        zoom_from.append(10)
        zoom_to.append(NEVER)
    return _layer("label", shapely.to_wkb(np.array(spots, dtype=object)), attributes, zoom_from, zoom_to)
