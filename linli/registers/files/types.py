"""What the files register hands to other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PHOTO_LIMIT_BYTES = 20 * 1024 * 1024
REQUEST_LIMIT_BYTES = 64 * 1024 * 1024
PHOTO_LIMIT_PIXELS = 100_000_000
THUMB_WIDTHS = (320, 960)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo says about itself.

    UNITS: pixels as shown upright; `lon`, `lat` in degrees as the camera wrote them (WGS-84 by the EXIF standard).
    """

    media_type: str
    width: int
    height: int
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


class NotAPhoto(ValueError):
    """The bytes are no photo we can show. `code` says why: empty, executable, heic, avif, other, damaged, huge."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
