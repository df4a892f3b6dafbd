"""The case: one row that points to the facts now true of it."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q


class Case(models.Model):
    """One thing that happened in the city, at a place, from report to close.

    Written by `case_open`, `case_transition` and `case_rate`; every change leaves a fact beside it, and the
    `*_id` pointers name the ones now true. Columns that lists filter and sort by repeat what the facts say.
    `area_code` is the 15-digit code of the general grid: its first 9 digits are the town, its first 12 the
    village. `x_m`, `y_m` are planar metres, for nearness. The clocks write the columns from `calendar_version` on.
    Kept 10 years after closing. Personal data: `description` and `address` may hold some (never on the stream);
    the reporter's contact lies sealed in `CaseReporter`.
    """

    code = models.CharField(max_length=20, unique=True)
    family = models.CharField(max_length=16)
    category_code = models.CharField(max_length=16)
    procedure_version = models.PositiveIntegerField()
    catalogue_version = models.PositiveIntegerField()
    routing_version = models.PositiveIntegerField()
    state = models.CharField(max_length=24)
    area_code = models.CharField(max_length=15)
    urban_unit = models.CharField(max_length=15, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    x_m = models.FloatField()
    y_m = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    department_code = models.CharField(max_length=64)
    holder_code = models.CharField(max_length=64, blank=True)
    priority = models.CharField(max_length=8)
    source = models.CharField(max_length=16)
    description = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    submission_id = models.UUIDField(unique=True)
    submission_hash = models.BinaryField(
        help_text="what the submission said: the same id with other words is no repeat"
    )
    secret_hash = models.BinaryField()
    rating = models.PositiveSmallIntegerField(null=True)
    status_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    deadline_id = models.BigIntegerField()
    stage_due_at = models.DateTimeField(null=True, help_text="due of the present stage, None where none runs")
    stage_deadline_id = models.BigIntegerField(null=True)
    paused_at = models.DateTimeField(null=True, help_text="since when the clock stands still (挂账)")
    calendar_version = models.PositiveIntegerField(db_default=0, help_text="the calendar its dues follow")
    escalate_at = models.DateTimeField(null=True, help_text="when the clock has to look at it next")
    escalated_step = models.CharField(max_length=24, db_default="", blank=True)
    escalated_to = models.CharField(max_length=24, db_default="", blank=True)
    supervised_at = models.DateTimeField(null=True, help_text="督办 since")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="cases_state_due"),
            models.Index(fields=["department_code", "state"], name="cases_department_state"),
            models.Index(OpClass(F("area_code"), name="text_pattern_ops"), name="cases_area_prefix"),
            models.Index(fields=["opened_at"], name="cases_opened"),
            models.Index(fields=["changed_at"], name="cases_changed"),
            models.Index(fields=["closed_at"], name="cases_closed"),
            models.Index(
                fields=["due_at"],
                include=["closed_at", "state", "area_code", "department_code"],
                name="cases_due",
            ),
            models.Index(fields=["due_at"], name="cases_open_due", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["holder_code", "due_at"], name="cases_holder_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["escalate_at", "id"], name="cases_escalate", condition=Q(escalate_at__isnull=False)
            ),
            models.Index(
                fields=["calendar_version", "id"], name="cases_replan", condition=Q(closed_at__isnull=True)
            ),
            GistIndex(
                Func(F("x_m"), F("y_m"), function="point"),
                name="cases_open_near",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.code
