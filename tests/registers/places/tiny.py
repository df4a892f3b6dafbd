"""A city of eight grids, small enough to break on purpose: two towns, four villages, one square of streets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

WEST, SOUTH, STEP = 110.0, 35.0, 0.02
CITY = "990101"
TOWNS = {"990101001": "东街街道", "990101100": "西河镇"}
# village → (name, column of its two grids, row)
VILLAGES = {
    "990101001001": ("钟楼社区", 0, 1),
    "990101001002": ("鼓楼社区", 2, 1),
    "990101100200": ("杏花村", 0, 0),
    "990101100201": ("桃源村", 2, 0),
}
UNITS_IN = "990101001001"
CHANGED_ON = "2020-01-01"
OLD_VILLAGE = "990101200200"


def square(column: float, row: float, width: float = 1, height: float = 1) -> list[list[float]]:
    """Return a ring of the tiny city's chessboard, with the corners of its neighbours along its edges."""
    xs = [column + k for k in range(int(width) + 1)] if width >= 1 else [column, column + width]
    ys = [row + k for k in range(int(height) + 1)] if height >= 1 else [row, row + height]
    ring = [(x, ys[0]) for x in xs] + [(xs[-1], y) for y in ys[1:]]
    ring += [(x, ys[-1]) for x in xs[-2::-1]] + [(xs[0], y) for y in ys[-2::-1]]
    return [[round(WEST + x * STEP, 6), round(SOUTH + y * STEP, 6)] for x, y in ring]


def polygon(*ring: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(ring)}


def feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_city(root: Path) -> Path:
    """Write the whole folder and return it."""
    folder = root / "tiny"
    places = folder / "places"
    places.mkdir(parents=True)
    write_json(folder / "city.json", _city())
    write_json(places / "boundary.geojson", {"features": [feature({}, polygon(square(0, 0, 4, 2)))]})
    write_json(places / "grid_schemes.json", _schemes())
    write_json(places / "datasets.json", [_about(name, files) for name, files in FILES.items()])
    write_csv(places / "divisions.csv", _divisions())
    write_lines(places / "division_shapes.geojsonl", _division_shapes())
    write_lines(places / "grids.geojsonl", _grids())
    cover = polygon(square(0, 1, 2, 1))
    write_lines(places / "grid_coverage.geojsonl", [feature({"scheme": "urban_unit"}, cover)])
    write_lines(places / "land.geojsonl", _land())
    write_lines(places / "roads.geojsonl", _roads())
    write_lines(places / "buildings.geojsonl", _buildings())
    homes = [
        {"code": f"{b['properties']['code']}0001", "unit": "1", "floor": "1", "room": "101"}
        for b in _buildings()
    ]
    write_csv(places / "households.csv", homes)
    kinds = ("school", "学校", "School"), ("component", "部件", "Component")
    rows = [{"kind": k, "name_zh": zh, "name_en": en, "icon": "dot", "min_zoom": "13"} for k, zh, en in kinds]
    write_csv(places / "facility_kinds.csv", rows)
    write_csv(places / "facilities.csv", _facilities())
    return folder


FILES = {
    "boundary": ["boundary.geojson"],
    "divisions": ["divisions.csv", "division_shapes.geojsonl"],
    "grids": ["grid_schemes.json", "grids.geojsonl", "grid_coverage.geojsonl"],
    "land": ["land.geojsonl"],
    "roads": ["roads.geojsonl"],
    "buildings": ["buildings.geojsonl"],
    "households": ["households.csv"],
    "facilities": ["facility_kinds.csv", "facilities.csv"],
}


def _about(name: str, files: list[str]) -> dict[str, Any]:
    return {
        "name": name, "files": files, "title_zh": name, "title_en": name,
        "indicative": name != "boundary", "source": "tests", "licence": "Apache-2.0",
    }  # fmt: skip


def _city() -> dict[str, Any]:
    return {
        "code": CITY, "name_zh": "小试市", "name_en": "Xiaoshi", "province_zh": "某省", "planar_epsg": 4546,
        "centre": [110.04, 35.02], "centre_zoom": 12, "bounds": [110.0, 35.0, 110.08, 35.04],
    }  # fmt: skip


def _schemes() -> list[dict[str, Any]]:
    def scheme(name: str, tiles: str) -> dict[str, Any]:
        words = {"name_zh": name, "name_en": name, "parent_scheme": "division"}
        return {"scheme": name, "code_digits": 15, "tiles": tiles, **words}

    return [scheme("general", "city"), scheme("urban_unit", "coverage"), scheme("dedicated", "nothing")]


def _divisions() -> list[dict[str, str]]:
    def row(code: str, level: str, name: str, parent: str, **more: str) -> dict[str, str]:
        empty = dict.fromkeys(
            ("valid_to", "successor_codes", "governed_by", "governed_from", "governed_to"), ""
        )
        first = {"code": code, "valid_from": CHANGED_ON, "level": level, "name_zh": name}
        return {
            **first,
            "name_en": f"{name} (en)",
            "parent_code": parent,
            **empty,
            "lon": "",
            "lat": "",
            **more,
        }

    managed = {"governed_by": "河西新区", "governed_from": "2021-07-01"}
    rows = [row(CITY, "city", "小试市", "9901")]
    rows += [
        row(code, "town", name, CITY, **(managed if code[6:] == "100" else {}))
        for code, name in TOWNS.items()
    ]
    rows += [row(code, "village", name, code[:9]) for code, (name, _, _) in VILLAGES.items()]
    old = {"valid_from": "2010-01-01", "valid_to": CHANGED_ON}
    rows.append(row("990101100", "town", "旧镇", CITY, **old))  # the code was used again by 西河镇
    rows.append(row("990101200", "town", "旧乡", CITY, **old, successor_codes="990101100"))
    rows.append(row(OLD_VILLAGE, "village", "杏花村", "990101200", **old, successor_codes="990101100200"))
    return rows


def _division_shapes() -> list[dict[str, Any]]:
    def shape(code: str, first: str, *where: float) -> dict[str, Any]:
        return feature({"code": code, "valid_from": first}, polygon(square(*where)))

    found = [shape("990101001", CHANGED_ON, 0, 1, 4, 1), shape("990101100", CHANGED_ON, 0, 0, 4, 1)]
    found += [shape(code, CHANGED_ON, column, row, 2, 1) for code, (_, column, row) in VILLAGES.items()]
    found += [shape("990101100", "2010-01-01", 0, 0, 2, 2), shape("990101200", "2010-01-01", 2, 0, 2, 2)]
    return [*found, shape(OLD_VILLAGE, "2010-01-01", 0, 0, 4, 2)]


def _grids() -> list[dict[str, Any]]:
    def grid(scheme: str, code: str, ring: list[list[float]]) -> dict[str, Any]:
        parent = {"parent_scheme": "division", "parent_code": code[:12]}
        names = {"name_zh": code, "name_en": code, "valid_from": "2022-01-01"}
        return feature({"scheme": scheme, "code": code, **parent, **names}, polygon(ring))

    found = []
    for village, (_, column, row) in VILLAGES.items():
        found += [grid("general", f"{village}{k + 1:03d}", square(column + k, row)) for k in range(2)]
    found += [grid("urban_unit", f"{UNITS_IN}{k + 1:03d}", square(k, 1)) for k in range(2)]
    return [*found, grid("dedicated", f"{UNITS_IN}901", square(0.2, 1.2, 0.5, 0.5))]


def _land() -> list[dict[str, Any]]:
    river = {"code": "river", "kind": "river", "name_zh": "试河", "name_en": "Shi River"}
    return [feature(river, polygon(square(0, 0.9, 4, 0.1)))]


def _roads() -> list[dict[str, Any]]:
    def road(code: str, name: str, *points: tuple[float, float]) -> dict[str, Any]:
        line = [[round(WEST + x * STEP, 6), round(SOUTH + y * STEP, 6)] for x, y in points]
        properties = {"code": code, "kind": "primary", "name_zh": name, "name_en": f"{name} (en)"}
        nodes = {"from_node": 1, "to_node": 2, "speed_km_h": 40, "lanes": 2}
        return feature({**properties, **nodes}, {"type": "LineString", "coordinates": line})

    return [road("R1", "长安路", (0, 1.5), (4, 1.5)), road("R2", "河堤街", (2, 0.2), (2, 1.8))]


def _buildings() -> list[dict[str, Any]]:
    found = []
    for village, (name, column, row) in VILLAGES.items():
        code = f"{village}00100001"
        properties = {
            "code": code,
            "kind": "residential",
            "address": f"{name}1号",
            "floors": 2,
            "dwellings": 2,
        }
        found.append(feature(properties, polygon(square(column + 0.4, row + 0.4, 0.02, 0.02))))
    return found


def _facilities() -> list[dict[str, str]]:
    def row(code: str, kind: str, name: str, x: float, y: float, class_code: str = "") -> dict[str, str]:
        place = {"lon": f"{WEST + x * STEP:.6f}", "lat": f"{SOUTH + y * STEP:.6f}"}
        about = {
            "code": code,
            "kind": kind,
            "class_code": class_code,
            "name_zh": name,
            "name_en": f"{name} (en)",
        }
        return {**about, **place, "address": "", "department": "water"}

    return [
        row("school-1", "school", "钟楼小学", 0.5, 1.5),
        row("school-2", "school", "桃源小学", 3.5, 0.5),
        row("9901010102000001", "component", "污水井盖", 0.6, 1.5, "0102"),
    ]


def write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def write_lines(path: Path, features: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(json.dumps(f, ensure_ascii=False) for f in features) + "\n", encoding="utf-8")


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def edit_csv(path: Path, code: str, /, **change: str) -> None:
    """Change fields of the first row with a code."""
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    next(row for row in rows if row["code"] == code).update(change)
    write_csv(path, rows)


def edit_line(path: Path, code: str, geometry: dict[str, Any] | None = None, /, **change: Any) -> None:
    """Change a feature's properties, or its geometry."""
    features = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = next(f for f in features if f["properties"].get("code") == code)
    found["properties"].update(change)
    found["geometry"] = geometry or found["geometry"]
    write_lines(path, features)
