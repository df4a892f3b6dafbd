"""What stands on each block of the core, 示意: uses, names, and building footprints that no plot line cuts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import shapely
from shapely import affinity
from shapely.geometry import Point, Polygon, box

from script.demo_city.cells import land
from script.demo_city.core import at, core, uv
from script.demo_city.frame import NAMES, chance

HALF_WIDTH_M = {"arterial": 19.0, "secondary": 12.0, "branch": 8.0, "lane": 4.5}

SPECIAL = (
    ("government", "简阳市人民政府", -520, 980),
    ("service_hall", "简阳市政务服务中心", -120, 1010),
    ("command", "简阳市智慧城市指挥中心", 260, 1010),
    ("hospital", "简阳市人民医院", 760, 1120),
    ("hospital", "简阳市中医医院", 330, -620),
    ("school", "简阳中学", 900, -620),
    ("school", "阳安中学", -120, -1020),
    ("school", "射洪坝小学", -900, 620),
    ("school", "雄州实验学校", 620, 1760),
    ("school", "白塔路小学", 1500, -620),
    ("school", "筒车路小学", 1500, 620),
    ("school", "蜀阳初级中学", -1500, 1200),
    ("park", "鳌山公园", 820, -1180),
    ("park", "东城湿地公园", 2050, 420),
    ("park", "雄州公园", -620, 1780),
    ("park", "滨江公园", -150, 250),
    ("sports", "简阳市体育中心", 1250, 1250),
    ("market", "建设路农贸市场", 560, -380),
    ("market", "筒车路农贸市场", 980, 480),
    ("station", "简阳汽车客运中心", 1500, 1750),
    ("culture", "简阳市文化中心", 480, 620),
    ("compound_old", "奥盾大院", 120, -330),
    ("compound_high", "逸水鼎城", -720, 330),
)
ESTATE_FIRST = NAMES["estates_first"]
ESTATE_LAST = NAMES["estates_last"]
OLD_LAST = NAMES["old_estates_last"]

KINDS = {
    # use: (kind of building, length, depth, gap along, gap between rows, lowest floors, highest, dwellings a floor)
    "residential_slab": ("residential", 54, 13, 11, 24, 6, 11, 4),
    "residential_tower": ("residential", 30, 19, 24, 34, 18, 32, 4),
    "residential_old": ("residential", 38, 11, 7, 14, 5, 7, 4),
    "compound_old": ("residential", 36, 11, 7, 16, 6, 6, 4),
    "compound_high": ("residential", 30, 18, 18, 26, 18, 18, 4),
    "mixed": ("commercial_residential", 34, 15, 9, 16, 6, 9, 4),
    "commercial": ("commercial", 46, 30, 12, 15, 3, 6, 0),
    "office": ("office", 58, 19, 20, 30, 6, 16, 0),
    "government": ("office", 66, 18, 18, 30, 5, 8, 0),
    "command": ("office", 60, 22, 18, 34, 8, 8, 0),
    "service_hall": ("office", 76, 40, 20, 30, 4, 4, 0),
    "school": ("education", 60, 14, 16, 28, 4, 5, 0),
    "hospital": ("hospital", 64, 20, 16, 28, 8, 16, 0),
    "market": ("commercial", 76, 44, 14, 14, 2, 2, 0),
    "station": ("transport", 90, 40, 20, 40, 2, 2, 0),
    "culture": ("culture", 70, 50, 20, 30, 3, 4, 0),
    "sports": ("sports", 90, 60, 20, 30, 2, 2, 0),
    "industry": ("industrial", 72, 32, 13, 16, 1, 3, 0),
    "storage": ("storage", 84, 36, 13, 18, 1, 1, 0),
}
SPARSE = {"school": 0.6, "hospital": 0.6, "government": 0.6, "command": 0.5, "station": 0.3, "sports": 0.4}


@dataclass
class Footprint:
    """One building before it has a code. `cell` is its position in Land.cells."""

    shape: Polygon
    kind: str
    floors: int
    dwellings: int
    cell: int
    name: str = ""
    estate: str = ""
    street: str = ""
    number: str = ""


@dataclass
class Block:
    """A block of the core with its use and, where it has one, its name."""

    shape: Polygon
    use: str
    name: str
    cells: list[int]


@lru_cache(maxsize=1)
def street_surface() -> Polygon:
    """Return the ground that streets take in the core."""
    return shapely.union_all(
        [s.line.buffer(HALF_WIDTH_M[s.kind], cap_style="flat", quad_segs=2) for s in core().streets]
    )


@lru_cache(maxsize=1)
def blocks() -> tuple[Block, ...]:
    """Give each block of the core its use: named places first, the rest by zone and chance."""
    urban, ground = core(), land()
    cells: list[list[int]] = [[] for _ in urban.blocks]
    for number, cell in enumerate(ground.cells):
        if cell.plot >= 0 and urban.plots[cell.plot].block >= 0:
            cells[urban.plots[cell.plot].block].append(number)
    use = [""] * len(urban.blocks)
    name = [""] * len(urban.blocks)
    for kind, called, u, v in SPECIAL:
        spot = Point(*at(u, v))
        free = [k for k, shape in enumerate(urban.blocks) if not use[k] and shape.area > 22000 and cells[k]]
        best = min(
            free, key=lambda k: (urban.blocks[k].distance(spot), urban.blocks[k].centroid.distance(spot))
        )
        use[best], name[best] = kind, called
    random, estates = chance("blocks"), _Estates()
    for k, shape in enumerate(urban.blocks):
        if not use[k]:
            use[k] = _use(shape, random)
            name[k] = estates.name(use[k])
    return tuple(Block(urban.blocks[k], use[k], name[k], cells[k]) for k in range(len(use)) if cells[k])


def _use(shape: Polygon, random: Random) -> str:
    u, v = uv(shape.centroid.x, shape.centroid.y)
    roll, edge = random.random(), core().outline.exterior.distance(shape.centroid)
    if abs(v) < 165:
        return "riverside"
    if shape.area < 9000:
        return "green" if roll < 0.5 else "mixed"
    if v < 0:
        if (u > 1350 and v < -500) or u < -700:
            table = (("industry", 0.5), ("residential_old", 0.8), ("storage", 0.9), ("residential_slab", 1.0))
        elif math.hypot(u - 500, v + 500) < 620:
            table = (
                ("residential_old", 0.5),
                ("mixed", 0.78),
                ("commercial", 0.9),
                ("office", 0.97),
                ("green", 1.0),
            )
        else:
            table = (
                ("residential_old", 0.45),
                ("residential_slab", 0.7),
                ("mixed", 0.85),
                ("residential_tower", 0.95),
            )
    elif edge < 420 and v > 1000:
        table = (("industry", 0.45), ("residential_tower", 0.65), ("building_site", 0.78), ("storage", 0.9))
    elif v < 560:
        table = (
            ("residential_tower", 0.55),
            ("commercial", 0.68),
            ("residential_slab", 0.9),
            ("green", 0.96),
        )
    else:
        table = (
            ("residential_slab", 0.36),
            ("residential_tower", 0.6),
            ("commercial", 0.7),
            ("office", 0.78),
            ("mixed", 0.9),
            ("building_site", 0.94),
        )
    return next((use for use, limit in table if roll < limit), "green")


class _Estates:
    """Names for estates, each once."""

    def __init__(self) -> None:
        self._new = [a + b for a in ESTATE_FIRST for b in ESTATE_LAST]
        self._old = [a + b for a in ESTATE_FIRST for b in OLD_LAST]
        chance("estates").shuffle(self._new)
        chance("old estates").shuffle(self._old)

    def name(self, use: str) -> str:
        if use == "residential_old":
            return self._old.pop()
        return self._new.pop() if use.startswith("residential") or use == "mixed" else ""


@lru_cache(maxsize=1)
def footprints() -> tuple[Footprint, ...]:
    """Set the core's buildings, in reading order of blocks and plots."""
    ground, found = land(), []
    streets = street_surface()
    shapely.prepare(streets)
    for number, block in enumerate(blocks()):
        if block.use not in KINDS:
            continue
        random = chance(f"block {number}")
        placed: list[Footprint] = []
        angle = _angle(block.shape, random)
        for cell in block.cells:
            inner = ground.cells[cell].shape.difference(streets).buffer(-4.0)
            placed += [
                Footprint(shape, *spec, cell)  # type: ignore[arg-type]
                for shape, spec in _rows(inner, block.use, angle, random)
            ]
        thin = SPARSE.get(block.use, 1.0)
        kept = [f for f in placed if random.random() < thin] or placed[:1]
        for position, footprint in enumerate(kept, 1):
            footprint.estate = block.name
            footprint.number = f"{position}栋" if footprint.dwellings else ""
            footprint.name = block.name if not footprint.dwellings else ""
        found += kept
    return tuple(found)


def _angle(shape: Polygon, random: Random) -> float:
    """Return the direction of a block's rows in degrees: its own axis that lies nearest to east and west."""
    corners = list(shapely.oriented_envelope(shape).exterior.coords)
    (ax, ay), (bx, by) = corners[0], corners[1]
    angle = math.degrees(math.atan2(by - ay, bx - ax)) % 90.0
    return (angle if angle < 45 else angle - 90) + random.uniform(-1.0, 1.0)


def _rows(
    inner: Polygon, use: str, angle: float, random: Random
) -> list[tuple[Polygon, tuple[str, int, int]]]:
    """Set rows of buildings inside a plot; a building that does not fit whole is tried at half its length."""
    kind, length, depth, gap, row_gap, low, high, a_floor = KINDS[use]
    found = []
    for part in getattr(inner, "geoms", [inner]):
        if part.is_empty or part.area < 250:
            continue
        centre = part.centroid
        flat = affinity.rotate(part, -angle, origin=centre)
        shapely.prepare(flat)
        west, south, east, north = flat.bounds
        rows = max(1, int((north - south + row_gap) // (depth + row_gap)))
        y = south + ((north - south) - rows * depth - (rows - 1) * row_gap) / 2
        for _ in range(rows):
            x = west + random.uniform(0, 4)
            while x + length / 2 <= east:
                for reach in (length, length / 2):
                    shape = box(x, y, x + reach, y + depth)
                    if x + reach <= east and flat.contains(shape):
                        floors = random.randint(low, high)
                        units = max(1, round(reach / 18)) if a_floor else 0
                        per_floor = 4 if use.endswith(("tower", "high")) else 2 * units
                        dwellings = floors * per_floor if a_floor else 0
                        found.append(
                            (affinity.rotate(shape, angle, origin=centre), (kind, floors, dwellings))
                        )
                        x += reach
                        break
                x += gap if found and x > west else 6
            y += depth + row_gap
    return found
