"""One table, append only."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Entry(models.Model):
    """One act, or one look at personal data. Written by `act()` and `look()` in the acting transaction.

    Kept for ever; only `payload` and `salt` may be erased (a trigger refuses every other change).
    Personal data: none in the metadata; the payload may hold some, which is why it can be erased.
    `transaction_id` lets the sealer stop below the oldest transaction still running.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True)
    at = models.DateTimeField()
    transaction_id = models.BigIntegerField(
        db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", [])
    )
    actor_kind = models.CharField(max_length=16)
    actor_key = models.CharField(max_length=64)
    actor_post = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_keys = ArrayField(models.CharField(max_length=128))
    purpose = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    payload = models.TextField(null=True)
    salt = models.BinaryField(null=True)
    payload_hash = models.BinaryField()
    leaf_hash = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        indexes = [
            GinIndex(fields=["subject_keys"], name="record_subject_keys"),
            models.Index(fields=["actor_kind", "actor_key", "-at"], name="record_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_key} {self.action} {self.subject_kind}"
