"""From a painted street to the JPEG a phone would send: light, grain, lens, EXIF."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from PIL import ExifTags, Image, ImageDraw

from simulator.scenes import troubles, troubles_more
from simulator.scenes.street import Street
from simulator.scenes.troubles import Trouble

QUALITY = 80
TROUBLES: dict[str, Trouble] = {
    "manhole": troubles.manhole,
    "rubbish": troubles.rubbish,
    "lamp": troubles.lamp,
    "cars": troubles.parked_cars,
    "pothole": troubles.pothole,
    "flooding": troubles.flooding,
    "bicycles": troubles.bicycles,
    "stall": troubles.stall,
    "adverts": troubles.adverts,
    "bin": troubles.bin_broken,
    "tree": troubles_more.fallen_tree,
    "works": troubles_more.works,
    "cable": troubles_more.cable,
    "rail": troubles_more.rail,
    "sign": troubles_more.sign,
    "smoke": troubles_more.smoke,
    "green": troubles_more.green_dirty,
    "laundry": troubles_more.hanging_laundry,
    "water": troubles_more.dirty_water,
    "shed": troubles_more.shed,
}
DAYLIGHT = ("morning", "noon", "overcast", "dusk")
TINTS: dict[str, tuple[float, float, float]] = {
    "morning": (1.03, 1.0, 0.93),
    "noon": (1.0, 1.0, 1.0),
    "overcast": (0.92, 0.94, 0.96),
    "dusk": (0.9, 0.78, 0.72),
    "night": (0.42, 0.46, 0.62),
}


@dataclass(frozen=True)
class Scene:
    """One picture by its trouble and its variant: the same two always give the same pixels."""

    trouble: str
    variant: int

    @property
    def light(self) -> str:
        if self.trouble == "lamp":
            return "night"
        return random.Random(f"light {self.trouble} {self.variant}").choice(DAYLIGHT)


def paint(scene: Scene, *, mended: bool) -> Image.Image:
    """Paint the scene, with its trouble or mended. COST: about a third of a second."""
    seed = f"{scene.trouble} {scene.variant}"
    street = Street(random.Random(seed).randrange(1 << 30), scene.light)
    canvas = street.paint()
    if scene.light == "night":
        _darken(canvas.image)
        canvas.draw = ImageDraw.Draw(canvas.image, "RGBA")
    TROUBLES[scene.trouble](canvas, random.Random(f"trouble {seed}"), mended)
    return _through_the_lens(canvas.finished(), scene, mended)


def jpeg(image: Image.Image, taken_at: datetime) -> bytes:
    """Encode with the time it was taken in EXIF, as a phone writes it (local time and its offset)."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Linli"
    exif[ExifTags.Base.Model] = "Simulated phone"
    exif[ExifTags.Base.DateTime] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    offset = taken_at.strftime("%z")
    details[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:]}"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, exif=exif)
    return out.getvalue()


def _darken(image: Image.Image) -> None:
    """Bring night over the street in place, before anything that shines is painted."""
    pixels = np.asarray(image, dtype=np.float32) * np.array(TINTS["night"], dtype=np.float32)
    image.paste(Image.fromarray(pixels.astype(np.uint8)))


def _through_the_lens(image: Image.Image, scene: Scene, mended: bool) -> Image.Image:
    """Add grain, the fall-off towards the corners, and the colour of the light."""
    pixels = np.asarray(image, dtype=np.float32)
    height, width = pixels.shape[:2]
    noise = np.random.default_rng(scene.variant * 2 + int(mended))
    grain = noise.normal(0.0, 2.2, (height // 2, width // 2)).astype(np.float32)
    pixels = pixels + np.repeat(np.repeat(grain, 2, axis=0), 2, axis=1)[..., None]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    pixels *= (1.0 - 0.13 * (down**2 + across**2))[..., None]
    if scene.light != "night":
        pixels *= np.array(TINTS[scene.light], dtype=np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
