"""What is known of a case, fact by fact: append only, each with when and by whom."""

from __future__ import annotations

from django.db import models

from linli.engines.cases.models.case import Case


class Fact(models.Model):
    """What every fact carries. Actor kind and key are the record's; the key of a citizen is the case code."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_key = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%F %T}"


class CaseStatus(Fact):
    """One step of a case: the action, the state it led to, and what was said.

    Written by `case_open` and `case_transition`. Kept with the case. Personal data: `reason`, `note` may name people.
    """

    action = models.CharField(max_length=24)
    state = models.CharField(max_length=24)
    department_code = models.CharField(max_length=64, blank=True, help_text="who then had it")
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="cases_status_at"),
            models.Index(fields=["action", "at"], name="cases_status_action"),
        ]


class CaseLocation(Fact):
    """Where a case is, and which grids that lies in. Written by `case_open`. Kept with the case.

    UNITS: degrees (CGCS2000) and planar metres.
    """

    lon = models.FloatField()
    lat = models.FloatField()
    x_m = models.FloatField()
    y_m = models.FloatField()
    area_code = models.CharField(max_length=15)
    urban_unit = models.CharField(max_length=15, blank=True)
    dedicated = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)


class CaseAssignment(Fact):
    """Which department a case belongs to, and why: by a rule of the routing table or by a person.

    Written by `case_open` and by transitions that name a department. Kept with the case.
    """

    department_code = models.CharField(max_length=64)
    rule_id = models.CharField(max_length=32, blank=True, help_text="empty when a person decided")
    reason_code = models.CharField(max_length=32)
    reason_zh = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)


class CaseDeadline(Fact):
    """When a case or one stage of it is due, and the explanation of that time.

    Written by `case_open`, by transitions that enter a stage or touch the clock, and by `cases_replan`; kept with
    the case. `explanation` is that of `rules.deadlines.reckon`: the calendar's own, the steps of the clock it was
    counted from, and the limit's `source` and `certainty`. Personal data: a pause's reason may name people.
    """

    kind = models.CharField(
        max_length=16, help_text="expected (before dispatch), handling, or the code of a stage"
    )
    due_at = models.DateTimeField()
    explanation = models.JSONField()


class CaseEscalation(Fact):
    """One step of the escalation table taken for one deadline of a case, never twice: the constraint holds that.

    Written by `cases_escalate`. Kept with the case. No personal data.
    """

    deadline_id = models.BigIntegerField()
    step = models.CharField(max_length=24)
    scheduled_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told = models.JSONField(help_text="department codes told")
    takes_over = models.CharField(max_length=24, blank=True)
    is_unowned = models.BooleanField()
    supervise = models.BooleanField()
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "deadline_id", "step"], name="cases_escalation_once")
        ]


class CaseNote(Fact):
    """A remark of staff on a case. Written by `case_note`. Kept with the case; may name people."""

    text = models.TextField()


class CaseAttachment(Fact):
    """A photo of a case, by the hash of the stored file. Written with the step it belongs to.

    `stage` is the action it came with (`open` for the report). Kept with the case; may show people.
    """

    sha256 = models.CharField(max_length=64)
    stage = models.CharField(max_length=24)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="cases_attachment_file")]


class CaseReporter(Fact):
    """Who reported a case and how to reach them, sealed; `phone_search` finds equal phones without opening any.

    Written by `case_open`; read only masked, or by `case_reporter_reveal`, which leaves a record entry.
    Personal data: yes (contact). Kept as long as the case, erased on request.
    """

    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_search = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_search"], name="cases_reporter_phone")]


class CaseRating(Fact):
    """What the reporter thinks of the outcome, once: 1 (bad) to 5 (good), with words. Written by `case_rate`."""

    score = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="cases_rating_once")]
