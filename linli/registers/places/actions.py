"""Writing places: one act replaces one data set, whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from linli.kernel import clock
from linli.registers.access.actions import area_members_replace
from linli.registers.access.queries import area_codes
from linli.registers.bus.actions import act
from linli.registers.bus.types import Labels
from linli.registers.places.models import Dataset
from linli.registers.record.types import Actor, Subject

BATCH_ROWS = 4000


@dataclass(frozen=True)
class Content:
    """What a data set is replaced by: rows of one or several models, and facts kept with the data set."""

    rows: Mapping[type[models.Model], Sequence[models.Model]]
    details: Mapping[str, Any]


def dataset_replace(
    actor: Actor, name: str, content_hash: str, about: Mapping[str, Any], content: Content
) -> bool:
    """Replace a data set's rows by new ones; return whether anything changed.

    EFFECTS: rows of the models named are deleted and written again, the old version of the data set stays as
    history, one record entry with the content hash, event `places.loaded`. Nothing when the hash is current.
    """
    if Dataset.objects.filter(name=name, content_hash=content_hash, is_current=True).exists():
        return False
    with act(actor, "places_dataset_replace", Subject("dataset", name)) as deed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"places {name}"])
        count = 0
        for model, rows in content.rows.items():
            model._default_manager.all().delete()
            model._default_manager.bulk_create(rows, batch_size=BATCH_ROWS)
            count += len(rows)
        Dataset.objects.filter(name=name, is_current=True).update(is_current=False)
        Dataset.objects.create(
            name=name,
            content_hash=content_hash,
            is_current=True,
            title_zh=about["title_zh"],
            title_en=about["title_en"],
            source=about["source"],
            licence=about["licence"],
            indicative=about["indicative"],
            rows=count,
            details=dict(content.details),
            loaded_at=clock.now(),
        )
        deed.payload |= {"content_hash": content_hash, "rows": count}
        deed.tell("places.loaded", {"dataset": name, "rows": count}, Labels(kind="places", public=True))
    return True


def areas_name(actor: Actor, areas: Mapping[str, Sequence[str]]) -> None:
    """Tell access which division codes a named area (a manager's towns) holds. Idempotent."""
    for area, codes in areas.items():
        if area_codes(area) != sorted(codes):
            area_members_replace(actor, area, sorted(codes))
