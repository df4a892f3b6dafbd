"""What goes into the actions and comes out of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Datum = Literal["wgs84", "gcj02", "bd09"]


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports. `photos` are hashes of stored files.

    UNITS: degrees in `datum`; stored as CGCS2000, which is WGS-84 to within decimetres.
    """

    category_code: str
    description: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    photos: tuple[str, ...] = ()
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    datum: Datum = "wgs84"


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case just opened, or found to be open already (`replayed`). The secret lets its reporter follow it."""

    code: str
    secret: str = field(repr=False)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a transition led."""

    code: str
    state: str
    department: str
    holder: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating taken in."""

    code: str
    score: int
