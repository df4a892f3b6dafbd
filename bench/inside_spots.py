"""Print places inside the city and categories a citizen may choose, for the reports of a benchmark."""

from __future__ import annotations

import json

import django
import numpy as np


def main() -> None:
    """SHAPE: {points: [[lon, lat]…], categories: [code…]}; 2,000 points by seed."""
    django.setup()
    import shapely

    from linli.engines.cases.queries.rulebook import rulebook
    from linli.registers.places import ground, queries

    west, south, east, north = shapely.total_bounds(ground.current().layer("general").index.shapes)
    chance = np.random.default_rng(11)
    lons, lats = chance.uniform(west, east, 6000), chance.uniform(south, north, 6000)
    inside = queries.locate_many(lons, lats).inside
    points = np.column_stack([lons, lats])[inside][:2000].round(6).tolist()
    categories = sorted({choice.category for choice in rulebook().catalogue.citizen})
    print(json.dumps({"points": points, "categories": categories}))


if __name__ == "__main__":
    main()
