"""Small municipal components (部件), 示意: manholes, gullies, lamps, bins and signs along the core's streets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shapely.geometry import Point, Polygon

from script.demo_city.core import core
from script.demo_city.frame import chance
from script.demo_city.water import waters

COMPONENTS = (
    # class, name, owner, share, metres from the street's middle
    ("0101", "上水井盖", "water", 0.10, 6.0),
    ("0102", "污水井盖", "urban-management", 0.17, 4.0),
    ("0103", "雨水井盖", "urban-management", 0.15, 5.0),
    ("0104", "雨水箅子", "urban-management", 0.06, 8.5),
    ("0105", "电力井盖", "power", 0.09, 7.5),
    ("0107", "通信井盖", "telecom", 0.09, 8.0),
    ("0111", "燃气井盖", "gas", 0.06, 7.0),
    ("0118", "路灯", "urban-management", 0.14, 10.5),
    ("0305", "果皮箱", "urban-management", 0.08, 11.0),
    ("0209", "交通标志牌", "traffic-police", 0.04, 10.0),
)
COMPONENT_EVERY_M = 62.0


@dataclass
class Facility:
    """One facility or component; `spot` in metres."""

    code: str
    kind: str
    name: str
    spot: Point
    department: str = ""
    class_code: str = ""
    address: str = ""
    area: Polygon | None = None


class Numbers:
    """Codes that count up within a kind."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()

    def next(self, kind: str) -> str:
        self._last[kind] += 1
        return f"{kind}-{self._last[kind]:04d}"

    def count(self, kind: str) -> int:
        return self._last[kind]

    def component(self, class_code: str) -> str:
        self._last[class_code] += 1
        return f"510185{class_code}{self._last[class_code]:06d}"


def is_dry(spot: Point) -> bool:
    return not any(w.shape.contains(spot) for w in waters())


def components(numbers: Numbers) -> list[Facility]:
    """Set manholes, gullies, lamps, bins and signs along the core's named streets."""
    found = []
    random = chance("components")
    weights = [row[3] for row in COMPONENTS]
    for street in core().streets:
        if not street.name or street.line.length < 90:
            continue
        where = random.uniform(10, COMPONENT_EVERY_M)
        while where < street.line.length:
            class_code, name, owner, _, aside = random.choices(COMPONENTS, weights)[0]
            spot, ahead = street.line.interpolate(where), street.line.interpolate(where + 1)
            size = spot.distance(ahead) or 1.0
            side = random.choice((-aside, aside)) if class_code >= "0104" else random.uniform(-aside, aside)
            place = Point(
                spot.x - (ahead.y - spot.y) / size * side, spot.y + (ahead.x - spot.x) / size * side
            )
            where += (
                COMPONENT_EVERY_M * random.uniform(0.5, 1.5) * (1.0 if street.kind == "arterial" else 1.4)
            )
            if is_dry(place) and core().outline.contains(place):
                code = numbers.component(class_code)
                found.append(Facility(code, "component", name, place, owner, class_code, street.name))
    return found
