"""The loading of a city: what a person reads while waiting."""

from __future__ import annotations

from django.db import models


class CityLoading(models.Model):
    """One run of `linli load-city`. The newest tells whether the city can be used. Kept for ever; no personal data."""

    city = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    step = models.IntegerField(default=0)
    steps = models.IntegerField(default=1)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.city} {self.label} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """Whole per cent over all steps."""
        part = self.done / self.total if self.total else 0.0
        return min(100, round(100 * (self.step + part) / max(self.steps, 1)))
