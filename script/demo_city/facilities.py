"""Facilities and small municipal components (部件), 示意: positions are plausible, names of offices are real kinds."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from random import Random

import shapely
from shapely.geometry import Point

from script.demo_city.blocks import Block, blocks, street_surface
from script.demo_city.cells import land
from script.demo_city.components import Facility, Numbers, components, is_dry
from script.demo_city.core import Street, at, core
from script.demo_city.country import hamlets, roads
from script.demo_city.frame import chance, divisions, point_m
from script.demo_city.grids import grids
from script.demo_city.register import buildings
from script.demo_city.towns import dry, settlements

BLOCK_KINDS = {
    "government": ("government", "command"),
    "service_hall": ("service_hall", "command"),
    "command": ("command_centre", "command"),
    "hospital": ("hospital", "health"),
    "school": ("school", ""),
    "park": ("park", "parks"),
    "sports": ("sports", ""),
    "market": ("market", "market"),
    "station": ("bus_station", "traffic-police"),
    "culture": ("culture", ""),
    "compound_old": ("estate", "housing"),
    "compound_high": ("estate", "housing"),
}


IN_CORE = {"510185001": at(700, -820), "510185002": at(60, 860)}  # the seats of the two towns of the core


@lru_cache(maxsize=1)
def facilities() -> tuple[Facility, ...]:
    """Place everything, kinds in a fixed order."""
    numbers = Numbers()
    found = _of_blocks(numbers)
    found += _pocket_parks(numbers)
    found += _of_towns(numbers)
    found += _party_service(numbers)
    found += _along_streets(numbers)
    found += _regional(numbers)
    found += components(numbers)
    return tuple(found)


def _of_blocks(numbers: Numbers) -> list[Facility]:
    found = []
    for block in blocks():
        if block.use in BLOCK_KINDS:
            kind, department = BLOCK_KINDS[block.use]
            found.append(_in_block(numbers, kind, block, department))
        elif block.use in ("residential_slab", "residential_tower", "residential_old"):
            found.append(_in_block(numbers, "estate", block, "housing"))
    extra = (
        ("police", "简城派出所", 620, -560), ("police", "射洪坝派出所", 180, 700),
        ("police", "雄州路派出所", -900, 1400),
        ("fire_station", "雄州大道消防救援站", -1150, 1560), ("fire_station", "建设路消防救援站", 1250, -850),
        ("gas_site", "简阳燃气储配站", -1750, 1650), ("gas_site", "筒车路燃气调压站", 1180, 930),
        ("gas_site", "建设路燃气调压站", 480, -900), ("gas_station", "人民路加油站", -1480, 900),
        ("gas_station", "雄州大道加油站", 1650, 1480), ("gas_station", "鳌山路加油站", 1700, -1250),
        ("clinic", "简城社区卫生服务中心", 980, -380), ("clinic", "射洪坝社区卫生服务中心", -250, 540),
        ("shelter", "体育中心应急避难场所", 1180, 1300), ("shelter", "鳌山公园应急避难场所", 860, -1150),
        ("court", "简阳市人民法院", -1000, 1040), ("traffic_police", "交通警察大队指挥中心", 900, 1450),
    )  # fmt: skip
    departments = {"gas_site": "gas", "traffic_police": "traffic-police", "clinic": "health"}
    for kind, name, u, v in extra:
        spot = _near_building(Point(*at(u, v)))
        found.append(Facility(numbers.next(kind), kind, name, spot, departments.get(kind, "")))
    return found


def _in_block(numbers: Numbers, kind: str, block: Block, department: str) -> Facility:
    area = block.shape.difference(street_surface()).buffer(-3).buffer(1)
    area = max(getattr(area, "geoms", [area]), key=lambda part: part.area).simplify(1.0)
    return Facility(numbers.next(kind), kind, block.name, area.representative_point(), department, area=area)


@lru_cache(maxsize=1)
def _building_tree() -> shapely.STRtree:
    return shapely.STRtree([b.shape for b in buildings()])


def _near_building(spot: Point) -> Point:
    return buildings()[int(_building_tree().nearest(spot))].shape.centroid


def _pocket_parks(numbers: Numbers) -> list[Facility]:
    """Set ten small gardens of about 2,700 m² each, the first beside 鳌山路."""
    names = [
        "鳌山路",
        "建设路",
        "人民路",
        "印鳌路",
        "解放路",
        "政府街",
        "筒车路",
        "射洪路",
        "红塔路",
        "雄州大道",
    ]
    streets = street_surface()
    blocked = shapely.STRtree([b.shape for b in buildings()])
    found = []
    for name in names:
        random = chance(f"garden {name}")
        lines = [s.line for s in core().streets if s.name == name]
        for _ in range(400):
            line = random.choice(lines)
            spot = line.interpolate(random.uniform(0.1, 0.9), normalized=True)
            turn = random.choice((-1, 1))
            x, y = spot.x + turn * random.uniform(45, 70), spot.y + random.uniform(-60, 60)
            garden = Point(x, y).buffer(29.5, quad_segs=6)
            if streets.intersects(garden) or not core().outline.contains(garden):
                continue
            if not len(blocked.query(garden, predicate="intersects")):
                kind, label = "pocket_park", f"{name}小游园·微绿地"
                found.append(Facility(numbers.next(kind), kind, label, Point(x, y), "parks", area=garden))
                break
    return found


def _of_towns(numbers: Numbers) -> list[Facility]:
    """Give each town unit of today its office, service centre, police station, clinic, schools and petrol."""
    names = {r["code"]: r["name_zh"] for r in divisions() if r["level"] == "town" and not r["valid_to"]}
    seats = {t.seat_of: t for t in settlements() if t.seat_of}
    found = []
    for code, name in sorted(names.items()):
        random = chance(f"offices {code}")
        short = name.removesuffix("街道").removesuffix("镇")
        office = "街道办事处" if name.endswith("街道") else "人民政府"
        office_name = name.removesuffix("街道") + office
        kinds = [
            ("town_office", office_name, f"town-{code}"),
            ("town_service", f"{name}便民服务中心", f"town-{code}"),
        ]
        if code in seats:
            kinds += [
                ("police", f"{short}派出所", ""),
                ("clinic", f"{short}中心卫生院", "health"),
                ("school", f"{short}中心小学", ""),
                ("school", f"{short}初级中学", ""),
                ("kindergarten", f"{short}幼儿园", ""),
                ("market", f"{short}农贸市场", "market"),
                ("bus_station", f"{short}汽车站", ""),
                ("gas_station", f"{short}加油站", ""),
                ("shelter", f"{short}应急避难场所", ""),
            ]
        for kind, label, department in kinds:
            if code in seats:
                spot = _beside(seats[code].streets, random)
            else:
                x, y = IN_CORE[code]
                spot = _near_building(Point(x + random.uniform(-90, 90), y + random.uniform(-90, 90)))
            found.append(Facility(numbers.next(kind), kind, label, spot, department))
    return found


def _beside(streets: list[Street], random: Random) -> Point:
    street = random.choice(streets)
    spot = street.line.interpolate(random.uniform(0.15, 0.85), normalized=True)
    return _near_building(Point(spot.x + random.uniform(-20, 20), spot.y + random.uniform(-20, 20)))


def _party_service(numbers: Numbers) -> list[Facility]:
    """Give each village its 党群服务中心, by the hamlet of the village of 2019 whose name it kept."""
    ground = land()
    places = dict(hamlets())
    cell_old = {g.code: ground.cells[g.cells[0]].old_village for g in grids().general}
    found = []
    for village in ground.new:
        own = [g for g in grids().general if g.parent == village["code"]]
        kept = [
            g
            for g in own
            if not g.urban and ground.old[cell_old[g.code]]["successor_codes"] == village["code"]
        ]
        country = kept or [g for g in own if not g.urban]
        random = chance(f"party {village['code']}")
        if country:
            spot = places[country[0].code]
            place = Point(spot.x + random.uniform(-25, 25), spot.y + random.uniform(-25, 25))
            place = place if country[0].shape.contains(place) and dry().contains(place) else spot
        else:
            middle = shapely.coverage_union_all([g.shape for g in own]).representative_point()
            place = _near_building(middle)
        code = numbers.next("party_service")
        name = f"{village['name_zh']}党群服务中心"
        found.append(Facility(code, "party_service", name, place, f"town-{village['code'][:9]}"))
    return found


def _along_streets(numbers: Numbers) -> list[Facility]:
    """Set bus stops along arteries and large streets, named after the crossing, and public toilets."""
    found: list[Facility] = []
    named = [s for s in core().streets if s.name]
    tree = shapely.STRtree([s.line for s in named])
    used: Counter[str] = Counter()
    for street in core().streets:
        if street.kind not in ("arterial", "secondary") or not street.name:
            continue
        random = chance(f"stops {street.name} {street.line.length:.0f}")
        where = 160.0
        while where < street.line.length - 120:
            spot = street.line.interpolate(where)
            where += 430
            if any(spot.distance(f.spot) < 230 for f in found) or not is_dry(spot):
                continue
            name = _stop_name(street.name, spot, named, tree)
            used[name] += 1
            name = f"{name}站{used[name]}" if used[name] > 1 else f"{name}站"
            found.append(Facility(numbers.next("bus_stop"), "bus_stop", name, spot, "traffic-police"))
            place = Point(spot.x + 24, spot.y + 18)
            if random.random() < 0.22 and is_dry(place):
                label = f"{street.name}公厕{numbers.count('toilet') + 1}"
                found.append(Facility(numbers.next("toilet"), "toilet", label, place, "urban-management"))
    return found


def _stop_name(own: str, spot: Point, named: list[Street], tree: shapely.STRtree) -> str:
    """Name a stop after its street and the nearest street that crosses."""
    near = tree.query(spot.buffer(260)).tolist()
    others = sorted((named[k].line.distance(spot), named[k].name) for k in near if named[k].name != own)
    return f"{own}·{others[0][1]}" if others else own


def _regional(numbers: Numbers) -> list[Facility]:
    """Place what lies outside the core and is known to everyone; the airport's position is a public fact."""
    known = (
        ("airport", "成都天府国际机场", 104.4410, 30.3125),
        ("rail_station", "简阳南站", 104.5735, 30.3330),
        ("gas_site", "简阳燃气门站", 104.4950, 30.4290),
    )
    departments = {"gas_site": "gas"}
    found = [
        Facility(numbers.next(kind), kind, name, Point(*point_m(lon, lat)), departments.get(kind, ""))
        for kind, name, lon, lat in known
    ]
    track = next(s.line for s in roads() if s.name == "成渝铁路")
    spot = track.interpolate(track.project(core().outline.centroid))
    return [*found, Facility(numbers.next("rail_station"), "rail_station", "简阳站", spot)]
