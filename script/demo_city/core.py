"""The urban core, 示意: a curved frame along the river, arteries, superblocks, blocks, and plots of about a hectare.

`u` runs downstream and `v` from the right bank (negative) to the left (positive), both in metres. Lines of
constant `v` follow the river and straighten with distance. Everything that parts the core (arteries, banks,
streets, plot lines) is noded together, so plots tile the core exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import split

from script.demo_city.frame import NAMES, chance, point_m
from script.demo_city.water import tuo_course, waters

ORIGIN = (104.5395, 30.4045)
DOWNSTREAM = (0.545, -0.838)
ACROSS = (0.838, 0.545)

OUTLINE_UV = (
    (-2450, -150), (-2700, 500), (-2550, 1250), (-2150, 1950), (-1500, 2500), (-600, 2800), (350, 2750),
    (1250, 2450), (1950, 1950), (2350, 1250), (2450, 600), (2750, 120), (2780, -560), (2450, -1200),
    (1900, -1700), (1150, -1950), (400, -1880), (-200, -1620), (-640, -1150), (-820, -560), (-1250, -330),
    (-1900, -380),
)  # fmt: skip
ALONG = (
    ("东滨路", 168, -2450, 2650, "arterial"),
    ("人民路", 850, -2700, 2500, "arterial"),
    ("雄州大道", 1500, -2500, 2250, "arterial"),
    ("回龙大道", 2090, -1900, 1600, "arterial"),
    ("滨江路", -168, -640, 2760, "arterial"),
    ("建设路", -780, -760, 2650, "arterial"),
    ("鳌山路", -1330, -420, 2300, "arterial"),
)
ACROSS_LINES = (
    ("射洪路", -2050, -300, 2200, False),
    ("印鳌路", -1250, 168, 2700, False),
    ("解放路", -420, -1600, 2900, True),
    ("政府街", 420, -1900, 2900, True),
    ("筒车路", 1230, -1960, 2500, True),
    ("红塔路", 2000, -1700, 1950, True),
)
STREET_NAMES = NAMES["streets"]


@dataclass
class Street:
    """One straight piece of a street before noding."""

    line: LineString
    name: str
    kind: str


@dataclass
class Plot:
    """A piece of the core of about one hectare: one unit grid. `bank` is N (left), S (right) or W (water)."""

    shape: Polygon
    block: int
    bank: str


@dataclass
class Core:
    """The urban core: outline, plots, blocks (each a list of plots), streets."""

    outline: Polygon
    plots: list[Plot]
    blocks: list[Polygon]
    streets: list[Street]
    water: Polygon | MultiPolygon = field(default_factory=Polygon)


def at(u: float, v: float) -> tuple[float, float]:
    """Return planar metres of a point of the curved frame."""
    x, y = point_m(*ORIGIN)
    bent = v + _deviation(u) * math.exp(-abs(v) / 1500.0)
    return x + u * DOWNSTREAM[0] + bent * ACROSS[0], y + u * DOWNSTREAM[1] + bent * ACROSS[1]


@lru_cache(maxsize=1)
def _river_profile() -> tuple[np.ndarray, np.ndarray]:
    x, y = point_m(*ORIGIN)
    course = np.array(tuo_course().coords) - (x, y)
    u, v = course @ np.array(DOWNSTREAM), course @ np.array(ACROSS)
    keep = (np.abs(u) < 4200) & (np.abs(v) < 2000)
    order = np.argsort(u[keep], kind="stable")
    return u[keep][order], v[keep][order]


def _deviation(u: float) -> float:
    return float(np.interp(u, *_river_profile()))


def uv(x: float, y: float) -> tuple[float, float]:
    """Return (u, v) of a planar point, `v` measured from the river."""
    x0, y0 = point_m(*ORIGIN)
    u = (x - x0) * DOWNSTREAM[0] + (y - y0) * DOWNSTREAM[1]
    v = (x - x0) * ACROSS[0] + (y - y0) * ACROSS[1]
    return u, v - _deviation(u) * math.exp(-abs(v) / 1500.0)


@lru_cache(maxsize=1)
def core() -> Core:
    """Lay out the core."""
    outline = _rounded([at(0.87 * u, 0.87 * v) for u, v in OUTLINE_UV])
    water = shapely.union_all([w.shape for w in waters() if w.kind == "river"]).intersection(outline)
    streets = _arteries(outline)
    lines = [s.line for s in streets] + [outline.exterior]
    river_lines = [polygon.exterior for polygon in _parts(water)]
    superblocks = _faces([*lines, *river_lines])
    random, names = chance("streets"), list(STREET_NAMES)
    chance("street names").shuffle(names)
    cuts: list[LineString] = []
    blocks: list[tuple[Polygon, bool]] = []
    for face in superblocks:
        wet = water.contains(face.representative_point())
        if wet:
            _cut_water(face, cuts)
        else:
            _cut(face, random, names, streets, cuts, blocks)
    shapes = [shape for shape, _ in blocks]
    plots = _plots([*lines, *river_lines, *cuts], outline, water, shapes)
    rugged, plots = _rugged(outline, plots, shapes)
    return Core(rugged, plots, shapes, _clip(streets, rugged), water.intersection(rugged))


def _rugged(outline: Polygon, plots: list[Plot], blocks: list[Polygon]) -> tuple[Polygon, list[Plot]]:
    """Leave out part of the outermost blocks, so that the city ends along streets, here sooner, there later."""
    random, rim = chance("rim"), outline.exterior
    left_out = {
        k
        for k, block in enumerate(blocks)
        if block.distance(rim) < 1 and (block.area < 9000 or random.random() < 0.42)
    }
    kept = [p for p in plots if p.block not in left_out and (p.block >= 0 or p.bank == "W")]
    whole = max(_parts(shapely.coverage_union_all([p.shape for p in kept])), key=lambda part: part.area)
    filled = Polygon(whole.exterior)
    inside = [p for p in plots if filled.contains(p.shape.representative_point())]
    return shapely.coverage_union_all([p.shape for p in inside]), inside


def _rounded(corners: list[tuple[float, float]]) -> Polygon:
    ring = corners
    for _ in range(3):
        ring = [
            p
            for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
            for p in (
                (0.75 * a[0] + 0.25 * b[0], 0.75 * a[1] + 0.25 * b[1]),
                (0.25 * a[0] + 0.75 * b[0], 0.25 * a[1] + 0.75 * b[1]),
            )
        ]
    return Polygon(ring)


def _arteries(outline: Polygon) -> list[Street]:
    streets = []
    for name, v, start, end, kind in ALONG:
        count = max(2, int((end - start) / 120))
        points = [at(start + (end - start) * k / count, v) for k in range(count + 1)]
        streets.append((LineString(points), name, kind))
    for name, u, start, end, bridge in ACROSS_LINES:
        lean = 60 * math.sin(u / 700.0)
        ends = [(start, 0.0), (-168, 0.0), (168, 0.0), (end, 0.0)] if bridge else [(start, 0.0), (end, 0.0)]
        points = [at(u + lean * v / 2500.0, v) for v, _ in ends]
        streets.append((LineString(points), name, "arterial" if bridge else "secondary"))
    found = []
    for line, name, kind in streets:
        for part in _parts(line.intersection(outline)):
            if isinstance(part, LineString) and part.length > 60:
                found.append(Street(part, name, kind))
    return found


def _faces(lines: list[LineString]) -> list[Polygon]:
    noded = shapely.union_all(lines, grid_size=0.1)
    return [face for face in shapely.polygonize(_parts(noded)).geoms if face.area > 1.0]


def _parts(geometry: object) -> list:
    return list(getattr(geometry, "geoms", [geometry]))


def _cut_water(face: Polygon, cuts: list[LineString]) -> None:
    """Part the river's surface across the stream into pieces of about three hectares."""
    low, high = (f(uv(*p)[0] for p in face.exterior.coords) for f in (min, max))
    pieces = max(1, round(face.area / 30000))
    for k in range(1, pieces):
        u = low + (high - low) * k / pieces
        line = LineString([at(u, -160), at(u, 160)]).intersection(face)
        cuts.extend(p for p in _parts(line) if isinstance(p, LineString) and p.length > 1)


def _cut(face, random, names, streets, cuts, blocks) -> None:  # type: ignore[no-untyped-def]
    """Halve a face across its long side until plots remain; large cuts are streets, small ones plot lines."""
    stack: list[tuple[Polygon, bool]] = [(face, False)]
    while stack:
        polygon, in_block = stack.pop()
        area = polygon.area
        if not in_block and area < 62000:
            blocks.append((polygon, False))
            in_block = True
        if area < 13500 * random.uniform(0.85, 1.2):
            continue
        line = _halving(polygon, random)
        pieces = [p for p in split(polygon, line).geoms if p.area > 1]
        if len(pieces) < 2 or min(p.area for p in pieces) < 1800:
            continue
        inside = line.intersection(polygon)
        parts = [p for p in _parts(inside) if isinstance(p, LineString)]
        cuts.extend(parts)
        if area > 26000 and (not in_block or random.random() < 0.35):
            kind = "secondary" if area > 150000 else "branch" if not in_block else "lane"
            name = names.pop() if names and kind != "lane" else ""
            streets.extend(Street(p, name, kind) for p in parts if p.length > 40)
        stack.extend(
            (p, in_block) for p in sorted(pieces, key=lambda p: (round(p.centroid.x), round(p.centroid.y)))
        )


def _halving(polygon: Polygon, random) -> LineString:  # type: ignore[no-untyped-def]
    """Return a line across the long side of a polygon, near its middle, slightly off square."""
    corners = list(shapely.oriented_envelope(polygon).exterior.coords)[:4]
    sides = [(corners[k], corners[(k + 1) % 4]) for k in range(2)]
    long_side = max(sides, key=lambda s: math.dist(*s))
    (ax, ay), (bx, by) = long_side
    length = math.dist(*long_side)
    dx, dy = (bx - ax) / length, (by - ay) / length
    centre = polygon.centroid
    shift = random.uniform(-0.09, 0.09) * length
    cx, cy = centre.x + dx * shift, centre.y + dy * shift
    turn = random.uniform(-0.04, 0.04)
    nx, ny = -dy + dx * turn, dx + dy * turn
    reach = 3000.0
    return LineString([(cx - nx * reach, cy - ny * reach), (cx + nx * reach, cy + ny * reach)])


def _plots(lines, outline, water, shapes) -> list[Plot]:  # type: ignore[no-untyped-def]
    faces = _faces(lines)
    faces.sort(key=lambda f: (-round(f.centroid.y), round(f.centroid.x)))
    tree = shapely.STRtree(shapes)
    plots = []
    for face in faces:
        spot = face.representative_point()
        if not outline.contains(spot):
            continue
        if water.contains(spot):
            plots.append(Plot(face, -1, "W"))
            continue
        owners = tree.query(spot, predicate="intersects")
        bank = "N" if uv(spot.x, spot.y)[1] > 0 else "S"
        plots.append(Plot(face, int(owners[0]) if len(owners) else -1, bank))
    return plots


def _clip(streets: list[Street], outline: Polygon) -> list[Street]:
    """Cut streets to the city; what is left must be worth a name."""
    reach, found = outline.buffer(0.3), []
    for street in streets:
        least = 30.0 if street.kind in ("branch", "lane") else 60.0
        for part in _parts(street.line.intersection(reach)):
            if isinstance(part, LineString) and part.length > least:
                found.append(Street(part, street.name, street.kind))
    return found
