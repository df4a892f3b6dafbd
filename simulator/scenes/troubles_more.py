"""More of what goes wrong: green, works, cables, rails, signs, smoke, water."""

from __future__ import annotations

import random

from simulator.scenes import things
from simulator.scenes.canvas import Canvas, Colour, shade
from simulator.scenes.street import KERB_X, ROAD_END_X, WALL_X, tree


def fallen_tree(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A street tree across the kerb; mended, a young one between its stakes."""
    x, z = rng.uniform(-0.6, 0.1), rng.uniform(5.4, 6.2)
    canvas.ground(x - 0.6, x + 0.6, z - 0.5, z + 0.6, (92, 76, 58))
    if mended:
        tree(canvas, rng, x, z, (98, 148, 74))
        for stake in (x - 0.4, x + 0.4):
            canvas.line([(stake, 0, z - 0.1), (x, 1.7, z - 0.1)], (158, 128, 92), 0.06)
        return
    canvas.line([(x, 0.1, z), (x + 3.4, 0.35, z - 0.6)], (92, 74, 58), 0.26)
    canvas.line([(x + 1.6, 0.25, z - 0.3), (x + 2.6, 0.9, z - 0.2)], (92, 74, 58), 0.12)
    for _ in range(70):
        size = rng.uniform(0.14, 0.36)
        canvas.ball(
            x + 2.9 + rng.gauss(0, 0.75),
            max(size * 0.5, 0.45 + rng.gauss(0, 0.32)),
            z - 0.6 + rng.uniform(-0.5, 0.3),
            size,
            size * 0.8,
            shade((74, 118, 60), rng.uniform(0.7, 1.25)),
        )


def works(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Sand and rubble left open on the carriageway; mended, covered and fenced."""
    x, z = rng.uniform(2.4, 3.0), rng.uniform(6.2, 7.0)
    heap: Colour = (96, 142, 98) if mended else (186, 162, 122)
    canvas.ground(x - 2.0, x + 2.2, z - 0.8, z + 1.4, (0, 0, 0, 50))
    for level in range(12):
        share = level / 12
        half = 1.9 * (1 - share) ** 0.8
        canvas.ball(x + 0.1 * share, 0.1 + share * 1.2, z + 0.3, half, 0.24, shade(heap, 0.82 + share * 0.3))
    if mended:
        for number in range(3):
            things.barrier(canvas, x - 2.2 + number * 1.55, z - 0.9)
        return
    for _ in range(50):
        px, pz = x + rng.gauss(0, 1.5), z - 0.6 + rng.gauss(0, 0.6)
        canvas.blotch(px, max(pz, 2.8), things.uneven(rng, rng.uniform(0.03, 0.12), 7), shade(heap, 0.85))
    for _ in range(16):
        size = rng.uniform(0.8, 2.0)
        canvas.ball(x + rng.gauss(0, 1.6), 1.4 + rng.gauss(0, 0.6), z, size, size * 0.45, (206, 190, 160, 16))


def cable(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Aerial cables sagging to head height; mended, tight and bundled."""
    near, far = rng.uniform(5.6, 6.4), 22.0
    x = KERB_X - 1.0
    for z in (far, near):
        canvas.line([(x, 0, z), (x, 7.0, z)], (130, 122, 112), 0.2)
        canvas.line([(x - 0.7, 6.4, z), (x + 0.7, 6.4, z)], (110, 104, 98), 0.08)
    count = 2 if mended else 6
    for number in range(count):
        sag = 0.4 if mended else rng.uniform(1.2, 5.2)
        side = x + (0.05 * number if mended else rng.uniform(-0.8, 0.9))
        points = []
        for step in range(25):
            share = step / 24
            drop = sag * 4 * share * (1 - share)
            points.append((x + (side - x) * 4 * share * (1 - share), 6.3 - drop, near + (far - near) * share))
        canvas.line(points, (26, 26, 28), 0.05)
    if not mended:
        end = x - rng.uniform(0.7, 1.4)
        canvas.line(
            [
                (x, 6.3, near),
                (x - 0.3, 3.4, near - 0.1),
                (end, 0.4, near - 0.6),
                (end - 0.3, 0.05, near - 0.8),
            ],
            (22, 22, 24),
            0.05,
        )


def rail(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A guard rail with a torn-out stretch."""
    x, gap = KERB_X + 0.1, (rng.uniform(4.8, 5.4), rng.uniform(7.6, 9.0))
    things.railing(canvas, 3.2, 26, x, None if mended else gap)
    if not mended:
        for height in (0.1, 0.34):
            canvas.line(
                [(x + 0.2, height, gap[1] - 0.3), (x + 1.3, height * 0.3, gap[0] + 0.4)],
                (226, 228, 228),
                0.06,
            )
        for number in range(7):
            z = gap[0] + 0.4 + number * (gap[1] - gap[0] - 0.8) / 7
            canvas.line([(x + 0.3, 0.05, z), (x + 1.2, 0.05, z - 0.1)], (206, 208, 208), 0.035)


def sign(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A traffic sign bent over."""
    x, z = rng.uniform(-0.3, 0.3), rng.uniform(6.0, 7.0)
    plate: Colour = rng.choice(((36, 90, 160), (200, 52, 44)))
    lean = 0.0 if mended else rng.choice((-1, 1)) * rng.uniform(0.28, 0.42)
    top = x + lean * 2.6
    canvas.disc(x, z, 0.28, (140, 138, 134))
    canvas.line([(x, 0, z), (top, 2.7, z)], (170, 174, 178), 0.08)
    canvas.ball(top, 2.75, z - 0.02, 0.42, 0.42, (238, 238, 234))
    canvas.ball(top, 2.75, z - 0.03, 0.38, 0.38, plate)
    canvas.line(
        [(top - 0.2, 2.75 - lean * 0.3, z - 0.04), (top + 0.2, 2.75 + lean * 0.3, z - 0.04)],
        (240, 240, 238),
        0.1,
    )
    if not mended:
        canvas.blotch(x, z - 0.1, things.uneven(rng, 0.5, 14), (150, 142, 132))


def smoke(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Leaves burnt by the roadside; mended, only the damp mark is left."""
    x, z = rng.uniform(-1.4, -0.4), rng.uniform(6.0, 7.0)
    canvas.blotch(x, z, things.uneven(rng, 0.9, 18), (52, 48, 46, 90 if mended else 220))
    if mended:
        things.bin_upright(canvas, x + 1.4, z + 0.6)
        return
    for _ in range(24):
        size = rng.uniform(0.06, 0.16)
        glow = rng.choice(((226, 110, 40), (246, 176, 62), (60, 50, 44), (90, 74, 56)))
        canvas.ball(x + rng.gauss(0, 0.4), rng.uniform(0.05, 0.3), z, size, size, glow)
    for number in range(46):
        height = 0.3 + number * 0.09
        size = 0.25 + number * 0.03
        canvas.ball(x + number * 0.03 + rng.gauss(0, 0.2), height, z, size, size * 0.8, (206, 206, 204, 34))


def green_dirty(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A flower bed trodden bare and full of litter; mended, hedge and flowers."""
    left, right, near, far = -3.6, -1.0, 4.4, 11.0
    canvas.box(left, right, 0, 0.22, near, far, (166, 160, 150))
    canvas.ground(left + 0.14, right - 0.14, near + 0.14, far, (104, 84, 62), y=0.22)
    depth = far - 0.3
    while depth > near + 0.2:
        x = left + 0.35
        while x < right - 0.3:
            if mended or rng.random() < 0.25:
                size = 0.26 if mended else 0.16
                green = shade((72, 128, 64), rng.uniform(0.8, 1.2)) if mended else (140, 132, 78)
                canvas.ball(x, 0.22 + size * 0.7, depth, size, size * 0.9, green)
                if mended and rng.random() < 0.35:
                    flower = rng.choice(((226, 90, 110), (244, 206, 80), (240, 240, 236)))
                    canvas.ball(x, 0.52, depth, 0.07, 0.06, flower)
            x += 0.36
        depth -= 0.36
    if not mended:
        for _ in range(4):
            things.bag(
                canvas, rng.uniform(left + 0.4, right - 0.3), rng.uniform(near + 0.3, 7), 0.2, (206, 204, 198)
            )
        things.litter(canvas, rng, -2.2, 4.9, 0.9, 26)


def hanging_laundry(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Quilts hung between the street trees."""
    z = rng.uniform(6.0, 6.8)
    for post in (-2.8, 0.2):
        canvas.line([(post, 0, z), (post, 2.4, z)], (108, 92, 76), 0.12)
    if mended:
        return
    canvas.line([(-2.8, 2.2, z), (-1.3, 2.05, z), (0.2, 2.2, z)], (60, 60, 62), 0.03)
    x = -2.6
    while x < -0.2:
        width = rng.uniform(0.5, 0.9)
        cloth: Colour = rng.choice(
            ((206, 96, 110), (110, 150, 196), (232, 222, 196), (148, 178, 120), (190, 160, 200))
        )
        low = rng.uniform(0.6, 1.1)
        canvas.upright(x, x + width, low, 2.1, z - 0.02, cloth)
        for number in range(3):
            stripe = x + width * (0.2 + 0.28 * number)
            canvas.upright(stripe, stripe + width * 0.08, low, 2.1, z - 0.03, shade(cloth, 0.8))
        x += width + 0.08


def dirty_water(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A ditch along the road with floating rubbish."""
    water: Colour = (104, 142, 146) if mended else (98, 96, 66)
    canvas.ground(KERB_X + 0.8, ROAD_END_X + 6, 2.4, 160, (124, 140, 96))
    canvas.ground(KERB_X + 1.3, KERB_X + 5.2, 2.4, 120, shade(water, 0.7))
    canvas.ground(KERB_X + 1.6, KERB_X + 4.9, 2.4, 120, water)
    for _ in range(18):
        x, z = rng.uniform(KERB_X + 1.8, KERB_X + 4.6), rng.uniform(3.4, 16)
        canvas.blotch(x, z, [0.3, 0.05] * 8, (236, 242, 240, 40))
    if not mended:
        for _ in range(40):
            x, z = rng.uniform(KERB_X + 1.7, KERB_X + 4.7), rng.uniform(3.6, 11)
            colour = rng.choice(
                ((232, 230, 222), (78, 112, 56), (92, 126, 64), (70, 118, 170), (204, 70, 60))
            )
            canvas.blotch(x, z, things.uneven(rng, rng.uniform(0.06, 0.22), 9, 0.4), colour)
    things.railing(canvas, 3.2, 30, KERB_X + 0.75)


def shed(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A shack of sheet metal put up against the houses."""
    x, near, far = WALL_X, 7.0, 10.0
    if mended:
        canvas.ground(x, x + 2.2, near, far, (176, 170, 162))
        return
    colour: Colour = rng.choice(((86, 122, 166), (170, 172, 176)))
    canvas.box(x, x + 2.2, 0, 2.3, near, far, colour)
    number = 0.0
    while number < 2.2:
        canvas.upright(x + number, x + number + 0.05, 0, 2.3, near - 0.01, shade(colour, 0.8))
        number += 0.18
    canvas.upright(x + 0.5, x + 1.3, 0, 1.9, near - 0.02, shade(colour, 0.55))
    canvas.face([(x, 2.3, near), (x, 2.75, near), (x + 2.4, 2.3, near)], shade(colour, 0.9))
    things.box_of_card(canvas, x + 1.9, near - 0.6, 0.3)
