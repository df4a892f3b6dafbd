"""One table: published calendars, append only."""

from __future__ import annotations

from django.db import models


class CalendarVersion(models.Model):
    """One published version of one working calendar, whole and self-contained.

    Written by `calendar_publish` when the city is loaded; never changed, kept for ever, because old deadlines
    name the version they were counted with. No personal data.
    """

    code = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    table = models.JSONField(
        help_text="windows, weekend, holidays and make-up days, as written by city.resolve"
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="calendar_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
