"""Checking a city's places: every rule by file and line, in plain words with the mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.city import CityFileError, Problem
from linli.registers.places.reading import FOLDER, CityFiles, Row, shapes_of
from linli.registers.places.rules import LEVELS, days_overlap, tiling_faults

FAR_FUTURE = date(9999, 1, 1)
TILES = ("city", "coverage", "nothing")


def check_places(files: CityFiles) -> list[Problem]:
    """Return all problems of the room's files; an unreadable file ends the part that needs it."""
    found: list[Problem] = []
    try:
        boundary = files.boundary()
        known = files.datasets()
        for name, entry in known.items():
            for file in entry.get("files", ()):
                if not files.path(file).is_file():
                    found.append(
                        Problem(
                            f"{FOLDER}/{file}", "", f"数据集 {name} 的文件不在", "放入文件或改 datasets.json"
                        )
                    )
    except CityFileError as error:
        return [error.problem]
    if found:
        return found
    steps = (
        lambda: _divisions(files, boundary),
        lambda: _grids(files, boundary),
        lambda: _codes(files, files.land(), files.file_of("land", "land")),
        lambda: _codes(files, files.roads(), files.file_of("roads", "roads")),
        lambda: _buildings(files),
        lambda: _households(files),
        lambda: _facilities(files, boundary),
    )
    for step in steps:
        try:
            step()
        except CityFileError as error:
            found.append(error.problem)
    return [*found, *files.report.problems()]


def _codes(files: CityFiles, rows: Iterable[Row], name: str) -> set[str]:
    """Report codes that occur twice; return all."""
    seen: dict[str, int] = {}
    for row in rows:
        code = row.data["code"]
        if code in seen:
            files.report.add(name, row.line, f"编码 {code} 与第 {seen[code]} 行重复", "一个编码只用一次")
        seen.setdefault(code, row.line)
    return set(seen)


def _days(files: CityFiles, name: str, row: Row) -> tuple[date, date | None] | None:
    try:
        first, end = row.day("valid_from"), row.day("valid_to")
    except ValueError:
        files.report.add(name, row.line, f"{row.data['code']} 的起止日期不是日期", "写成 2019-12-01")
        return None
    if first is None or (end is not None and end <= first):
        files.report.add(
            name, row.line, f"{row.data['code']} 的止日不晚于起日", "止日是失效的第一天，须晚于起日"
        )
        return None
    return first, end


def _divisions(files: CityFiles, boundary: BaseGeometry) -> None:
    name = files.file_of("divisions", "divisions")
    rows = files.divisions()
    ranges: dict[str, list[tuple[date, date | None, Row]]] = defaultdict(list)
    for row in rows:
        level, code = row.data["level"], row.data["code"]
        if level not in LEVELS:
            files.report.add(name, row.line, f"层级 {level} 不认识", f"只能是 {'、'.join(LEVELS)}")
            continue
        if len(code) != LEVELS[level] or not code.isdigit():
            files.report.add(
                name, row.line, f"{level} 的编码 {code} 不是 {LEVELS[level]} 位数字", "改正编码或层级"
            )
        if level != "city" and not code.startswith(row.data["parent_code"]):
            files.report.add(
                name, row.line, f"{code} 不以上级 {row.data['parent_code']} 开头", "改正编码或上级编码"
            )
        if (days := _days(files, name, row)) is not None:
            for first, end, other in ranges[code]:
                if days_overlap(*days, first, end):
                    files.report.add(
                        name,
                        row.line,
                        f"编码 {code} 的有效期与第 {other.line} 行重叠",
                        "同一编码的起止日期不能重叠",
                    )
            ranges[code].append((*days, row))
    for row in rows:
        _division_links(files, name, row, ranges)
    for day in sorted({first for spans in ranges.values() for first, _, _ in spans}):
        for level in ("town", "village"):
            _divisions_tile(files, name, rows, level, day, boundary)


def _division_links(files: CityFiles, name: str, row: Row, ranges: Mapping[str, object]) -> None:
    code, parent = row.data["code"], row.data["parent_code"]
    if row.data["level"] != "city" and parent not in ranges:
        files.report.add(name, row.line, f"{code} 的上级 {parent} 不在表中", "补上上级，或改正编码")
    for heir in (row.data.get("successor_codes") or "").split():
        if heir not in ranges:
            files.report.add(name, row.line, f"{code} 的后继 {heir} 不在表中", "补上后继，或改正编码")
    if row.shape is None and row.data["level"] != "city":
        where = files.file_of("divisions", "division_shapes")
        files.report.add(where, "", f"{code}(自 {row.data['valid_from']})没有图形", "补上这一行的图形")


def _divisions_tile(
    files: CityFiles, name: str, rows: list[Row], level: str, day: date, boundary: BaseGeometry
) -> None:
    here = [row for row in rows if row.data["level"] == level and row.shape is not None and _holds(row, day)]
    if here:
        _tile(files, name, here, boundary, f"{day} 的 {level}")


def _holds(row: Row, day: date) -> bool:
    try:
        first, end = row.day("valid_from"), row.day("valid_to")
    except ValueError:
        return False
    return first is not None and first <= day and (end is None or day < end)


def _tile(files: CityFiles, name: str, rows: list[Row], cover: BaseGeometry, what: str) -> None:
    """Report gaps, overlaps and edges that do not match, naming the codes."""
    for fault in tiling_faults([row.shape for row in rows], cover):
        codes = "、".join(rows[k].data["code"] for k in fault.members)
        place = f"{fault.lon:.6f},{fault.lat:.6f}"
        text = {
            "overlap": f"{what}:{codes} 互相重叠",
            "edge": f"{what}:{codes} 的边与邻格不是同一串顶点",
            "gap": f"{what}:这里没有被覆盖",
            "outside": f"{what}:这里超出应覆盖的范围",
        }[fault.kind]
        line = rows[fault.members[0]].line if fault.members else ""
        files.report.add(name, f"{line} {place}".strip(), text, "修好这里的边界，使相邻图形共用顶点")


def _grids(files: CityFiles, boundary: BaseGeometry) -> None:
    name = files.file_of("grids", "grids.")
    schemes = {entry["scheme"]: entry for entry in files.schemes()}
    coverage = {row.data["scheme"]: row.shape for row in files.coverage()}
    rows = files.grids()
    by_scheme: dict[str, list[Row]] = defaultdict(list)
    known: dict[str, set[str]] = {"division": {row.data["code"] for row in files.divisions()}}
    for row in rows:
        if row.data["scheme"] not in schemes:
            text = f"网格体系 {row.data['scheme']} 没有登记"
            files.report.add(name, row.line, text, "在 grid_schemes.json 中补上，或改正")
            continue
        _days(files, name, row)
        by_scheme[row.data["scheme"]].append(row)
    for scheme, members in by_scheme.items():
        known[scheme] = _codes(files, members, name)
        digits = schemes[scheme]["code_digits"]
        for row in members:
            code = row.data["code"]
            if len(code) != digits or not code.isdigit():
                files.report.add(name, row.line, f"{scheme} 的编码 {code} 不是 {digits} 位数字", "改正编码")
    for row in rows:
        parent = row.data["parent_code"]
        if parent not in known.get(row.data["parent_scheme"], ()) or not row.data["code"].startswith(parent):
            files.report.add(
                name, row.line, f"{row.data['code']} 的上级 {parent} 不对", "编码须以上级编码开头，上级须存在"
            )
    for scheme, entry in schemes.items():
        _grid_tiles(files, name, scheme, entry["tiles"], by_scheme[scheme], coverage, boundary)


def _grid_tiles(
    files: CityFiles,
    name: str,
    scheme: str,
    tiles: str,
    rows: list[Row],
    coverage: dict[str, BaseGeometry],
    boundary: BaseGeometry,
) -> None:
    if tiles not in TILES:
        files.report.add("grid_schemes.json", scheme, f"tiles 是 {tiles}", f"只能是 {'、'.join(TILES)}")
        return
    if tiles == "nothing":
        return
    if tiles == "coverage" and scheme not in coverage:
        files.report.add("grid_schemes.json", scheme, "没有给出覆盖范围", "在 grid_coverage 文件中写一个面")
        return
    current = [row for row in rows if _holds(row, FAR_FUTURE)]
    _tile(files, name, current, boundary if tiles == "city" else coverage[scheme], f"网格体系 {scheme}")


def _buildings(files: CityFiles) -> None:
    name = files.file_of("buildings", "buildings")
    rows = files.buildings()
    _codes(files, rows, name)
    grids = {row.data["code"]: row.shape for row in files.grids() if row.data["scheme"] == "general"}
    kept = [row for row in rows if row.data["code"][:15] in grids]
    for row in rows:
        if row.data["code"][:15] not in grids:
            files.report.add(
                name, row.line, f"{row.data['code']} 的前 15 位不是一般网格", "编码 = 网格 15 位 + 序号 5 位"
            )
    homes = np.array([grids[row.data["code"][:15]] for row in kept], dtype=object)
    inside = shapely.covers(homes, shapely.point_on_surface(shapes_of(kept))) if kept else []
    for row, is_inside in zip(kept, inside, strict=True):
        if not is_inside:
            files.report.add(
                name, row.line, f"建筑 {row.data['code']} 不在它编码所写的网格内", "改正编码或位置"
            )


def _households(files: CityFiles) -> None:
    name = files.file_of("households", "households")
    rows = files.households()
    _codes(files, rows, name)
    buildings = {row.data["code"] for row in files.buildings()}
    for row in rows:
        if row.data["code"][:20] not in buildings:
            files.report.add(
                name, row.line, f"户 {row.data['code']} 的建筑不存在", "编码 = 建筑 20 位 + 序号 4 位"
            )


def _facilities(files: CityFiles, boundary: BaseGeometry) -> None:
    name = files.file_of("facilities", "facilities")
    kinds = {row.data["kind"] for row in files.facility_kinds()}
    rows = files.facilities()
    _codes(files, rows, name)
    for row in rows:
        if row.data["kind"] not in kinds:
            files.report.add(
                name, row.line, f"设施类型 {row.data['kind']} 没有登记", "在 facility_kinds.csv 中补上"
            )
    shapely.prepare(boundary)
    lon, lat = ([row.data[axis] for row in rows] for axis in ("lon", "lat"))
    for row, inside in zip(rows, shapely.intersects_xy(boundary, lon, lat), strict=True):
        if not inside:
            text = f"设施 {row.data['code']} 在市域外"
            files.report.add(name, row.line, text, "检查经纬度是否写反，或坐标系是否是 CGCS2000", "warning")
