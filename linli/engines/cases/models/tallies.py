"""Roll-ups: figures that pages read without counting cases."""

from __future__ import annotations

from django.db import models


class CaseDay(models.Model):
    """What one day of the city's calendar saw in one town: cases opened, closed, and closed in time.

    Written only by the consumer `cases-day`, once per event, in the transaction of its inbox row; outside acts,
    because it repeats what the record already holds. Kept for ever. No personal data.
    """

    on = models.DateField()
    town_code = models.CharField(max_length=9)
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    closed_in_time = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "town_code"], name="cases_day_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.town_code}"
