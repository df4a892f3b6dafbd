"""What anybody may know of the city's cases: figures without persons, and the photo of an open case nearby."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.aggregates import Aggregate
from django.db.models.fields import DurationField
from django.utils import timezone

from linli.engines.cases.models import Case, CaseAttachment, CaseDay
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.types import Category, CitizenChoice
from linli.kernel import clock
from linli.registers.files.queries import signed_url

MEDIAN_DAYS = 30


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What the city did lately. `median` is the time from report to close over 30 days, None when nothing closed."""

    opened_today: int
    closed_today: int
    closed_month: int
    median: timedelta | None


class Median(Aggregate):
    """The middle value, by PostgreSQL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def public_figures() -> PublicFigures:
    """Tell the front page what the city did; a case refused is not one closed.

    The counts come from the daily roll-up, a second or so behind. COST: two queries on indexed columns.
    """
    today = timezone.localdate(clock.now())
    since = clock.now() - timedelta(days=MEDIAN_DAYS)
    days = CaseDay.objects.filter(on__gt=today - timedelta(days=MEDIAN_DAYS)).aggregate(
        opened_today=Sum("opened", filter=Q(on=today), default=0),
        closed_today=Sum("closed", filter=Q(on=today), default=0),
        month=Sum("closed", default=0),
    )
    done = [
        code for code, state in rulebook().procedure.states.items() if state.final and state.tone == "done"
    ]
    closed = Case.objects.filter(state__in=done, closed_at__gte=since).aggregate(
        median=Median(F("closed_at") - F("opened_at"), output_field=DurationField()),
    )
    return PublicFigures(days["opened_today"], days["closed_today"], days["month"], closed["median"])


def plain_kind(category: Category) -> Category | CitizenChoice:
    """Return what citizens call a kind: the plain choice they were offered, else the catalogue's own."""
    offered = {choice.category: choice for choice in rulebook().catalogue.citizen}
    return offered.get(category.code, category)


def open_photos(codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the first photo of each reported case: {code: (thumbnail, large)}, as links for a short time.

    The report page tells its reader that photos are shown to those about to report the same thing.
    COST: one query.
    """
    rows = CaseAttachment.objects.filter(case__code__in=codes, stage="open", case__closed_at__isnull=True)
    found: dict[str, tuple[str, str]] = {}
    for code, sha256 in rows.order_by("id").values_list("case__code", "sha256"):
        found.setdefault(code, (signed_url(sha256, 320), signed_url(sha256, 960)))
    return found
