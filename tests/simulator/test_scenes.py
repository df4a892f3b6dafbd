"""Pictures: believable files, the same for the same seed, and visibly mended afterwards."""

from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import ExifTags, Image

from simulator.photos import Shelf
from simulator.scenes.photo import TROUBLES, Scene, paint

AT = datetime(2026, 3, 9, 10, 47, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def pixels(scene: Scene, *, mended: bool) -> np.ndarray:
    return np.asarray(paint(scene, mended=mended), dtype=np.int16)


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_mended_street_is_the_same_street_without_its_trouble(trouble: str) -> None:
    before, after = (pixels(Scene(trouble, 2), mended=mended) for mended in (False, True))
    assert before.shape == after.shape == (960, 1280, 3)
    changed = (np.abs(before - after).max(axis=2) > 24).mean()
    assert 0.004 < changed < 0.6, f"{changed:.3f} of the picture changed"


def test_the_same_scene_gives_the_same_pixels_and_variants_differ() -> None:
    first = pixels(Scene("manhole", 1), mended=False)
    assert np.array_equal(first, pixels(Scene("manhole", 1), mended=False))
    assert not np.array_equal(first, pixels(Scene("manhole", 2), mended=False))


def test_a_picture_is_a_jpeg_with_the_time_it_was_taken() -> None:
    image = Image.open(io.BytesIO(Shelf().picture(Scene("rubbish", 0), mended=False, at=AT)))
    assert (image.format, image.size) == ("JPEG", (1280, 960))
    details = image.getexif().get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.DateTimeOriginal] == "2026:03:09 08:00:00"
    assert details[ExifTags.Base.OffsetTimeOriginal] == "+08:00"


def test_within_four_hours_a_picture_is_the_same_bytes_even_after_it_was_forgotten() -> None:
    first = Shelf().picture(Scene("bin", 3), mended=True, at=AT)
    assert first == Shelf().picture(Scene("bin", 3), mended=True, at=AT.replace(hour=11, minute=59))
    assert first != Shelf().picture(Scene("bin", 3), mended=True, at=AT.replace(hour=12))
