"""Look into photos: type by content, EXIF, upright copies and thumbnails. Bytes in, bytes out; no disk, no Django."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import ExifTags, Image, ImageOps

from linli.registers.files.types import PHOTO_LIMIT_PIXELS, NotAPhoto, PhotoFacts

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
EXECUTABLE_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"dex\n",
)
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
JPEG_QUALITY = 88
WEBP_QUALITY = 80


def media_type_of(head: bytes) -> str:
    """Name the type by the first bytes.

    ERRORS: NotAPhoto with the reason when it is no type we take.
    """
    if not head:
        raise NotAPhoto("empty")
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        raise NotAPhoto("heic")
    if head[4:8] == b"ftyp" and head[8:12] in AVIF_BRANDS:
        raise NotAPhoto("avif")
    raise NotAPhoto("executable" if head.startswith(EXECUTABLE_HEADS) else "other")


def inspect(data: bytes, zone: tzinfo) -> PhotoFacts:
    """Decode a photo whole and read what it says about itself.

    A time without offset is taken as local to `zone`. Impossible times and positions are dropped, not guessed.
    ERRORS: NotAPhoto. COST: one full decode.
    """
    media_type = media_type_of(data[:32])
    with _opened(data, media_type) as image:
        try:
            image.load()
            exif = image.getexif()
            turned = exif.get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
            details = dict(exif.get_ifd(ExifTags.IFD.Exif))
            gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
        except Exception as error:
            # Decoders raise whatever the damage leads them to; every case means the same to the sender.
            raise NotAPhoto("damaged") from error
        width, height = reversed(image.size) if turned else image.size
    lon, lat = _position(gps)
    return PhotoFacts(media_type, width, height, _taken_at(details, zone), lon, lat)


def upright_copy(data: bytes) -> bytes:
    """Return the photo in its own format, turned upright, without any metadata but its colour profile."""
    media_type = media_type_of(data[:32])
    with _opened(data, media_type) as image:
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
    if media_type == "image/jpeg" and upright.mode not in ("RGB", "L"):
        upright, profile = upright.convert("RGB"), None
    return _saved(upright, FORMATS[media_type], icc_profile=profile)


def thumbnail(data: bytes, width: int) -> bytes:
    """Return a WebP no wider and no higher than `width`, upright, without metadata; small photos stay as they are."""
    with _opened(data, media_type_of(data[:32])) as image:
        image.draft("RGB", (width * 2, width * 2))
        upright = ImageOps.exif_transpose(image)
    small = upright.convert("RGBA" if "A" in upright.getbands() or upright.mode == "P" else "RGB")
    small.thumbnail((width, width), Image.Resampling.LANCZOS)
    return _saved(small, "WEBP")


def _opened(data: bytes, media_type: str) -> Image.Image:
    """Open as exactly the format its head claims, with bombs refused by their stated size before decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=[FORMATS[media_type]])
    except Image.DecompressionBombError as error:
        raise NotAPhoto("huge") from error
    except Exception as error:
        raise NotAPhoto("damaged") from error
    if image.width * image.height > PHOTO_LIMIT_PIXELS:
        raise NotAPhoto("huge")
    return image


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    for key in ("exif", "xmp", "comment", "photoshop"):
        image.info.pop(key, None)
    out = io.BytesIO()
    quality = {"JPEG": {"quality": JPEG_QUALITY}, "WEBP": {"quality": WEBP_QUALITY, "method": 4}}.get(
        form, {}
    )
    image.save(out, form, **quality, **{key: value for key, value in options.items() if value is not None})
    return out.getvalue()


def _taken_at(details: Mapping[int, Any], zone: tzinfo) -> datetime | None:
    try:
        text = str(details[ExifTags.Base.DateTimeOriginal]).strip("\0 ")
        at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        if offset:
            sign = -1 if offset[0] == "-" else 1
            hours, minutes = offset.lstrip("+-").split(":")
            zone = timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
        return at.replace(tzinfo=zone)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | tuple[None, None]:
    try:
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E") == "W")
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N") == "S")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    sound = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 and (lon or lat)
    return (lon, lat) if sound else (None, None)


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value
