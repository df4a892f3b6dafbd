"""What goes wrong in a street, each with its mended twin: `paint(canvas, rng, mended)` draws either.

The same generator is given to both, so that what stays in place stays in place.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from simulator.scenes import things
from simulator.scenes.canvas import Canvas, Colour, shade
from simulator.scenes.street import KERB_X, ROAD_END_X, WALL_X

Trouble = Callable[[Canvas, random.Random, bool], None]


def manhole(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A shaft without its cover; mended, the cover lies in its ring on a fresh patch."""
    x, z = rng.uniform(-0.9, 0.3), rng.uniform(4.2, 5.2)
    if mended:
        canvas.ground(x - 0.72, x + 0.72, z - 0.7, z + 0.7, (128, 126, 122))
        things.manhole_ring(canvas, x, z)
        things.manhole_cover(canvas, x, z)
        return
    things.manhole_ring(canvas, x, z)
    canvas.disc(x, z, 0.41, (14, 14, 16))
    canvas.blotch(x, z + 0.16, [0.36] * 20, (34, 32, 30))
    canvas.disc(x, z - 0.05, 0.36, (6, 6, 8))
    if rng.random() < 0.6:
        side = rng.choice((-1, 1))
        things.manhole_cover(canvas, x + side * rng.uniform(0.75, 0.95), z + rng.uniform(-0.3, 0.5), y=0.05)
    things.litter(canvas, rng, x, z, 0.8, 6)


def rubbish(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Bags and boxes heaped beside a bin."""
    x, z = rng.uniform(-1.6, -0.4), rng.uniform(5.0, 6.0)
    things.bin_upright(canvas, x + 1.3, z + 0.5)
    if mended:
        canvas.blotch(x, z, things.uneven(rng, 1.3, 22), (90, 88, 84, 70))
        things.bin_upright(canvas, x + 0.45, z + 0.5, (58, 88, 140))
        return
    canvas.blotch(x, z, things.uneven(rng, 1.5, 22), (70, 62, 52, 110))
    pieces = sorted(
        ((x + rng.gauss(0, 0.75), z + rng.gauss(0, 0.55)) for _ in range(rng.randint(9, 15))),
        key=lambda p: -p[1],
    )
    for px, pz in pieces:
        if rng.random() < 0.22:
            things.box_of_card(canvas, px, pz, rng.uniform(0.2, 0.34))
        else:
            things.bag(canvas, px, pz, rng.uniform(0.26, 0.44), rng.choice(things.BAG_COLOURS))
    things.litter(canvas, rng, x, z - 0.6, 1.1, 26)


def lamp(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A row of street lamps at night, the nearest of them dark."""
    x = KERB_X - 0.5
    for z in (42.0, 32.0, 23.0, 15.5):
        things.lamp_post(canvas, x, z, lit=True)
    near = rng.uniform(8.6, 9.6)
    things.lamp_post(canvas, x, near, lit=mended, leaning=0.0 if mended else rng.choice((0.0, 0.0, -0.06)))
    if not mended:
        canvas.ground(WALL_X, ROAD_END_X, 2.4, near + 2, (4, 8, 18, 120))


def parked_cars(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Cars on the pavement; mended, bollards keep it free."""
    offset, start = rng.uniform(-1.1, -0.5), rng.uniform(5.6, 6.6)
    colours = [rng.choice(things.CAR_COLOURS) for _ in range(3)]
    if mended:
        for z in (14.0, 11.5, 9.0, 7.0, 5.4):
            canvas.box(KERB_X - 0.5, KERB_X - 0.34, 0, 0.75, z, z + 0.16, (60, 64, 70))
            canvas.upright(KERB_X - 0.5, KERB_X - 0.34, 0.55, 0.65, z, (226, 190, 60))
        return
    for number, colour in reversed(list(enumerate(colours))):
        things.car(
            canvas, offset - 0.75 * (number % 2) + rng.uniform(-0.2, 0.2), start + number * 5.1, colour
        )


def pothole(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A hole in the carriageway; mended, a square of new asphalt."""
    x, z, size = rng.uniform(1.6, 2.1), rng.uniform(4.2, 5.2), rng.uniform(0.5, 0.7)
    if mended:
        canvas.ground(x - size * 1.5, x + size * 1.5, z - size * 1.4, z + size * 1.5, (58, 58, 62))
        return
    canvas.blotch(x, z, things.uneven(rng, size * 1.25, 20), (124, 118, 110))
    canvas.blotch(x, z, things.uneven(rng, size, 20), (70, 62, 54))
    canvas.blotch(x + 0.05, z - 0.06, things.uneven(rng, size * 0.7, 18), (46, 40, 36))
    for _ in range(30):
        px, pz = x + rng.gauss(0, size), z + rng.gauss(0, size)
        canvas.blotch(px, max(pz, 2.8), things.uneven(rng, rng.uniform(0.02, 0.07), 6), (140, 136, 130))
    for _ in range(5):
        turn = rng.uniform(-1.5, 1.5)
        canvas.line([(x, 0, z), (x + turn * 0.7, 0, z + 0.8), (x + turn, 0, z + 1.6)], (60, 58, 58), 0.02)


def flooding(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Water that does not run off; mended, a clean gully."""
    x, z = rng.uniform(1.6, 2.6), rng.uniform(5.0, 6.0)
    water: Colour = rng.choice(((126, 146, 160), (132, 122, 98), (110, 122, 118)))
    gully = KERB_X + 0.3
    if mended:
        canvas.blotch(x, z, things.uneven(rng, 1.8, 26, 0.16), (70, 72, 76, 70))
    else:
        things.puddle(canvas, rng, x + 0.8, z + 1.4, 2.6, (*water, 235))
        things.litter(canvas, rng, x, z, 1.0, 7)
    canvas.ground(gully - 0.24, gully + 0.24, z - 0.9, z - 0.2, (60, 62, 66))
    for number in range(6):
        left = gully - 0.2 + number * 0.075
        canvas.ground(left, left + 0.035, z - 0.85, z - 0.25, (20, 20, 22))
    if not mended:
        canvas.blotch(gully, z - 0.5, things.uneven(rng, 0.28, 12), (96, 78, 54))


def bicycles(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Shared bicycles all over the pavement; mended, in a row."""
    colours: tuple[Colour, ...] = ((54, 142, 190), (236, 196, 60), (70, 168, 110))
    count = rng.randint(7, 10)
    for number in range(count, 0, -1):
        colour = rng.choice(colours)
        z = 3.8 + number * 0.75
        if mended:
            things.bicycle(canvas, KERB_X - 1.3, z + 0.6, colour)
        else:
            things.bicycle(canvas, rng.uniform(-2.6, 0.2), z, colour, lean=rng.choice((0.0, 0.15, 0.5, 0.9)))


def stall(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A shop that spreads its goods over the pavement."""
    x, z = rng.uniform(-2.2, -1.4), rng.uniform(5.4, 6.2)
    cloth: Colour = rng.choice(((190, 62, 54), (52, 110, 160), (62, 132, 88)))
    if mended:
        canvas.ground(WALL_X + 0.1, WALL_X + 0.16, 3.0, 14.0, (236, 214, 90))
        return
    canvas.line([(x, 0, z + 1.1), (x, 2.3, z + 1.1)], (120, 120, 120), 0.06)
    for number in range(6):
        left, right = x - 1.5 + number * 0.5, x - 1.0 + number * 0.5
        low_left, low_right = 2.02 - 0.02 * abs(left - x), 2.02 - 0.02 * abs(right - x)
        canvas.face(
            [(left, low_left, z + 1.1), (x, 2.55, z + 1.1), (right, low_right, z + 1.1)],
            cloth if number % 2 else (240, 238, 230),
        )
    canvas.box(x - 1.2, x + 1.2, 0.68, 0.78, z, z + 1.0, (176, 138, 96))
    for leg in (x - 1.1, x + 1.1):
        canvas.upright(leg - 0.04, leg + 0.04, 0, 0.68, z, (110, 90, 70))
    fruit: tuple[Colour, ...] = ((214, 80, 46), (232, 170, 52), (122, 164, 62), (148, 40, 52))
    for row in range(2):
        for number in range(9):
            colour = fruit[(number // 3 + row) % len(fruit)]
            canvas.ball(
                x - 1.0 + number * 0.25,
                0.9,
                z + 0.6 - row * 0.5,
                0.12,
                0.12,
                shade(colour, rng.uniform(0.9, 1.1)),
            )
    for number in range(3):
        left = x - 1.0 + number * 0.85
        canvas.box(left, left + 0.6, 0, 0.4, z - 0.9, z - 0.4, (78, 122, 168))
        for _ in range(7):
            px = left + rng.uniform(0.08, 0.52)
            canvas.ball(px, 0.42, z - 0.7, 0.09, 0.08, rng.choice(fruit))
    things.bag(canvas, x + 1.6, z - 0.2, 0.26, (206, 204, 198))


def adverts(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """Bills and stencilled numbers on a wall; mended, a painted-over stretch."""
    wall = (206, 202, 192)
    canvas.upright(-3.6, -0.2, 0, 2.6, 4.8, wall)
    canvas.wall(-0.2, 0, 2.6, 4.8, 7.4, shade(wall, 0.78))
    canvas.upright(-3.7, -0.12, 2.55, 2.72, 4.78, shade(wall, 0.82))
    canvas.upright(-3.6, -0.2, 0, 0.3, 4.79, shade(wall, 0.7))
    if mended:
        canvas.upright(-3.3, -0.4, 0.4, 2.2, 4.78, (214, 211, 202))
        return
    for _ in range(rng.randint(14, 22)):
        x, y = rng.uniform(-3.4, -0.7), rng.uniform(0.5, 2.1)
        width, height = rng.uniform(0.16, 0.34), rng.uniform(0.2, 0.42)
        paper = rng.choice(((244, 242, 232), (240, 214, 90), (228, 120, 110), (160, 204, 220)))
        canvas.upright(x, x + width, y, y + height, 4.76, paper)
        for number in range(4):
            low = y + 0.06 + number * height / 5
            canvas.upright(x + 0.03, x + width * rng.uniform(0.5, 0.9), low, low + 0.02, 4.75, (70, 66, 66))
    for _ in range(3):
        x, y = rng.uniform(-3.2, -1.4), rng.uniform(0.5, 1.9)
        for number in range(11):
            canvas.upright(x + number * 0.1, x + number * 0.1 + 0.05, y, y + 0.12, 4.74, (36, 50, 110))


def bin_broken(canvas: Canvas, rng: random.Random, mended: bool) -> None:
    """A litter bin knocked over."""
    x, z = rng.uniform(-1.4, -0.3), rng.uniform(4.6, 5.4)
    colour: Colour = rng.choice(((48, 110, 74), (58, 88, 140), (112, 116, 120)))
    if mended:
        things.bin_upright(canvas, x, z, colour)
        return
    things.litter(canvas, rng, x - 0.7, z - 0.2, 0.6, 24)
    things.bag(canvas, x - 1.0, z + 0.2, 0.24, (206, 204, 198))
    things.bin_fallen(canvas, x, z, colour)
