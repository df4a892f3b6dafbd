"""Open cases until the home holds 10,000, half of them in one tile; print where that tile is.

Through `case_open`, so that they are what the product would hold.
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

import django
import numpy as np

ZOOM = 15


def main() -> None:
    """SHAPE: {z, x, y, cases}; a second run opens only what is missing."""
    django.setup()
    from linli.engines.cases.actions import case_open
    from linli.engines.cases.models import Case
    from linli.engines.cases.queries.rulebook import rulebook
    from linli.engines.cases.types import Report
    from linli.registers.places.queries import city_profile
    from linli.registers.record.types import Actor

    total = 2_000 if "--quick" in sys.argv else 10_000
    lon, lat = city_profile().centre
    x, y = tile_of(lon, lat)
    chance = np.random.default_rng(3)
    choices = [choice.category for choice in rulebook().catalogue.citizen]
    for number in range(max(0, total - Case.objects.count())):
        share_x, share_y = chance.uniform(0.02, 0.98, 2)
        spread = 1 if number % 2 else 9
        spot = corner(x - spread // 2 + share_x * spread, y - spread // 2 + share_y * spread)
        report = Report(
            category_code=choices[number % len(choices)],
            description="路面破损,车辆绕行。",
            lon=spot[0],
            lat=spot[1],
        )
        case_open(Actor("citizen", ""), report, uuid4())
    print(json.dumps({"z": ZOOM, "x": x, "y": y, "cases": Case.objects.count()}))


def tile_of(lon: float, lat: float) -> tuple[int, int]:
    """Return the Web Mercator tile at `ZOOM` that holds a point."""
    size = 1 << ZOOM
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * size
    return int((lon + 180) / 360 * size), int(y)


def corner(x: float, y: float) -> tuple[float, float]:
    """Return lon, lat of fractional tile coordinates."""
    size = 1 << ZOOM
    return x / size * 360 - 180, float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / size)))))


if __name__ == "__main__":
    main()
