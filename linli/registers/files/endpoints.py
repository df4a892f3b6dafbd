"""HTTP API of files: staff bring photos before they name them in an act."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from linli.registers.access.api import api_auth
from linli.registers.access.queries import actor_of
from linli.registers.files.actions import file_store
from linli.registers.files.queries import photo_url

prefix = "/files"
router = Router(tags=["files"])


class FileOut(Schema):
    """A stored photo. Positions and times are what its EXIF says, null when it says nothing."""

    sha256: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    url: str
    thumb_url: str


@router.post("", response={201: FileOut}, auth=api_auth, summary="Store a photo")
def store_file(request: HttpRequest, file: UploadedFile = File(...)) -> Status:  # noqa: B008
    """Store one photo and return its hash; the same photo again returns the same hash."""
    row = file_store(None, file, actor=actor_of(request))
    stored = FileOut(
        sha256=row.sha256,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        lon=row.lon,
        lat=row.lat,
        url=photo_url(row.sha256),
        thumb_url=photo_url(row.sha256, 320),
    )
    return Status(201, stored)
