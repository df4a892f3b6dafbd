"""Photos made for tests: with EXIF or without, right or wrong."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

TAKEN = "2026:03:08 07:45:10"


def jpeg(
    width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 60, 40), **exif: Any
) -> bytes:
    """Make a JPEG. `orientation`, `taken`, `offset` and `gps` go into its EXIF."""
    image = Image.new("RGB", (width, height), colour)
    tags = Image.Exif()
    if "orientation" in exif:
        tags[ExifTags.Base.Orientation] = exif["orientation"]
    if "taken" in exif:
        details = {ExifTags.Base.DateTimeOriginal: exif["taken"]}
        if "offset" in exif:
            details[ExifTags.Base.OffsetTimeOriginal] = exif["offset"]
        tags[ExifTags.IFD.Exif] = details
    if "gps" in exif:
        (east, lon), (north, lat) = exif["gps"]
        tags[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: north,
            ExifTags.GPS.GPSLatitude: lat,
            ExifTags.GPS.GPSLongitudeRef: east,
            ExifTags.GPS.GPSLongitude: lon,
        }
    return _saved(image, "JPEG", exif=tags, comment=b"secret comment")


def png(width: int = 32, height: int = 32) -> bytes:
    """Make a PNG with transparency."""
    return _saved(Image.new("RGBA", (width, height), (10, 200, 90, 128)), "PNG")


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """Wrap bytes as a browser sends them; what the sender says of the type is not believed anyway."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
