"""Generate the 示意 data of the demo city.

    python -m script.demo_city            writes cities/jianyang/places
    python -m script.demo_city FOLDER     writes FOLDER

Reads the real facts (boundary.geojson, divisions.csv), writes everything that is made up. The same seed gives
the same text.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from script.demo_city.blocks import Block, blocks
from script.demo_city.cells import land
from script.demo_city.core import core
from script.demo_city.facilities import IN_CORE, facilities
from script.demo_city.frame import PLACES, Files, degrees, dissolve, divisions
from script.demo_city.grids import VALID_FROM, grids
from script.demo_city.network import LANES, SPEED_KM_H, network
from script.demo_city.register import buildings, households
from script.demo_city.romanise import name_en
from script.demo_city.towns import settlements
from script.demo_city.water import waters

Row = tuple[dict[str, Any], BaseGeometry]

DEDICATED_USES = {
    "government": "government",
    "command": "government",
    "service_hall": "government",
    "school": "school",
    "hospital": "hospital",
    "park": "park",
    "sports": "park",
    "market": "market",
    "station": "station",
}
HIGHWAY = {  # our kinds → OpenStreetMap's, so that a real extract loads into the same words
    "expressway": "motorway", "primary": "trunk", "arterial": "primary", "county": "secondary",
    "secondary": "secondary", "branch": "tertiary", "town": "tertiary", "lane": "residential",
    "village": "unclassified", "rail": "rail",
}  # fmt: skip
LAND_USE_ZH = {
    "residential_slab": "居住", "residential_tower": "居住", "residential_old": "居住", "compound_old": "居住",
    "compound_high": "居住", "mixed": "商住", "commercial": "商业", "office": "商务", "industry": "工业",
    "storage": "仓储", "green": "绿地", "riverside": "绿地", "park": "绿地", "building_site": "在建", "school": "教育",
    "hospital": "医疗", "government": "行政", "command": "行政", "service_hall": "行政", "market": "商业",
    "station": "交通", "sports": "体育", "culture": "文化", "water": "水域",
}  # fmt: skip


def main(folder: Path) -> None:
    files = generate()
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder)
    for name in sorted(files.texts):
        print(f"{(folder / name).stat().st_size:>9,} B  {name}")


def generate() -> Files:
    """Make all files of the demo city. COST: about 15 s."""
    files = Files()
    files.features("division_shapes.geojsonl.gz", division_shapes())
    files.features("grids.geojsonl.gz", grid_rows())
    files.features("grid_coverage.geojsonl", coverage_rows())
    files.features("land.geojsonl.gz", land_rows())
    files.features("roads.geojsonl.gz", road_rows())
    files.features("buildings.geojsonl.gz", building_rows())
    files.table("households.csv.gz", ("code", "unit", "floor", "room"), households())
    columns = ["code", "kind", "class_code", "name_zh", "name_en", "lon", "lat", "address", "department"]
    files.table("facilities.csv", columns, facility_rows())
    return files


def division_shapes() -> Iterator[Row]:
    """Yield the shapes of towns and villages, 2019 and today."""
    ground = land()
    old = dissolve([c.shape for c in ground.cells], [c.old_village for c in ground.cells], len(ground.old))
    new = dissolve(old, ground.new_of_old, len(ground.new))
    for villages, shapes in ((ground.old, old), (ground.new, new)):
        parents = sorted({v["parent_code"] for v in villages})
        index = {code: k for k, code in enumerate(parents)}
        towns = dissolve(shapes, [index[v["parent_code"]] for v in villages], len(parents))
        seats = _seats_without_centre(villages[0]["valid_to"] != "")
        for code, shape in zip(parents, towns, strict=True):
            yield {"code": code, "valid_from": villages[0]["valid_from"], **seats.get(code, {})}, shape
        for village, shape in zip(villages, shapes, strict=True):
            yield {"code": village["code"], "valid_from": village["valid_from"]}, shape


def _seats_without_centre(of_2019: bool) -> dict[str, dict[str, float]]:
    """Return where the names of towns without a public centre are written: their 示意 seat."""
    spots = {code: Point(*place) for code, place in IN_CORE.items()}
    spots |= {(t.code if of_2019 else t.seat_of): Point(t.x, t.y) for t in settlements()}
    rows = [
        r for r in divisions() if r["level"] == "town" and bool(r["valid_to"]) == of_2019 and not r["lon"]
    ]
    places = {row["code"]: degrees(spots[row["code"]]) for row in rows if row["code"] in spots}
    return {code: {"lon": spot.x, "lat": spot.y} for code, spot in places.items()}


def grid_rows() -> Iterator[Row]:
    """Yield the grids of all schemes."""
    parents = {"general": "division", "micro": "general", "urban_unit": "division"}
    made = grids()
    use = _use_of_cell()
    for grid in (*made.general, *made.micro, *made.units):
        properties = {
            "scheme": grid.scheme,
            "code": grid.code,
            "parent_scheme": parents[grid.scheme],
            "parent_code": grid.parent,
            "name_zh": grid.name,
            "name_en": grid.name_en,
            "valid_from": VALID_FROM,
        }
        if grid.scheme == "urban_unit":
            properties["land_use"] = use.get(grid.cells[0], "水域")
        yield properties, grid.shape
    yield from _dedicated_rows()


def _use_of_cell() -> dict[int, str]:
    plots = core().plots
    found = {k: LAND_USE_ZH.get(block.use, "其他") for block in blocks() for k in block.cells}
    for k, cell in enumerate(land().cells):
        if cell.plot >= 0 and k not in found:
            found[k] = "水域" if plots[cell.plot].bank == "W" else "其他"
    return found


def _dedicated_rows() -> Iterator[Row]:
    """Yield overlays over schools, hospitals, parks and offices; numbered from 901 in their village."""
    count: dict[str, int] = defaultdict(lambda: 900)
    general = grids().general_of_cell
    for block in blocks():
        if block.use in DEDICATED_USES:
            village = _village_of(block, general)
            count[village] += 1
            shape = shapely.coverage_union_all([land().cells[k].shape for k in block.cells])
            yield (
                {
                    "scheme": "dedicated",
                    "code": f"{village}{count[village]:03d}",
                    "parent_scheme": "division",
                    "parent_code": village,
                    "name_zh": f"{block.name}专属网格",
                    "name_en": f"{name_en(block.name)}, dedicated grid",
                    "kind": DEDICATED_USES[block.use],
                    "valid_from": VALID_FROM,
                },
                shape,
            )


def _village_of(block: Block, general_of_cell: list[str]) -> str:
    area: dict[str, float] = defaultdict(float)
    for k in block.cells:
        area[general_of_cell[k][:12]] += land().cells[k].shape.area
    return max(sorted(area), key=lambda code: area[code])


def coverage_rows() -> Iterator[Row]:
    """Yield the ground that the schemes of the core promise to cover: the built-up area."""
    made = grids()
    for scheme, members in (("urban_unit", made.units), ("micro", made.micro)):
        shapes = degrees(np.array([g.shape for g in members], dtype=object))
        yield {"scheme": scheme, "name_zh": "建成区"}, _metres(shapely.coverage_union_all(shapes))


def _metres(shape: BaseGeometry) -> BaseGeometry:
    from script.demo_city.frame import planar

    return planar(shape)


def land_rows() -> Iterator[Row]:
    """Yield water, the built-up area, gardens and the grounds of estates and institutions."""
    for water in waters():
        yield {"code": water.code, "kind": water.kind, **_names(water.name)}, water.shape
    yield (
        {"code": "core", "kind": "built_up", "name_zh": "建成区", "name_en": "Built-up area"},
        core().outline,
    )
    for facility in facilities():
        if facility.area is not None:
            yield {"code": facility.code, "kind": facility.kind, **_names(facility.name)}, facility.area
    green = [b for b in blocks() if b.use in ("green", "riverside", "industry", "building_site")]
    for number, block in enumerate(green, 1):
        kind = {"riverside": "green", "green": "green"}.get(block.use, block.use)
        yield {"code": f"{kind}-area-{number:03d}", "kind": kind}, block.shape


def _names(name: str) -> dict[str, str]:
    return {"name_zh": name, "name_en": name_en(name)} if name else {}


def road_rows() -> Iterator[Row]:
    """Yield the pieces of the road network."""
    for piece in network():
        properties = {
            "code": piece.code,
            "kind": HIGHWAY[piece.kind],
            **_names(piece.name),
            "from_node": piece.from_node,
            "to_node": piece.to_node,
            "speed_km_h": SPEED_KM_H[piece.kind],
            "lanes": LANES.get(piece.kind, 2),
        }
        if piece.bridge:
            properties["bridge"] = True
        yield properties, piece.line


def building_rows() -> Iterator[Row]:
    """Yield buildings."""
    for building in buildings():
        yield (
            {
                "code": building.code,
                "kind": building.kind,
                "name_zh": building.name,
                "estate": building.estate,
                "address": building.address,
                "floors": building.floors,
                "dwellings": building.dwellings,
            },
            building.shape,
        )


def facility_rows() -> Iterator[dict[str, Any]]:
    """Yield facilities and components."""
    for facility in facilities():
        spot = degrees(facility.spot)
        yield {
            "code": facility.code,
            "kind": facility.kind,
            "class_code": facility.class_code,
            **_names(facility.name),
            "lon": f"{spot.x:.6f}",
            "lat": f"{spot.y:.6f}",
            "address": facility.address,
            "department": facility.department,
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PLACES)
