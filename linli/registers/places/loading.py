"""From checked files to rows: one function a data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely

from linli.kernel.coordinates import to_planar
from linli.registers.places.actions import Content
from linli.registers.places.engine import PointIndex
from linli.registers.places.models import (
    Building,
    Division,
    Facility,
    FacilityKind,
    Grid,
    GridScheme,
    Household,
    LandArea,
    RoadSegment,
)
from linli.registers.places.reading import CityFiles, Row, shapes_of


def boundary(files: CityFiles, about: dict[str, Any]) -> Content:
    """Keep the city's own facts and its outline."""
    outline = shapely.to_geojson(files.boundary())
    return Content({}, {"city": files.city(), "outline": outline})


def divisions(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return divisions; the city itself takes the real boundary, and a division without a centre its middle."""
    outline = files.boundary()
    rows = []
    for row in files.divisions():
        data = row.data
        shape = outline if data["level"] == "city" else row.shape
        lon, lat = (float(data[axis]) if data.get(axis) else None for axis in ("lon", "lat"))
        if lon is None and shape is not None:
            middle = shape.representative_point()
            lon, lat = round(middle.x, 6), round(middle.y, 6)
        rows.append(
            Division(
                code=data["code"],
                valid_from=row.day("valid_from") or date.min,
                valid_to=row.day("valid_to"),
                level=data["level"],
                name_zh=data["name_zh"],
                name_en=data["name_en"],
                parent_code=data["parent_code"],
                successor_codes=(data.get("successor_codes") or "").split(),
                governed_by=data.get("governed_by") or "",
                governed_from=row.day("governed_from"),
                governed_to=row.day("governed_to"),
                urban_rural_class=data.get("urban_rural_class") or "",
                indicative=bool(about["indicative"]) and data["level"] != "city",
                lon=lon,
                lat=lat,
                shape=shapely.to_wkb(shape) if shape is not None else None,
                source=data.get("source") or about["source"],
            )
        )
    return Content({Division: rows}, {})


def grids(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return schemes and grids with their area and middle."""
    coverage = {row.data["scheme"]: shapely.to_wkb(row.shape) for row in files.coverage()}
    schemes = [
        GridScheme(
            scheme=entry["scheme"],
            name_zh=entry["name_zh"],
            name_en=entry["name_en"],
            parent_scheme=entry["parent_scheme"],
            code_digits=entry["code_digits"],
            tiles=entry["tiles"],
            source=entry.get("source", ""),
            coverage=coverage.get(entry["scheme"]),
        )
        for entry in files.schemes()
    ]
    found = files.grids()
    shapes = shapes_of(found)
    area = shapely.area(_planar(files, shapes))
    middle = shapely.point_on_surface(shapes)
    rows = [
        Grid(
            scheme=row.data["scheme"],
            code=row.data["code"],
            parent_scheme=row.data["parent_scheme"],
            parent_code=row.data["parent_code"],
            name_zh=row.data["name_zh"],
            name_en=row.data.get("name_en", ""),
            kind=row.data.get("kind", ""),
            land_use=row.data.get("land_use", ""),
            valid_from=row.day("valid_from") or date.min,
            valid_to=row.day("valid_to"),
            indicative=about["indicative"],
            area_m2=round(float(area[k]), 1),
            lon=round(middle[k].x, 6),
            lat=round(middle[k].y, 6),
            shape=shapely.to_wkb(row.shape),
        )
        for k, row in enumerate(found)
    ]
    return Content({GridScheme: schemes, Grid: rows}, {})


def land(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return water, green and grounds."""
    rows = [
        LandArea(
            code=row.data["code"],
            kind=row.data["kind"],
            name_zh=row.data.get("name_zh", ""),
            name_en=row.data.get("name_en", ""),
            indicative=about["indicative"],
            shape=shapely.to_wkb(row.shape),
        )
        for row in files.land()
    ]
    return Content({LandArea: rows}, {})


def roads(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return road segments with their length in metres."""
    found = files.roads()
    length = shapely.length(_planar(files, shapes_of(found)))
    rows = [
        RoadSegment(
            code=row.data["code"],
            kind=row.data["kind"],
            name_zh=row.data.get("name_zh", ""),
            name_en=row.data.get("name_en", ""),
            from_node=row.data["from_node"],
            to_node=row.data["to_node"],
            length_m=round(float(length[k]), 1),
            speed_km_h=row.data.get("speed_km_h", 30),
            lanes=row.data.get("lanes", 2),
            bridge=bool(row.data.get("bridge", False)),
            indicative=about["indicative"],
            shape=shapely.to_wkb(row.shape),
        )
        for k, row in enumerate(found)
    ]
    return Content({RoadSegment: rows}, {})


def buildings(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return buildings; the general grid stands in the code, the unit grid is found by place."""
    found = files.buildings()
    shapes = shapes_of(found)
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    x_m, y_m = _metres(files, middle)
    units = _grid_codes(files, "urban_unit", middle)
    rows = [
        Building(
            code=row.data["code"],
            kind=row.data["kind"],
            name_zh=row.data.get("name_zh", ""),
            estate=row.data.get("estate", ""),
            address=row.data["address"],
            floors=row.data.get("floors", 1),
            dwellings=row.data.get("dwellings", 0),
            general_grid=row.data["code"][:15],
            urban_unit=units[k],
            indicative=about["indicative"],
            lon=round(float(middle[k, 0]), 6),
            lat=round(float(middle[k, 1]), 6),
            x_m=x_m[k],
            y_m=y_m[k],
            shape=shapely.to_wkb(row.shape),
        )
        for k, row in enumerate(found)
    ]
    return Content({Building: rows}, {})


def households(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return households."""
    rows = [
        Household(
            code=row.data["code"],
            building_code=row.data["code"][:20],
            unit=row.data["unit"],
            floor=int(row.data["floor"]) if row.data["floor"] else None,
            room=row.data["room"],
            general_grid=row.data["code"][:15],
            indicative=about["indicative"],
        )
        for row in files.households()
    ]
    return Content({Household: rows}, {})


def facilities(files: CityFiles, about: dict[str, Any]) -> Content:
    """Return kinds and facilities, each with the grids it lies in."""
    found = files.facilities()
    spots = np.array([(row.data["lon"], row.data["lat"]) for row in found]).reshape(-1, 2)
    x_m, y_m = _metres(files, spots)
    general, units = _grid_codes(files, "general", spots), _grid_codes(files, "urban_unit", spots)
    kinds = [
        FacilityKind(
            kind=row.data["kind"],
            name_zh=row.data["name_zh"],
            name_en=row.data["name_en"],
            icon=row.data["icon"],
            min_zoom=int(row.data["min_zoom"]),
        )
        for row in files.facility_kinds()
    ]
    rows = [
        Facility(
            code=row.data["code"],
            kind=row.data["kind"],
            class_code=row.data.get("class_code") or "",
            name_zh=row.data["name_zh"],
            name_en=row.data.get("name_en") or "",
            address=row.data.get("address") or "",
            department=row.data.get("department") or "",
            general_grid=general[k],
            urban_unit=units[k],
            indicative=about["indicative"],
            lon=row.data["lon"],
            lat=row.data["lat"],
            x_m=x_m[k],
            y_m=y_m[k],
        )
        for k, row in enumerate(found)
    ]
    return Content({FacilityKind: kinds, Facility: rows}, {})


READERS: dict[str, Callable[[CityFiles, dict[str, Any]], Content]] = {
    "boundary": boundary,
    "divisions": divisions,
    "grids": grids,
    "land": land,
    "roads": roads,
    "buildings": buildings,
    "households": households,
    "facilities": facilities,
}


def managed_towns(rows: Iterable[Row], today: date) -> dict[str, list[str]]:
    """Return for each manager the towns it runs today, and under 直管 those the city runs itself."""
    areas: dict[str, list[str]] = {}
    for row in rows:
        if row.data["level"] != "town" or row.data["valid_to"]:
            continue
        first, end = row.day("governed_from"), row.day("governed_to")
        is_managed = first is not None and first <= today and (end is None or today < end)
        area = row.data["governed_by"] if is_managed else "直管"
        areas.setdefault(area, []).append(row.data["code"])
    return areas


def _planar(files: CityFiles, shapes: np.ndarray) -> Any:
    epsg = files.city()["planar_epsg"]
    return shapely.transform(shapes, lambda c: np.column_stack(to_planar(c[:, 0], c[:, 1], epsg)))


def _metres(files: CityFiles, spots: np.ndarray) -> tuple[list[float], list[float]]:
    x, y = to_planar(spots[:, 0], spots[:, 1], files.city()["planar_epsg"])
    return np.round(x, 2).tolist(), np.round(y, 2).tolist()


def _grid_codes(files: CityFiles, scheme: str, spots: np.ndarray) -> list[str]:
    """Return the code of the scheme's grid under each place, empty where there is none."""
    rows = [row for row in files.grids() if row.data["scheme"] == scheme and not row.data.get("valid_to")]
    if not rows or not len(spots):
        return [""] * len(spots)
    found = PointIndex([row.shape for row in rows], 512).find(spots[:, 0], spots[:, 1])
    return [rows[k].data["code"] if k >= 0 else "" for k in found.tolist()]
