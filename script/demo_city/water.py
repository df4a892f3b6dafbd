"""Rivers and the lake, all 示意: plausible courses through real town positions, not surveyed banks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from script.demo_city.frame import boundary_m, chance, point_m

TUO_COURSE = (
    (104.5490, 30.6600), (104.5440, 30.6270), (104.5290, 30.6050), (104.5330, 30.5800), (104.5080, 30.5620),
    (104.4985, 30.5420), (104.5060, 30.5230), (104.4960, 30.5050), (104.5120, 30.4900), (104.5400, 30.4800),
    (104.5560, 30.4660), (104.5480, 30.4520), (104.5290, 30.4440), (104.5235, 30.4330), (104.5305, 30.4190),
    (104.5355, 30.4095), (104.5432, 30.4000), (104.5520, 30.3925), (104.5572, 30.3830), (104.5560, 30.3710),
    (104.5660, 30.3610), (104.5860, 30.3560), (104.6060, 30.3500), (104.6190, 30.3370), (104.6150, 30.3210),
    (104.5990, 30.3110), (104.5900, 30.2960), (104.6030, 30.2820), (104.6220, 30.2720), (104.6190, 30.2560),
    (104.6300, 30.2300),
)  # fmt: skip
JIANGXI_COURSE = (
    (104.2480, 30.4150), (104.2900, 30.4060), (104.3360, 30.4170), (104.3700, 30.4080), (104.4000, 30.4130),
    (104.4330, 30.4020), (104.4620, 30.4080), (104.4880, 30.3950), (104.5060, 30.3990), (104.5200, 30.3960),
    (104.5300, 30.4030), (104.5385, 30.4060),
)  # fmt: skip
YANGHUA_COURSE = (
    (104.8850, 30.4600), (104.8500, 30.4480), (104.8200, 30.4300), (104.7900, 30.4320), (104.7600, 30.4080),
    (104.7250, 30.4020), (104.7000, 30.3820), (104.6700, 30.3760), (104.6450, 30.3620), (104.6170, 30.3400),
)  # fmt: skip
LAKE_CENTRE, LAKE_AREA_KM2 = (104.2745, 30.2860), 23.0


@dataclass(frozen=True)
class Water:
    """One water body: `shape` is its surface in metres, `course` the middle line of a river."""

    code: str
    kind: str
    name: str
    shape: Polygon | MultiPolygon
    course: LineString | None = None


def curve(points: list[tuple[float, float]], step: int = 12) -> LineString:
    """Draw a smooth line through points (Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    line = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for k in range(step):
            t = k / step
            line.append(
                tuple(
                    0.5
                    * (
                        2 * b
                        + (c - a) * t
                        + (2 * a - 5 * b + 4 * c - d) * t**2
                        + (3 * b - a - 3 * c + d) * t**3
                    )
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return LineString([*line, points[-1]])


def wander(line: LineString, amplitude_m: float, every_m: float, topic: str) -> LineString:
    """Bend a line sideways by slow waves, less at its ends, as a stream or a country road does."""
    random = chance(topic)
    waves = [
        (random.uniform(0.8, 2.6) * every_m, random.uniform(0, 6.28), random.uniform(0.3, 1.0))
        for _ in range(4)
    ]
    total = line.length
    points = []
    count = max(2, int(total / (every_m / 6)))
    for k in range(count + 1):
        at = total * k / count
        here, ahead = line.interpolate(at), line.interpolate(min(total, at + 1.0))
        back = line.interpolate(max(0.0, at - 1.0))
        dx, dy = ahead.x - back.x, ahead.y - back.y
        size = math.sqrt(dx * dx + dy * dy) or 1.0
        ease = min(1.0, at / (every_m * 0.8), (total - at) / (every_m * 0.8))
        shift = (
            amplitude_m
            * ease
            * sum(w * math.sin(at / length * 6.2832 + phase) for length, phase, w in waves)
            / 2
        )
        points.append((here.x - dy / size * shift, here.y + dx / size * shift))
    return curve(points, 3).simplify(2.5)


@lru_cache(maxsize=1)
def tuo_course() -> LineString:
    """Return the middle line of 沱江."""
    return curve([point_m(*p) for p in TUO_COURSE])


@lru_cache(maxsize=1)
def waters() -> tuple[Water, ...]:
    """Return all water bodies, cut to the city."""
    city = boundary_m()
    tuo, jiangxi = tuo_course(), curve([point_m(*p) for p in JIANGXI_COURSE])
    yanghua = wander(curve([point_m(*p) for p in YANGHUA_COURSE]), 160, 1500, "yanghua")
    rivers = [
        ("tuo", "沱江", tuo, 96.0),
        ("jiangxi", "绛溪河", jiangxi, 26.0),
        ("yanghua", "阳化河", yanghua, 22.0),
    ]
    found = []
    surfaces = Polygon()
    for code, name, course, half_width_m in rivers:
        surface = (
            course.buffer(half_width_m, quad_segs=4).simplify(2.0).intersection(city).difference(surfaces)
        )
        surfaces = shapely.union(surfaces, surface)
        found.append(Water(code, "river", name, surface, course.intersection(city)))
    found.append(Water("sancha", "lake", "三岔湖", lake(city)))
    return tuple(found)


def lake(city: Polygon) -> Polygon | MultiPolygon:
    """Grow a branching reservoir: arms walk into side valleys until the lake has its area; a few islands stay."""
    random = chance("lake")
    x, y = point_m(*LAKE_CENTRE)
    shore = city.buffer(-500)
    trunk = [(x + 520 * math.sin(k / 2.6) - 120 * k / 9, y + k * 360.0) for k in range(-9, 10)]
    water = curve(trunk, 4).buffer(430, quad_segs=6).intersection(shore)
    for _ in range(300):
        if water.area > LAKE_AREA_KM2 * 1e6:
            break
        walk = [random.choice(trunk[1:-1])]
        heading = random.choice((0.0, math.pi)) + random.uniform(-0.7, 0.7)
        width = random.uniform(150, 330)
        for _ in range(random.randint(5, 9)):
            heading += random.uniform(-0.5, 0.5)
            step = random.uniform(220, 380)
            walk.append((walk[-1][0] + step * math.cos(heading), walk[-1][1] + step * math.sin(heading)))
            arm = LineString(walk[-2:]).buffer(width, quad_segs=5)
            water = shapely.union(water, arm).intersection(shore)
            width *= random.uniform(0.68, 0.95)
            if random.random() < 0.3:
                fork = heading + random.choice((-1, 1)) * random.uniform(0.7, 1.2)
                tip = (walk[-1][0] + 420 * math.cos(fork), walk[-1][1] + 420 * math.sin(fork))
                twig = LineString([walk[-1], tip]).buffer(0.55 * width, quad_segs=4)
                water = shapely.union(water, twig).intersection(shore)
    islands = []
    for _ in range(40):
        spot = Point(x + random.uniform(-1900, 1900), y + random.uniform(-3000, 3000))
        islands.append(spot.buffer(random.uniform(40, 170), quad_segs=4))
    inside = [island for island in islands if water.contains(island.buffer(90))]
    cut = water.difference(shapely.union_all(inside)).buffer(60).buffer(-110).buffer(50).simplify(9)
    return max(cut.geoms, key=lambda part: part.area) if isinstance(cut, MultiPolygon) else cut
