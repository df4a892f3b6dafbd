"""The city's tables, published version by version."""

from __future__ import annotations

from django.db import models


class PublishedTable(models.Model):
    """One published version of one table of the city.

    Written by `table_publish` when the city is loaded; never changed, kept for ever, because cases are pinned
    to the version they were opened under. No personal data.
    """

    code = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    table = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="cases_%(class)s_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Procedure(PublishedTable):
    """One version of a procedure: its states and the transitions between them."""


class Catalogue(PublishedTable):
    """One version of a catalogue: 大类 and 小类 of components and events, with limits and citizen words."""


class Routing(PublishedTable):
    """One version of a routing table: which department for which category where."""
