"""A table of its own for the row filter: what a room's rows look like to access."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from linli.registers.bus.types import Labels


class Sighting(models.Model):
    """One row with every label a room may have."""

    area_code = models.CharField(max_length=16, blank=True)
    department_code = models.CharField(max_length=64, blank=True)
    account_key = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "tests"

    def __str__(self) -> str:
        return f"{self.area_code} {self.department_code} {self.account_key} {self.code}"

    def labels(self, kind: str) -> Labels:
        """Give the labels an event about this row would carry."""
        return Labels(
            kind=kind,
            area=self.area_code,
            departments=(self.department_code,) if self.department_code else (),
            accounts=(self.account_key,) if self.account_key else (),
            subject=self.code,
        )


@contextmanager
def table() -> Iterator[type[Sighting]]:
    """Make the table inside the caller's transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(Sighting)
    yield Sighting
