"""One table: what is known of each stored content."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """One content, once, however often it was uploaded.

    Written by `file_store`; never changed. Kept as long as a fact of another room names its hash. Personal data:
    a photo may show people and its position may be a home, so reading goes through `file_guards` or a signed link.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="from EXIF")
    lon = models.FloatField(null=True, help_text="degrees, from EXIF")
    lat = models.FloatField(null=True, help_text="degrees, from EXIF")
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=96, help_text="kind:key of the first who brought it")

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.media_type}"
