"""What others may ask of places. Answers come from memory; see `ground` for how it stays fresh."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import get_language
from numpy.typing import ArrayLike

from linli.kernel.coordinates import to_planar
from linli.registers.places import ground
from linli.registers.places.models import Division
from linli.registers.places.rules import valid_on
from linli.registers.places.types import (
    AddressHit,
    CityProfile,
    DivisionAsOf,
    DivisionName,
    NearFacility,
    Place,
    Places,
)

__all__ = [
    "AddressHit",
    "CityProfile",
    "DivisionAsOf",
    "DivisionName",
    "NearFacility",
    "Place",
    "Places",
    "city_profile",
    "division_as_of",
    "division_names",
    "facilities_near",
    "forget",
    "locate",
    "locate_many",
    "planar",
    "search_address",
]

DOOR_REACH_M, ROAD_REACH_M = 60.0, 150.0
OUTSIDE = Place(inside=False)


def forget() -> None:
    """Drop what this process remembers, so that the next question reads the database (after loading, in tests)."""
    ground.forget()


def city_profile() -> CityProfile:
    """Return what the city says of itself; false when no city is loaded. COST: at most one small query a second."""
    return ground.current().profile


def planar(lon: float, lat: float) -> tuple[float, float]:
    """Project a point to the city's planar metres."""
    x_m, y_m = to_planar(lon, lat, ground.current().profile.planar_epsg)
    return float(x_m), float(y_m)


def locate(lon: float, lat: float) -> Place:
    """Say where a point lies: division, grids of each scheme, and words for it. Outside the city: inside=False.

    UNITS: degrees, CGCS2000. COST: no query; about 0.1 ms.
    """
    now = ground.current()
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        return OUTSIDE
    codes = {}
    for scheme in ("general", "micro", "urban_unit", "dedicated"):
        layer = now.layer(scheme)
        codes[scheme] = str(layer.codes[layer.index.find_one(lon, lat)])
        if scheme == "general" and not codes[scheme]:
            return OUTSIDE
    general = codes["general"]
    return Place(
        inside=True,
        division_code=general[:12],
        town_code=general[:9],
        village_code=general[:12],
        general_grid=general,
        micro_grid=codes["micro"],
        urban_unit=codes["urban_unit"],
        dedicated=codes["dedicated"],
        address_hint=_hint(now, lon, lat, general),
    )


def _hint(now: ground.Ground, lon: float, lat: float, general: str) -> str:
    """Say in words where a point is: town and nearest door, else road, else village."""
    divisions = now.divisions
    town = divisions[general[:9]].name_zh if general[:9] in divisions else ""
    x_m, y_m = planar(lon, lat)
    near = now.nearest_address(x_m, y_m, DOOR_REACH_M) or now.nearest_road(x_m, y_m, ROAD_REACH_M)
    if near:
        return f"{town}{near}附近"
    return f"{town}{divisions[general[:12]].name_zh}" if general[:12] in divisions else town


def locate_many(lons: ArrayLike, lats: ArrayLike) -> Places:
    """`locate` for many points at once, without words. SHAPE: arrays in the order asked. COST: no query; O(n)."""
    now = ground.current()
    general, unit, dedicated = (now.layer(name) for name in ("general", "urban_unit", "dedicated"))
    where = general.index.find(lons, lats)
    return Places(
        inside=where >= 0,
        town_code=now.towns[where],
        village_code=now.villages[where],
        general_grid=general.codes[where],
        urban_unit=unit.codes[unit.index.find(lons, lats)],
        dedicated=dedicated.codes[dedicated.index.find(lons, lats)],
    )


def search_address(text: str, limit: int = 10) -> list[AddressHit]:
    """Find places by any part of a name or address, best first: towns, villages, roads, estates, doors.

    A label can be searched again and then comes first. COST: no query; about a millisecond.
    """
    english = (get_language() or "").startswith("en")
    hits = []
    for entry in ground.current().gazetteer.search(text, limit):
        label_en = entry.name_en if english else ""
        hits.append(AddressHit(entry.label, entry.lon, entry.lat, entry.kind, label_en))
    return hits


def facilities_near(lon: float, lat: float, kind: str, limit: int = 5) -> list[NearFacility]:
    """Return the facilities of a kind nearest to a point as the crow flies. COST: no query; O(n) of the kind."""
    now = ground.current()
    rows, places = now.facilities.get(kind, ([], np.zeros((0, 2))))
    if not rows or limit < 1:
        return []
    away = np.hypot(*(places - planar(lon, lat)).T)
    order = np.argsort(away, kind="stable")[:limit]
    return [_near(rows[k], float(away[k])) for k in order.tolist()]


def _near(row: tuple[Any, ...], away_m: float) -> NearFacility:
    code, kind, class_code, name_zh, name_en, department, lon, lat, *_ = row
    return NearFacility(code, kind, class_code, name_zh, name_en, department, lon, lat, round(away_m, 1))


def division_names(codes: Iterable[str]) -> dict[str, DivisionName]:
    """Return what divisions are called today, by code; unknown codes are left out. COST: no query."""
    known = ground.current().divisions
    return {code: known[code] for code in codes if code in known}


def towns() -> list[DivisionName]:
    """Return the towns there are today (镇街), by code. COST: no query."""
    found = ground.current().divisions.values()
    return sorted((row for row in found if row.level == "town"), key=lambda row: row.code)


def division_as_of(code: str, on_date: date) -> DivisionAsOf | None:
    """Return the division that bore a code on a day, None when none did. COST: one query.

    A village is governed by whoever governs its town that day.
    """
    chain = [code] + ([code[:9]] if len(code) > 9 else [])
    rows = [r for r in Division.objects.filter(code__in=chain) if valid_on(on_date, r.valid_from, r.valid_to)]
    own = next((row for row in rows if row.code == code), None)
    if own is None:
        return None
    governed_by = next(
        (
            row.governed_by
            for row in sorted(rows, key=lambda r: -len(r.code))
            if row.governed_by and row.governed_from and valid_on(on_date, row.governed_from, row.governed_to)
        ),
        "",
    )
    return DivisionAsOf(
        code=own.code,
        level=own.level,
        name_zh=own.name_zh,
        name_en=own.name_en,
        parent_code=own.parent_code,
        valid_from=own.valid_from,
        valid_to=own.valid_to,
        successor_codes=tuple(own.successor_codes),
        governed_by=governed_by,
        indicative=own.indicative,
    )
