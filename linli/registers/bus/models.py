"""The outbox and the inbox: what makes telling exact."""

from __future__ import annotations

from django.db import models


class Outbox(models.Model):
    """One event that is true but not yet told. Written by `act()`, deleted by the relay once NATS has it."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True)
    event = models.CharField(max_length=64)
    body = models.TextField(help_text="the message as it goes to the stream, JSON")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.event} {self.uid}"


class Inbox(models.Model):
    """One event that one consumer has taken in, written in the transaction of its effects. Kept 30 days."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=64)
    uid = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "uid"], name="bus_inbox_once")]
        indexes = [models.Index(fields=["at"], name="bus_inbox_at")]
        verbose_name_plural = "inbox"

    def __str__(self) -> str:
        return f"{self.consumer} {self.uid}"
