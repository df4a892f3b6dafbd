"""Reading the files of a city's places: rows with their line, and problems that say file, place and mend."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.canonical import canonical_json
from linli.kernel.city import CityFileError, Problem, content_hash, read_bytes, read_csv, read_json

FOLDER = "places"
PROBLEMS_PER_FILE = 20
DATASETS = ("boundary", "divisions", "grids", "land", "roads", "buildings", "households", "facilities")

DIVISION_COLUMNS = ("code", "valid_from", "valid_to", "level", "name_zh", "name_en", "parent_code")
FACILITY_COLUMNS = ("code", "kind", "name_zh", "lon", "lat")
HOUSEHOLD_COLUMNS = ("code", "unit", "floor", "room")
KIND_COLUMNS = ("kind", "name_zh", "name_en", "icon", "min_zoom")
SCHEME_FIELDS = ("scheme", "name_zh", "name_en", "parent_scheme", "code_digits", "tiles")
CITY_FIELDS = ("code", "name_zh", "name_en", "planar_epsg", "centre", "bounds")


class Report:
    """Collects problems; after twenty of one file it only counts, so that one slip does not fill a screen."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._count: dict[str, int] = {}

    def add(self, file: str, where: object, what: str, mend: str, severity: str = "error") -> None:
        """Note one problem."""
        self._count[file] = self._count.get(file, 0) + 1
        if self._count[file] <= PROBLEMS_PER_FILE:
            self._found.append(Problem(f"{FOLDER}/{file}", str(where), what, mend, severity))

    def problems(self) -> list[Problem]:
        """Return the problems, with one line for those left out of each file."""
        more = [
            Problem(
                f"{FOLDER}/{file}", "", f"还有 {count - PROBLEMS_PER_FILE} 处问题没有列出", "先改上面列出的"
            )
            for file, count in self._count.items()
            if count > PROBLEMS_PER_FILE
        ]
        return [*self._found, *more]

    def __bool__(self) -> bool:
        return bool(self._found)


@dataclass(frozen=True)
class Row:
    """One row or feature and where it stands. `shape` is None where the file has none."""

    line: int
    data: dict[str, Any]
    shape: BaseGeometry | None = None

    def day(self, name: str) -> date | None:
        """Return a day, None when empty. ERRORS: ValueError."""
        text = self.data.get(name)
        return date.fromisoformat(text) if text else None


@dataclass
class CityFiles:
    """The place files of one city folder, each read once. ERRORS: CityFileError when one cannot be read at all."""

    folder: Path
    report: Report = field(default_factory=Report)
    _read: dict[str, list[Row]] = field(default_factory=dict)

    def city(self) -> dict[str, Any]:
        """Return city.json."""
        data = read_json(self.folder / "city.json")
        missing = [name for name in CITY_FIELDS if name not in data]
        if missing:
            raise CityFileError(Problem("city.json", "", f"缺少 {', '.join(missing)}", "补上这些字段"))
        return dict(data)

    def datasets(self) -> dict[str, dict[str, Any]]:
        """Return the manifest by data set name."""
        entries = read_json(self.path("datasets.json"))
        found = {entry.get("name", ""): entry for entry in entries}
        for name in DATASETS:
            if name not in found:
                self.report.add("datasets.json", name, f"缺少数据集 {name}", "补上一项，写明文件、来源和许可")
        return found

    def path(self, name: str) -> Path:
        """Return a file's path in the room's part of the folder."""
        return self.folder / FOLDER / name

    def file_of(self, dataset: str, stem: str) -> str:
        """Return the file of a data set whose name begins with `stem`."""
        entry = self.datasets().get(dataset, {})
        for name in entry.get("files", ()):
            if name.startswith(stem):
                return str(name)
        raise CityFileError(
            Problem(
                f"{FOLDER}/datasets.json", dataset, f"数据集 {dataset} 没有 {stem} 文件", "在 files 中写上它"
            )
        )

    def version(self, dataset: str) -> str:
        """Return the content hash of a data set: its files, its manifest entry and the planar grid it is put on."""
        entry = self.datasets()[dataset]
        told = canonical_json([entry, self.city()["code"], self.city()["planar_epsg"]])
        files = content_hash(*(self.path(name) for name in entry["files"]))
        return sha256(told + files.encode()).hexdigest()

    def boundary(self) -> BaseGeometry:
        """Return the city's boundary. ERRORS: CityFileError when it is no valid area."""
        name = self.file_of("boundary", "boundary")
        data = read_json(self.path(name))
        features = data.get("features") or [data]
        try:
            shape = shapely.geometry.shape(features[0]["geometry"])
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise CityFileError(
                Problem(f"{FOLDER}/{name}", "", "里面没有面状图形", "给出一个 Polygon 或 MultiPolygon")
            ) from error
        if not shape.is_valid or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            reason = shapely.is_valid_reason(shape)
            raise CityFileError(
                Problem(f"{FOLDER}/{name}", "", f"边界图形无效:{reason}", "修好自相交或空图形")
            )
        return shape

    def divisions(self) -> list[Row]:
        """Return the divisions with their shapes."""
        return self._once("divisions", self._divisions)

    def _divisions(self) -> list[Row]:
        shapes_name = self.file_of("divisions", "division_shapes")
        shapes: dict[tuple[str, str], Row] = {}
        for row in self.features(shapes_name, ("code", "valid_from"), ("Polygon", "MultiPolygon")):
            key = (row.data["code"], row.data["valid_from"])
            if key in shapes:
                self.report.add(shapes_name, row.line, f"{key[0]} {key[1]} 的图形重复", "删去其中一行")
            shapes[key] = row
        found = []
        for row in self.table(self.file_of("divisions", "divisions"), DIVISION_COLUMNS):
            drawn = shapes.get((row.data["code"], row.data["valid_from"]))
            if drawn is not None and not row.data.get("lon") and "lon" in drawn.data:
                row.data.update(lon=drawn.data["lon"], lat=drawn.data["lat"])
            found.append(Row(row.line, row.data, drawn.shape if drawn else None))
        return found

    def schemes(self) -> list[dict[str, Any]]:
        """Return the grid schemes."""
        name = self.file_of("grids", "grid_schemes")
        entries = read_json(self.path(name))
        for number, entry in enumerate(entries):
            missing = [one for one in SCHEME_FIELDS if one not in entry]
            if missing:
                where = f"[{number}]"
                raise CityFileError(
                    Problem(f"{FOLDER}/{name}", where, f"缺少 {', '.join(missing)}", "补上这些字段")
                )
        return list(entries)

    def grids(self) -> list[Row]:
        """Return the grids of all schemes."""
        required = ("scheme", "code", "parent_scheme", "parent_code", "name_zh", "valid_from")
        return self._features_of("grids", "grids.", required, ("Polygon", "MultiPolygon"))

    def coverage(self) -> list[Row]:
        """Return the areas that schemes with `tiles: coverage` promise to cover."""
        return self._features_of("grids", "grid_coverage", ("scheme",), ("Polygon", "MultiPolygon"))

    def land(self) -> list[Row]:
        """Return water, green and grounds."""
        return self._features_of("land", "land", ("code", "kind"), ("Polygon", "MultiPolygon", "LineString"))

    def roads(self) -> list[Row]:
        """Return road segments."""
        return self._features_of("roads", "roads", ("code", "kind", "from_node", "to_node"), ("LineString",))

    def buildings(self) -> list[Row]:
        """Return buildings."""
        return self._features_of(
            "buildings", "buildings", ("code", "kind", "address"), ("Polygon", "MultiPolygon")
        )

    def households(self) -> list[Row]:
        """Return households."""
        name = self.file_of("households", "households")
        return self._once("households", lambda: self.table(name, HOUSEHOLD_COLUMNS))

    def facility_kinds(self) -> list[Row]:
        """Return the kinds of facilities."""
        name = self.file_of("facilities", "facility_kinds")
        return self._once("facility_kinds", lambda: self.table(name, KIND_COLUMNS))

    def facilities(self) -> list[Row]:
        """Return facilities; rows whose position is no number are reported and left out."""
        return self._once("facilities", self._facilities)

    def _facilities(self) -> list[Row]:
        name = self.file_of("facilities", "facilities")
        kept = []
        for row in self.table(name, FACILITY_COLUMNS):
            try:
                row.data["lon"], row.data["lat"] = float(row.data["lon"]), float(row.data["lat"])
                kept.append(row)
            except ValueError:
                self.report.add(
                    name, row.line, f"{row.data['code']} 的经纬度不是数", "写成十进制度，例如 104.546500"
                )
        return kept

    def _features_of(
        self, dataset: str, stem: str, required: tuple[str, ...], kinds: tuple[str, ...]
    ) -> list[Row]:
        name = self.file_of(dataset, stem)
        return self._once(stem, lambda: self.features(name, required, kinds))

    def _once(self, key: str, read: Callable[[], list[Row]]) -> list[Row]:
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def table(self, name: str, columns: tuple[str, ...]) -> list[Row]:
        """Read a CSV; `code` (or the first column) must be there in every row."""
        rows = []
        for line, data in read_csv(self.path(name), columns):
            if not data.get(columns[0]):
                self.report.add(name, line, f"没有 {columns[0]}", "补上，或删去这一行")
                continue
            rows.append(Row(line, data))
        return rows

    def features(self, name: str, required: tuple[str, ...], kinds: tuple[str, ...]) -> list[Row]:
        """Read GeoJSON lines, leaving out what cannot be used and reporting it by line."""
        lines = self._lines(name)
        shapes = shapely.from_geojson(
            np.array([text for _, text in lines], dtype=object), on_invalid="ignore"
        )
        kept = []
        for (line, text), shape in zip(lines, shapes, strict=True):
            data = json.loads(text).get("properties") or {}
            missing = [one for one in required if data.get(one) in (None, "")]
            if missing:
                self.report.add(name, line, f"缺少属性 {', '.join(missing)}", "补上这些属性")
            elif shape is None or shape.geom_type not in kinds or shape.is_empty:
                self.report.add(name, line, f"{_label(data)} 没有可用的图形", f"给出 {' 或 '.join(kinds)}")
            elif not shape.is_valid:
                why = shapely.is_valid_reason(shape)
                self.report.add(name, line, f"{_label(data)} 的图形无效:{why}", "修好自相交的地方")
            else:
                kept.append(Row(line, data, shape))
        return kept

    def _lines(self, name: str) -> list[tuple[int, str]]:
        try:
            texts = read_bytes(self.path(name)).decode("utf-8").splitlines()
        except (UnicodeDecodeError, EOFError) as error:
            raise CityFileError(Problem(f"{FOLDER}/{name}", "", "不是 UTF-8 文本", "另存为 UTF-8")) from error
        kept = []
        for line, text in enumerate(texts, 1):
            if not text.strip():
                continue
            try:
                if isinstance(json.loads(text), dict):
                    kept.append((line, text))
                    continue
                why = "不是一个要素"
            except ValueError as error:
                why = str(error)
            self.report.add(name, line, f"这一行不是有效的 GeoJSON:{why}", "每行写一个 Feature")
        return kept


def _label(data: dict[str, Any]) -> str:
    return str(data.get("code") or data.get("scheme") or "这一行")


def shapes_of(rows: Iterable[Row]) -> np.ndarray:
    """Return the rows' shapes as one array."""
    return np.array([row.shape for row in rows], dtype=object)
