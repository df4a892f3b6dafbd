"""The street everything happens in: sky, houses, trees, carriageway, kerb and pavement, one for each seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from simulator.scenes.canvas import FAR_M, NEAR_M, OVERSAMPLING, WIDTH, Canvas, Colour, mix, shade

KERB_X = 0.9
WALL_X = -4.2
ROAD_END_X = 9.5
SKIES: dict[str, tuple[Colour, Colour]] = {
    "morning": ((150, 190, 224), (246, 226, 204)),
    "noon": ((104, 164, 222), (214, 232, 244)),
    "overcast": ((168, 180, 190), (218, 222, 224)),
    "dusk": ((92, 104, 158), (244, 182, 134)),
    "night": ((14, 22, 44), (46, 56, 84)),
}
FACADES: tuple[Colour, ...] = (
    (222, 208, 184),
    (206, 190, 172),
    (214, 216, 210),
    (192, 202, 206),
    (226, 214, 202),
    (198, 178, 160),
    (210, 196, 196),
)
SHOP_FRONTS: tuple[Colour, ...] = (
    (188, 62, 52),
    (42, 104, 150),
    (54, 124, 92),
    (214, 150, 62),
    (110, 84, 142),
    (230, 226, 214),
)


@dataclass(frozen=True)
class Street:
    """What stays the same between the picture of the trouble and the picture of it mended."""

    seed: int
    light: str

    def paint(self) -> Canvas:
        """Paint the empty street."""
        rng = random.Random(f"street {self.seed}")
        canvas = Canvas(horizon=rng.uniform(0.37, 0.43), vanishing=rng.uniform(0.42, 0.56))
        top, low = SKIES[self.light]
        _sky(canvas, rng, top, low, self.light)
        _skyline(canvas, rng, low)
        _ground(canvas, rng)
        _houses(canvas, rng, self.light, low)
        _far_side(canvas, rng, low)
        _trees(canvas, rng, self.light)
        return canvas


def _sky(canvas: Canvas, rng: random.Random, top: Colour, low: Colour, light: str) -> None:
    end = round(canvas.at(0, 0, FAR_M)[1]) + 4
    width = WIDTH * OVERSAMPLING
    for y in range(0, end, 4):
        canvas.draw.rectangle((0, y, width, y + 4), fill=mix(top, low, (y / end) ** 1.3))
    if light == "night":
        return
    for _ in range(rng.randint(2, 5)):
        left, top_y, size = rng.uniform(0, width), rng.uniform(0, end * 0.6), rng.uniform(120, 320)
        for _puff in range(7):
            puff_x, puff_y = left + rng.uniform(-size, size), top_y + rng.uniform(-size, size) * 0.12
            radius = size * rng.uniform(0.3, 0.6)
            box = (puff_x - radius, puff_y - radius * 0.3, puff_x + radius, puff_y + radius * 0.3)
            canvas.draw.ellipse(box, fill=(255, 255, 255, 34))


def _skyline(canvas: Canvas, rng: random.Random, haze: Colour) -> None:
    base = canvas.at(0, 0, FAR_M)[1]
    x = -60.0
    while x < WIDTH * OVERSAMPLING:
        width, height = rng.uniform(60, 190), rng.uniform(60, 330)
        colour = mix((120, 132, 146), haze, rng.uniform(0.45, 0.7))
        canvas.draw.rectangle((x, base - height, x + width, base + 6), fill=colour)
        x += width * rng.uniform(0.8, 1.5)


def _ground(canvas: Canvas, rng: random.Random) -> None:
    asphalt = shade((104, 106, 110), rng.uniform(0.88, 1.1))
    paving = rng.choice(((186, 178, 168), (170, 172, 172), (192, 172, 152)))
    canvas.ground(-40, 60, NEAR_M, FAR_M, shade(paving, 0.92))
    canvas.ground(KERB_X, ROAD_END_X, NEAR_M, FAR_M, asphalt)
    canvas.ground(WALL_X, KERB_X, NEAR_M, FAR_M, paving)
    seam = shade(paving, 0.88)
    step = rng.choice((0.5, 0.6, 0.8))
    x = WALL_X
    while x < KERB_X - 0.2:
        canvas.line([(x, 0, NEAR_M), (x, 0, 40)], seam, 0.006)
        x += step
    z = NEAR_M
    while z < 26:
        canvas.line([(WALL_X, 0, z), (KERB_X - 0.2, 0, z)], seam, 0.008)
        z += step
    guide = (214, 178, 74)
    canvas.ground(-1.9, -1.6, NEAR_M, 60, guide)
    z = NEAR_M
    while z < 18:
        canvas.line([(-1.9, 0, z), (-1.6, 0, z)], shade(guide, 0.85), 0.02)
        z += 0.3
    canvas.box(KERB_X - 0.18, KERB_X, -0.12, 0.02, NEAR_M, FAR_M, (200, 198, 192))
    canvas.wall(KERB_X, -0.12, 0.02, NEAR_M, FAR_M, (150, 148, 144))
    middle = (KERB_X + ROAD_END_X) / 2
    z = 4.0
    while z < 90:
        canvas.ground(middle - 0.07, middle + 0.07, z, z + 2.4, (226, 224, 214))
        z += 6.0
    canvas.ground(KERB_X + 0.35, KERB_X + 0.47, NEAR_M, 120, (222, 220, 210))
    for _ in range(rng.randint(2, 5)):
        x, z = rng.uniform(KERB_X + 0.8, 7), rng.uniform(4, 22)
        canvas.blotch(x, z, [rng.uniform(0.3, 0.9) for _ in range(12)], (*shade(asphalt, 0.9), 120))


def _houses(canvas: Canvas, rng: random.Random, light: str, haze: Colour) -> None:
    """Paint the row on the pavement's side, from far to near: shops below, flats above."""
    edges, z = [], 1.5
    while z < 80:
        depth = rng.uniform(6, 13)
        edges.append((z, z + depth, rng.uniform(8, 22), rng.choice(FACADES), rng.choice(SHOP_FRONTS)))
        z += depth + rng.choice((0.0, 0.0, 1.8))
    for near, far, height, facade, front in reversed(edges):
        colour = mix(facade, haze, min(0.5, near / 130))
        near = max(near, 1.6)
        canvas.upright(WALL_X - 14, WALL_X, 0, height, far, shade(colour, 0.86))
        _panel(canvas, near, far, 0, height, colour)
        _windows(canvas, rng, near, far, height, colour, light)
        _panel(canvas, near, far, 2.7, 3.4, mix(front, haze, min(0.4, near / 130)))
        z = near
        while z < far - 0.4:
            width = min(rng.uniform(2.2, 3.4), far - z)
            lit = light in {"night", "dusk"} and rng.random() < 0.45
            shutter = (226, 196, 130) if lit else rng.choice(((98, 112, 122), (132, 138, 140), (84, 96, 104)))
            _panel(canvas, z + 0.15, z + width - 0.15, 0.05, 2.6, mix(shutter, haze, min(0.35, near / 150)))
            z += width


def _panel(canvas: Canvas, near: float, far: float, low: float, high: float, fill: Colour) -> None:
    """Fill a rectangle of the house row, cut at the nearest depth that projects."""
    if far > NEAR_M:
        canvas.wall(WALL_X, low, high, max(near, NEAR_M), far, fill)


def _windows(
    canvas: Canvas, rng: random.Random, near: float, far: float, height: float, colour: Colour, light: str
) -> None:
    floor = 4.0
    while floor + 1.8 < height:
        z = near + 0.6
        while z + 1.4 < far:
            lit = (light == "night" and rng.random() < 0.4) or (light == "dusk" and rng.random() < 0.25)
            glass = (
                (250, 214, 140) if lit else rng.choice(((118, 138, 152), (104, 124, 140), (136, 150, 158)))
            )
            _panel(canvas, z, z + 1.4, floor, floor + 1.4, glass)
            _panel(canvas, z, z + 1.4, floor - 0.12, floor, shade(colour, 0.8))
            if rng.random() < 0.35:
                _panel(canvas, z + 1.5, min(z + 2.1, far), floor - 0.1, floor + 0.45, (222, 222, 218))
            z += 2.6
        floor += 3.0


def _far_side(canvas: Canvas, rng: random.Random, haze: Colour) -> None:
    z = 90.0
    while z > 14:
        depth, height = rng.uniform(8, 14), rng.uniform(9, 24)
        colour = mix(rng.choice(FACADES), haze, min(0.55, z / 120))
        left = ROAD_END_X + 3.2
        canvas.wall(left, 0, height, z - depth, z, shade(colour, 0.82))
        canvas.upright(left, left + 16, 0, height, z - depth, colour)
        floor = 3.4
        while floor + 1.6 < height:
            x = left + 0.8
            while x < left + 14:
                canvas.upright(x, x + 1.3, floor, floor + 1.4, z - depth, shade((116, 134, 148), 0.95))
                x += 2.5
            floor += 3.0
        z -= depth + rng.uniform(0, 3)


def _trees(canvas: Canvas, rng: random.Random, light: str) -> None:
    """Paint the avenue from far to near; the nearest tree stands beyond the spot the photo is about."""
    green = shade(rng.choice(((74, 118, 66), (86, 126, 58), (64, 108, 74))), 0.5 if light == "night" else 1.0)
    spacing = rng.uniform(7, 9)
    for number in range(9, 0, -1):
        z = 6.5 + number * spacing
        for x in (KERB_X - 0.75, ROAD_END_X + 0.8):
            tree(canvas, rng, x, z, green)


def tree(canvas: Canvas, rng: random.Random, x: float, z: float, green: Colour) -> None:
    """Paint one round-crowned street tree."""
    canvas.disc(x + 0.6, z, 1.5, (20, 30, 24, 60))
    canvas.upright(x - 0.11, x + 0.11, 0, 2.6, z, (98, 82, 66))
    for _ in range(26):
        dx, dy = rng.gauss(0, 0.75), rng.gauss(0, 0.62)
        size = rng.uniform(0.4, 0.8)
        tone = 0.82 + 0.34 * (dy + 1.2) / 2.4 + rng.uniform(-0.06, 0.06)
        canvas.ball(x + dx, 3.7 + dy, z, size, size * 0.85, shade(green, tone))
