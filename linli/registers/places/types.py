"""What places answers: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Place:
    """Where a point lies. Outside the city `inside` is False and every code is empty."""

    inside: bool
    division_code: str = ""
    town_code: str = ""
    village_code: str = ""
    general_grid: str = ""
    micro_grid: str = ""
    urban_unit: str = ""
    dedicated: str = ""
    address_hint: str = ""


@dataclass(frozen=True)
class Places:
    """`Place` for many points, one array a field, in the order asked."""

    inside: NDArray[np.bool_]
    town_code: NDArray[np.str_]
    village_code: NDArray[np.str_]
    general_grid: NDArray[np.str_]
    urban_unit: NDArray[np.str_]
    dedicated: NDArray[np.str_]

    @property
    def division_code(self) -> NDArray[np.str_]:
        """The finest division: the village."""
        return self.village_code


@dataclass(frozen=True)
class AddressHit:
    """One place found by words. `kind` is road, building, division, estate or a facility's kind."""

    label: str
    lon: float
    lat: float
    kind: str
    label_en: str = ""


@dataclass(frozen=True)
class NearFacility:
    """A facility and how far it is, as the crow flies."""

    code: str
    kind: str
    class_code: str
    name_zh: str
    name_en: str
    department: str
    lon: float
    lat: float
    distance_m: float


@dataclass(frozen=True)
class DivisionName:
    """What a division is called today."""

    code: str
    level: str
    name_zh: str
    name_en: str
    parent_code: str


@dataclass(frozen=True)
class DivisionAsOf:
    """A division as it was on a day. `governed_by` is who ran it that day, empty when the city itself."""

    code: str
    level: str
    name_zh: str
    name_en: str
    parent_code: str
    valid_from: date
    valid_to: date | None
    successor_codes: tuple[str, ...]
    governed_by: str
    indicative: bool


@dataclass(frozen=True)
class CityProfile:
    """What the city says of itself. Without a loaded city it is false, and its centre is that of the country."""

    code: str = ""
    name_zh: str = ""
    name_en: str = ""
    centre: tuple[float, float] = (104.2, 35.9)
    centre_zoom: float = 4.0
    bounds: tuple[float, float, float, float] = (73.0, 18.0, 135.0, 54.0)
    planar_epsg: int = 4544
    base_version: str = ""
    base_max_zoom: int = 15

    def __bool__(self) -> bool:
        return bool(self.code)

    @classmethod
    def read(cls, data: dict[str, Any], base_version: str) -> CityProfile:
        """Read city.json's content."""
        west, south, east, north = data["bounds"]
        lon, lat = data["centre"]
        return cls(
            code=data["code"],
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            centre=(lon, lat),
            centre_zoom=float(data.get("centre_zoom", 12)),
            bounds=(west, south, east, north),
            planar_epsg=int(data["planar_epsg"]),
            base_version=base_version,
        )
