"""Which cases somebody may see, and how a row of them reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from linli.engines.cases.models import Case
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.types import CaseRow
from linli.kernel import clock
from linli.registers.access.models import Account
from linli.registers.access.queries import rows

Caller = Account | AnonymousUser | HttpRequest


def cases_visible(caller: Caller) -> QuerySet[Case]:
    """Return the cases the caller may see; a stranger sees none. COST: a predicate on indexed columns."""
    return rows(caller, "case", Case.objects.all())


def case_rows(cases: Iterable[Case], at: datetime | None = None) -> tuple[CaseRow, ...]:
    """Read model rows as values, each by the tables its case is pinned to. COST: no query once these are known."""
    at = at or clock.now()
    return tuple(_row(case, at) for case in cases)


def _row(case: Case, at: datetime) -> CaseRow:
    return CaseRow(
        code=case.code,
        state=procedure_version(case.family, case.procedure_version).states[case.state],
        category=catalogue_version(case.family, case.catalogue_version).by_code[case.category_code],
        area_code=case.area_code,
        address=case.address,
        description=case.description,
        department_code=case.department_code,
        holder_code=case.holder_code,
        priority=case.priority,
        source=case.source,
        lon=case.lon,
        lat=case.lat,
        opened_at=case.opened_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        changed_at=case.changed_at,
        overdue=case.closed_at is None and case.paused_at is None and case.due_at < at,
        rating=case.rating,
        supervised=case.supervised_at is not None and case.closed_at is None,
        paused=case.paused_at is not None,
    )
