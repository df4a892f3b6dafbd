"""The generator's ground: the planar frame, seeded chance, coverages of shared edges, and the files written.

Everything is made in planar metres and written in degrees with six decimals (about 0.1 m).
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from linli.kernel.coordinates import to_lonlat, to_planar

EPSG = 4544
SEED = 20181101
ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "cities" / "jianyang"
PLACES = CITY / "places"
NAMES: dict[str, list[str]] = {
    key: words.split()
    for key, words in json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8")).items()
}


def chance(topic: str) -> Random:
    """Return the random numbers of one topic: a change in one part of the city leaves the others as they are."""
    return Random(f"{SEED}:{topic}")


def planar(geometry: BaseGeometry) -> BaseGeometry:
    """Project degrees to metres."""
    return shapely.transform(geometry, lambda c: np.column_stack(to_planar(c[:, 0], c[:, 1], EPSG)))


def point_m(lon: float, lat: float) -> tuple[float, float]:
    x, y = to_planar(lon, lat, EPSG)
    return float(x), float(y)


def degrees(geometry: Any) -> Any:
    """Project metres to degrees of six decimals; takes one geometry or an array of them."""

    def back(c: np.ndarray) -> np.ndarray:
        return np.round(np.column_stack(to_lonlat(c[:, 0], c[:, 1], EPSG)), 6)

    return shapely.transform(geometry, back)


def boundary_m() -> Polygon:
    """Return the real boundary of the city in metres."""
    data = json.loads((PLACES / "boundary.geojson").read_text(encoding="utf-8"))
    outline = planar(shape(data["features"][0]["geometry"]))
    return outline.geoms[0] if isinstance(outline, MultiPolygon) else outline


def divisions() -> list[dict[str, str]]:
    """Return the real divisions (codes, names, days, centres) that the shapes are made for."""
    with (PLACES / "divisions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def adjacency(cells: Sequence[Polygon]) -> list[set[int]]:
    """Return the neighbours of each cell of a coverage: those that share an edge."""
    owner: dict[tuple[Any, Any], int] = {}
    near: list[set[int]] = [set() for _ in cells]
    for number, cell in enumerate(cells):
        ring = [(round(x, 2), round(y, 2)) for x, y in cell.exterior.coords]
        for a, b in itertools.pairwise(ring):
            key = (a, b) if a < b else (b, a)
            other = owner.setdefault(key, number)
            if other != number:
                near[number].add(other)
                near[other].add(number)
    return near


def join_up(labels: list[int], near: list[set[int]], weight: Sequence[float]) -> list[int]:
    """Give stray pieces of a label to a neighbouring label, so that each label is one piece.

    The heaviest piece of a label keeps it. Deterministic: pieces are taken from light to heavy.
    """
    labels = list(labels)
    for _ in range(20):
        pieces = _pieces(labels, near)
        main: dict[int, list[int]] = {}
        for piece in sorted(pieces, key=lambda p: (-sum(weight[c] for c in p), p[0])):
            main.setdefault(labels[piece[0]], piece)
        strays = [p for p in pieces if main[labels[p[0]]] is not p]
        if not strays:
            return labels
        for piece in sorted(strays, key=lambda p: (sum(weight[c] for c in p), p[0])):
            votes: dict[int, int] = defaultdict(int)
            for cell in piece:
                for other in near[cell]:
                    if labels[other] != labels[cell]:
                        votes[labels[other]] += 1
            if votes:
                heir = max(sorted(votes), key=lambda label: votes[label])
                for cell in piece:
                    labels[cell] = heir
    return labels


def _pieces(labels: Sequence[int], near: list[set[int]]) -> list[list[int]]:
    seen: set[int] = set()
    pieces = []
    for start in range(len(labels)):
        if start in seen:
            continue
        stack, piece = [start], []
        seen.add(start)
        while stack:
            cell = stack.pop()
            piece.append(cell)
            for other in sorted(near[cell]):
                if other not in seen and labels[other] == labels[cell]:
                    seen.add(other)
                    stack.append(other)
        pieces.append(sorted(piece))
    return pieces


def spread(points: np.ndarray, count: int, random: Random, rounds: int = 8) -> np.ndarray:
    """Return `count` centres spread over weighted places (Lloyd's method), started far apart by chance."""
    order = list(range(len(points)))
    random.shuffle(order)
    count = min(count, len(points))
    centres = [points[order[0]]]
    nearest = ((points - centres[0]) ** 2).sum(axis=1)
    while len(centres) < count:
        pick = int(np.argmax(nearest * np.array([0.4 + 0.6 * random.random() for _ in order])))
        centres.append(points[pick])
        nearest = np.minimum(nearest, ((points - points[pick]) ** 2).sum(axis=1))
    found = np.array(centres)
    for _ in range(rounds):
        label = nearest_of(points, found)
        found = np.array(
            [points[label == k].mean(axis=0) if (label == k).any() else found[k] for k in range(count)]
        )
    return found


def nearest_of(points: np.ndarray, centres: np.ndarray, reach: np.ndarray | None = None) -> np.ndarray:
    """Return for each point its nearest centre; `reach` (m², per centre) widens a centre's cell."""
    squared = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.argmin(squared if reach is None else squared - reach, axis=1)


def dissolve(cells: Sequence[Polygon], labels: Sequence[int], count: int) -> list[BaseGeometry]:
    """Join the cells of each label; labels without a cell give an empty polygon."""
    groups: list[list[Polygon]] = [[] for _ in range(count)]
    for cell, label in zip(cells, labels, strict=True):
        groups[label].append(cell)
    return [shapely.coverage_union_all(group) if group else Polygon() for group in groups]


def reading_order(places: Sequence[tuple[float, float]], band_m: float) -> list[int]:
    """Return positions from west to east in bands from north to south, as grids are numbered."""
    top = max((y for _, y in places), default=0.0)
    return sorted(range(len(places)), key=lambda k: (int((top - places[k][1]) // band_m), places[k][0], k))


@dataclass
class Files:
    """What a run writes: name → text, kept so that a test can compare without touching the shipped files."""

    texts: dict[str, str] = field(default_factory=dict)

    def features(self, name: str, rows: Iterable[tuple[Mapping[str, Any], BaseGeometry | None]]) -> None:
        """Add GeoJSON lines: one feature a line, six decimals."""
        lines = []
        for properties, geometry in rows:
            kept = {k: v for k, v in properties.items() if v not in ("", None)}
            feature = {"type": "Feature", "properties": kept, "geometry": None}
            if geometry is not None:
                feature["geometry"] = _geojson(degrees(geometry))
            lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        self.texts[name] = "\n".join(lines) + "\n"

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Add a CSV with a header."""
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n", restval="", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)
        self.texts[name] = text.getvalue()

    def write(self, folder: Path) -> None:
        """Write the files; names ending in .gz are packed without a time, so equal text gives equal bytes."""
        for name, text in self.texts.items():
            data = text.encode()
            (folder / name).write_bytes(gzip.compress(data, 9, mtime=0) if name.endswith(".gz") else data)


def _geojson(geometry: BaseGeometry) -> dict[str, Any]:
    def trim(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return [trim(v) for v in value]
        return round(value, 6)

    data = shapely.geometry.mapping(geometry)
    return {"type": data["type"], "coordinates": trim(data["coordinates"])}
