"""Things that stand about in a street, whole or broken; troubles are composed of them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from simulator.scenes.canvas import Canvas, Colour, Paint, shade

IRON: Colour = (72, 74, 78)
CAR_COLOURS: tuple[Colour, ...] = (
    (232, 232, 230),
    (38, 40, 44),
    (150, 154, 158),
    (148, 36, 34),
    (34, 66, 116),
    (196, 188, 170),
)
BAG_COLOURS: tuple[Colour, ...] = ((40, 42, 48), (52, 54, 60), (206, 204, 198), (150, 40, 40), (52, 92, 140))


def uneven(rng: random.Random, radius: float, corners: int = 18, spread: float = 0.22) -> list[float]:
    """Return the radii of an uneven outline around `radius`."""
    return [radius * rng.uniform(1 - spread, 1 + spread) for _ in range(corners)]


def manhole_ring(canvas: Canvas, x: float, z: float) -> None:
    """Paint the iron ring that holds a cover."""
    canvas.disc(x, z, 0.52, (92, 92, 92))
    canvas.disc(x, z, 0.46, shade(IRON, 0.9))


def manhole_cover(canvas: Canvas, x: float, z: float, y: float = 0.012) -> None:
    """Paint a cover with its studs."""
    canvas.disc(x, z, 0.41, shade(IRON, 0.75), y=0)
    canvas.disc(x, z, 0.40, IRON, y=y)
    for ring, count in ((0.3, 14), (0.18, 9), (0.06, 3)):
        for number in range(count):
            turn = 2 * math.pi * number / count
            canvas.disc(x + ring * math.cos(turn), z + ring * math.sin(turn), 0.025, shade(IRON, 1.35), y=y)


def cone(canvas: Canvas, x: float, z: float) -> None:
    """Paint a traffic cone."""
    canvas.disc(x + 0.1, z, 0.3, (0, 0, 0, 60))
    canvas.box(x - 0.2, x + 0.2, 0, 0.04, z - 0.2, z + 0.2, (206, 82, 38))
    for low, high, half_low, half_high, colour in (
        (0.04, 0.26, 0.14, 0.105, (226, 92, 42)),
        (0.26, 0.42, 0.105, 0.075, (240, 238, 232)),
        (0.42, 0.7, 0.075, 0.025, (226, 92, 42)),
    ):
        canvas.face(
            [
                (x - half_low, low, z),
                (x - half_high, high, z),
                (x + half_high, high, z),
                (x + half_low, low, z),
            ],
            colour,
        )


def barrier(canvas: Canvas, x: float, z: float, width: float = 1.4) -> None:
    """Paint a red and white works barrier."""
    for side in (x, x + width):
        canvas.upright(side - 0.03, side + 0.03, 0, 0.95, z, (210, 208, 200))
    for low in (0.35, 0.7):
        part = width / 6
        for number in range(6):
            left = x + number * part
            canvas.upright(left, left + part, low, low + 0.2, z, ((204, 60, 48), (238, 236, 230))[number % 2])


def bag(canvas: Canvas, x: float, z: float, size: float, colour: Colour) -> None:
    """Paint a tied rubbish bag."""
    canvas.disc(x + 0.05, z, size * 0.9, (0, 0, 0, 70))
    canvas.ball(x, size * 0.55, z, size * 0.8, size * 0.62, colour)
    canvas.ball(x - size * 0.22, size * 0.72, z, size * 0.3, size * 0.24, shade(colour, 1.35))
    canvas.ball(x + size * 0.24, size * 0.4, z, size * 0.34, size * 0.26, shade(colour, 0.75))
    canvas.ball(x, size * 1.18, z, size * 0.16, size * 0.16, shade(colour, 0.85))


def bin_upright(canvas: Canvas, x: float, z: float, colour: Colour = (48, 110, 74)) -> None:
    """Paint a wheeled bin."""
    canvas.disc(x + 0.15, z, 0.5, (0, 0, 0, 60))
    canvas.box(x - 0.3, x + 0.3, 0.08, 0.98, z, z + 0.6, colour)
    canvas.box(x - 0.34, x + 0.34, 0.98, 1.06, z - 0.04, z + 0.64, shade(colour, 0.8))
    canvas.upright(x - 0.18, x + 0.18, 0.5, 0.78, z, shade(colour, 1.5))
    for wheel in (x - 0.22, x + 0.22):
        canvas.ball(wheel, 0.08, z, 0.08, 0.08, (30, 30, 32))


def bin_fallen(canvas: Canvas, x: float, z: float, colour: Colour = (48, 110, 74)) -> None:
    """Paint a bin lying on its side with the lid torn open."""
    canvas.ground(x - 0.7, x + 0.7, z - 0.1, z + 0.7, (0, 0, 0, 60))
    canvas.box(x - 0.45, x + 0.5, 0, 0.62, z, z + 0.6, colour)
    canvas.upright(x - 0.4, x - 0.1, 0.06, 0.56, z, shade(colour, 0.35))
    canvas.face(
        [(x - 0.45, 0, z), (x - 0.8, 0.05, z), (x - 0.84, 0.5, z), (x - 0.45, 0.6, z)], shade(colour, 0.7)
    )
    canvas.ball(x + 0.5, 0.12, z, 0.09, 0.12, (30, 30, 32))


def box_of_card(canvas: Canvas, x: float, z: float, size: float) -> None:
    """Paint a cardboard box."""
    canvas.box(x - size, x + size, 0, size * 1.3, z, z + size * 1.4, (184, 146, 98))
    canvas.upright(x - 0.03, x + 0.03, 0, size * 1.3, z, (210, 184, 140))


def litter(canvas: Canvas, rng: random.Random, x: float, z: float, spread: float, count: int) -> None:
    """Strew scraps of paper and plastic."""
    for _ in range(count):
        px, pz = x + rng.gauss(0, spread), z + rng.gauss(0, spread * 0.8)
        colour = rng.choice(((226, 224, 214), (196, 60, 52), (66, 120, 170), (214, 188, 88), (120, 132, 70)))
        canvas.blotch(px, max(pz, 2.7), uneven(rng, rng.uniform(0.03, 0.1), 6, 0.5), colour)


def car(canvas: Canvas, x: float, z: float, colour: Colour) -> None:
    """Paint a car seen from behind: boot, window, lamps, plate, wheels."""
    half, length = 0.88, 3.6
    canvas.ground(x - half - 0.1, x + half + 0.25, z - 0.15, z + length, (0, 0, 0, 80))
    for wheel in (x - half + 0.16, x + half - 0.16):
        canvas.box(wheel - 0.11, wheel + 0.11, 0, 0.42, z + 0.1, z + 0.5, (26, 26, 28))
    canvas.box(x - half, x + half, 0.24, 0.92, z, z + length, colour)
    roof = [(x - 0.66, 1.46, z + 1.0), (x + 0.66, 1.46, z + 1.0)]
    canvas.face([(x - half, 0.92, z + 0.35), *roof, (x + half, 0.92, z + 0.35)], shade(colour, 0.94))
    glass = [
        (x - 0.7, 0.98, z + 0.45),
        (x - 0.57, 1.38, z + 0.9),
        (x + 0.57, 1.38, z + 0.9),
        (x + 0.7, 0.98, z + 0.45),
    ]
    canvas.face(glass, (58, 70, 80))
    for left in (x - half + 0.04, x + half - 0.3):
        canvas.upright(left, left + 0.26, 0.68, 0.84, z, (176, 34, 32))
    canvas.upright(x - 0.24, x + 0.24, 0.52, 0.66, z, (44, 82, 156))
    canvas.upright(x - half, x + half, 0.24, 0.36, z, shade(colour, 0.45))


def bicycle(canvas: Canvas, x: float, z: float, colour: Colour, lean: float = 0.0) -> None:
    """Paint a shared bicycle across the eye; `lean` tips it over (0 upright, 1 lying)."""
    lift = 1.0 - 0.82 * lean
    for wheel in (x - 0.5, x + 0.5):
        left, top = canvas.at(wheel - 0.31, 0.62 * lift, z)
        right, bottom = canvas.at(wheel + 0.31, 0, z)
        width = max(2, round(0.035 * canvas.metre(z)))
        canvas.draw.ellipse((left, top, right, bottom), outline=(34, 34, 36), width=width)
    frame: Sequence[tuple[float, float]] = (
        (-0.5, 0.31),
        (-0.12, 0.32),
        (0.36, 0.74),
        (-0.2, 0.74),
        (-0.12, 0.32),
    )
    canvas.line([(x + dx, dy * lift, z) for dx, dy in frame], colour, 0.055)
    canvas.line([(x - 0.5, 0.31 * lift, z), (x - 0.2, 0.74 * lift, z)], colour, 0.04)
    canvas.line([(x + 0.5, 0.31 * lift, z), (x + 0.36, 0.98 * lift, z)], shade(colour, 0.8), 0.045)
    canvas.line([(x + 0.24, 0.98 * lift, z), (x + 0.42, 1.0 * lift, z)], (40, 40, 42), 0.04)
    canvas.line([(x - 0.32, 0.84 * lift, z), (x - 0.08, 0.84 * lift, z)], (40, 40, 42), 0.07)
    canvas.face(
        [
            (x + 0.3, 0.72 * lift, z),
            (x + 0.62, 0.72 * lift, z),
            (x + 0.58, 0.92 * lift, z),
            (x + 0.3, 0.92 * lift, z),
        ],
        shade(colour, 0.9),
    )


def lamp_post(canvas: Canvas, x: float, z: float, *, lit: bool, leaning: float = 0.0) -> None:
    """Paint a street lamp; a lit one sheds its cone of light."""
    height = 6.2
    top = x + leaning * height
    canvas.line([(x, 0, z), (top, height, z)], (84, 90, 96), 0.12)
    canvas.line([(top, height, z), (top + 1.2, height + 0.25, z)], (84, 90, 96), 0.08)
    if lit:
        for size, strength in ((2.4, 16), (1.5, 24), (0.9, 46), (0.45, 90)):
            canvas.ball(top + 1.2, height + 0.1, z, size, size, (255, 226, 160, strength))
        canvas.disc(top + 1.2, z, 2.6, (255, 222, 150, 46))
        canvas.disc(top + 1.2, z, 1.6, (255, 222, 150, 46))
    canvas.ball(top + 1.2, height + 0.2, z, 0.34, 0.12, (255, 242, 206) if lit else (62, 66, 72))


def railing(canvas: Canvas, z0: float, z1: float, x: float, gap: tuple[float, float] | None = None) -> None:
    """Paint the white guard rail along the kerb; between the two depths of `gap` it is missing."""
    z = z1
    while z > z0:
        if gap is None or not gap[0] < z < gap[1]:
            canvas.line([(x, 0, z), (x, 0.92, z)], (206, 210, 210), 0.022)
        z -= 0.34
    stretches = [(z0, z1)] if gap is None else [(gap[1], z1), (z0, gap[0])]
    for near, far in stretches:
        if far > near:
            for height in (0.2, 0.9):
                canvas.line([(x, height, near), (x, height, far)], (238, 240, 240), 0.06)


def puddle(canvas: Canvas, rng: random.Random, x: float, z: float, size: float, water: Paint) -> None:
    """Paint standing water with the sky in it."""
    outline = uneven(rng, size, 26, 0.16)
    canvas.blotch(x, z, [radius * 1.05 for radius in outline], (60, 62, 64, 150))
    canvas.blotch(x, z, outline, water)
    for _ in range(5):
        canvas.blotch(
            x + rng.uniform(-0.5, 0.5) * size,
            z + rng.uniform(-0.4, 0.4) * size,
            uneven(rng, size * rng.uniform(0.1, 0.28), 14),
            (226, 236, 242, 60),
        )
