"""A pinhole camera over Pillow: shapes are given in metres, the canvas puts them on the picture.

Axes: x to the right, y up, z away from the eye. The ground is y = 0; nothing nearer than NEAR_M is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 960
OVERSAMPLING = 2
NEAR_M = 2.4
FAR_M = 160.0

Colour = tuple[int, int, int]
Paint = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float, float]


def shade(colour: Paint, factor: float) -> Colour:
    """Return `colour` made darker (factor < 1) or lighter (> 1)."""
    red, green, blue = (min(255, max(0, round(part * factor))) for part in colour[:3])
    return red, green, blue


def mix(one: Paint, other: Paint, share: float) -> Colour:
    """Return the colour that lies `share` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one[:3], other[:3], strict=True))
    return red, green, blue


@dataclass
class Canvas:
    """One picture in the making, painted from far to near."""

    horizon: float = 0.42
    vanishing: float = 0.5
    focal_px: float = 1080.0
    eye_m: float = 1.55
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def at(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Return where a point of the street falls on the picture."""
        scale = self.focal_px * OVERSAMPLING / max(z, NEAR_M)
        return (
            WIDTH * OVERSAMPLING * self.vanishing + x * scale,
            HEIGHT * OVERSAMPLING * self.horizon + (self.eye_m - y) * scale,
        )

    def metre(self, z: float) -> float:
        """Return how many pixels one metre covers at a depth."""
        return self.focal_px * OVERSAMPLING / max(z, NEAR_M)

    def face(self, points: Sequence[Point], fill: Paint, outline: Paint | None = None) -> None:
        """Fill the polygon through points of the street."""
        self.draw.polygon([self.at(*point) for point in points], fill=fill, outline=outline)

    def ground(self, x0: float, x1: float, z0: float, z1: float, fill: Paint, y: float = 0.0) -> None:
        """Fill a rectangle lying on the ground."""
        self.face([(x0, y, z0), (x0, y, z1), (x1, y, z1), (x1, y, z0)], fill)

    def upright(self, x0: float, x1: float, y0: float, y1: float, z: float, fill: Paint) -> None:
        """Fill a rectangle that faces the eye."""
        self.face([(x0, y0, z), (x0, y1, z), (x1, y1, z), (x1, y0, z)], fill)

    def wall(self, x: float, y0: float, y1: float, z0: float, z1: float, fill: Paint) -> None:
        """Fill a rectangle that runs along the street."""
        self.face([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], fill)

    def box(self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float, colour: Colour) -> None:
        """Draw a box: the side the eye sees, the top, the front."""
        if x0 > 0:
            self.wall(x0, y0, y1, z0, z1, shade(colour, 0.72))
        if x1 < 0:
            self.wall(x1, y0, y1, z0, z1, shade(colour, 0.8))
        if y1 < self.eye_m:
            self.ground(x0, x1, z0, z1, shade(colour, 1.14), y=y1)
        self.upright(x0, x1, y0, y1, z0, colour)

    def disc(self, x: float, z: float, radius: float, fill: Paint, y: float = 0.0) -> None:
        """Fill a circle lying flat."""
        self.face([(px, y, pz) for px, pz in _circle(x, z, radius)], fill)

    def ball(self, x: float, y: float, z: float, radius_x: float, radius_y: float, fill: Paint) -> None:
        """Fill an ellipse that faces the eye."""
        left, top = self.at(x - radius_x, y + radius_y, z)
        right, bottom = self.at(x + radius_x, y - radius_y, z)
        self.draw.ellipse((left, top, right, bottom), fill=fill)

    def line(self, points: Sequence[Point], fill: Paint, width_m: float) -> None:
        """Draw a line of a given thickness through points of the street."""
        depth = sum(point[2] for point in points) / len(points)
        width = max(1, round(width_m * self.metre(depth)))
        self.draw.line([self.at(*point) for point in points], fill=fill, width=width, joint="curve")

    def blotch(self, x: float, z: float, outline: Sequence[float], fill: Paint, y: float = 0.0) -> None:
        """Fill an uneven patch on the ground; `outline` gives its radius all around."""
        count = len(outline)
        turns = [2 * math.pi * number / count for number in range(count)]
        self.face(
            [
                (x + radius * math.cos(turn), y, z + radius * math.sin(turn))
                for turn, radius in zip(turns, outline, strict=True)
            ],
            fill,
        )

    def finished(self) -> Image.Image:
        """Return the picture at its own size."""
        return self.image.reduce(OVERSAMPLING)


def _circle(x: float, z: float, radius: float, corners: int = 40) -> list[tuple[float, float]]:
    turns = (2 * math.pi * number / corners for number in range(corners))
    return [(x + radius * math.cos(turn), z + radius * math.sin(turn)) for turn in turns]
