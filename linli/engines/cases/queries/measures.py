"""The measures as queries: each whole as rows, each part as a condition on them.

Three grains: `Case` (one row a case), `CaseStatus` (one row a step), `Case` with days (one row a case, counted by the
days it was open). Steps belong to the department that then had the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Greatest, Least, TruncDate

from linli.engines.cases.models import Case, CaseStatus
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.queries.visible import Caller, cases_visible
from linli.engines.cases.types import ProcedureTable
from linli.engines.cases.types.indicators import IndicatorTable
from linli.registers.access.queries import rows

TOWN_DIGITS = 9
VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """A period as moments: half-open, `until` being its end or now; days up to `counted_to` are over."""

    begins: datetime
    ends: datetime
    until: datetime
    first_on: date
    counted_to: date


class DaysBetween(Func):
    """Whole days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def whole(
    caller: Caller, table: IndicatorTable, root: str, window: Window, parameters: Mapping[str, int]
) -> QuerySet[Any]:
    """Return the rows of a measure that is no part of another, of what the caller may see."""
    if root == "accepted":
        return cases_visible(caller).filter(opened_at__gte=window.begins, opened_at__lt=window.until)
    if root == "due":
        running = cases_visible(caller).filter(_is_due(window), paused_at__isnull=True)
        return running.exclude(state__in=_states().refused)
    if root == "rated":
        closed = cases_visible(caller).filter(closed_at__gte=window.begins, closed_at__lt=window.until)
        return closed.filter(rating__isnull=False, state__in=_states().done)
    if root == "open_days":
        return _with_days(cases_visible(caller), window)
    if root == "due_dispatch":
        limit = timedelta(minutes=parameters["dispatch_min"])
        return _steps(caller, table, "file").filter(
            at__gte=window.begins - limit, at__lt=window.until - limit
        )
    step = {"dispatches": "dispatch", "handlings": "finish"}[root]
    return _steps(caller, table, step).filter(at__gte=window.begins, at__lt=window.until)


def narrowed(
    table: IndicatorTable,
    procedure: ProcedureTable,
    measure: str,
    window: Window,
    parameters: Mapping[str, int],
) -> Q:
    """Return what makes a row of the measure's `of` a row of the measure itself."""
    steps = table.steps
    if measure == "filed":
        return Q(state__in=states_after(procedure, steps["file"]))
    if measure == "due_handling":
        return Q(state__in=states_after(procedure, steps["dispatch"]))
    if measure == "closed":
        return Q(closed_at__lt=window.ends)
    if measure == "closed_in_time":
        return Q(closed_at__lte=F("due_at"))
    if measure == "satisfied":
        return Q(rating__gte=parameters["satisfied_from"])
    if measure == "overdue_days":
        return Q(overdue_days__gt=0)
    if measure == "responded":
        limit = timedelta(minutes=parameters["response_min"])
        return Q(Exists(_of_case(steps["respond"], at__lte=_later("opened_at", limit))))
    if measure in ("delayed", "suspended"):
        return Q(Exists(_of_case(steps["delay" if measure == "delayed" else "suspend"])))
    if measure == "handled_in_time":
        return Q(Exists(_of_case(steps["finish"], at__lte=OuterRef("due_at"))))
    if measure == "dispatched_in_time":
        limit = timedelta(minutes=parameters["dispatch_min"])
        followed = CaseStatus.objects.filter(
            case_id=OuterRef("case_id"), action__in=steps["dispatch"], at__gte=OuterRef("at")
        )
        return Q(Exists(followed.filter(at__lte=_later("at", limit))))
    undone = {"dispatches": ("return", "dispatch"), "handlings": ("rework", "finish")}
    effect, cause = undone["handlings" if measure == "handlings_reworked" else "dispatches"]
    caused = Q(pk__in=_undone(steps[effect], steps[cause], window))
    return ~caused if measure == "dispatches_kept" else caused


@dataclass(frozen=True, slots=True)
class _Final:
    """The final states: those that mean done, those that mean refused."""

    done: tuple[str, ...]
    refused: tuple[str, ...]


def _states() -> _Final:
    final = [state for state in rulebook().procedure.states.values() if state.final]
    return _Final(
        tuple(state.code for state in final if state.tone == "done"),
        tuple(state.code for state in final if state.tone != "done"),
    )


def states_after(procedure: ProcedureTable, actions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the states a case can only be in once one of the actions was taken, refused ones left out."""
    before = _reachable(procedure, {procedure.initial}, frozenset(actions))
    return tuple(
        code
        for code, state in procedure.states.items()
        if code not in before and not (state.final and state.tone != "done")
    )


def _reachable(procedure: ProcedureTable, begin: set[str], without: frozenset[str]) -> set[str]:
    found, border = set(begin), set(begin)
    while border:
        border = {
            row.to
            for row in procedure.transitions
            if row.action not in without and border & set(row.from_states)
        } - found
        found |= border
    return found


def _is_due(window: Window) -> Q:
    """Due inside the window, or due before it and still open when it began; nothing is due while its clock stands."""
    inside = Q(due_at__gte=window.begins, due_at__lt=window.until)
    return inside | Q(due_at__lt=window.begins) & (
        Q(closed_at__isnull=True) | Q(closed_at__gte=window.begins)
    )


def _steps(caller: Caller, table: IndicatorTable, step: str) -> QuerySet[CaseStatus]:
    found = CaseStatus.objects.filter(action__in=table.steps[step])
    return rows(caller, "case", found, area="case__area_code", department="case__department_code")


def _of_case(actions: tuple[str, ...], **more: Any) -> QuerySet[CaseStatus]:
    return CaseStatus.objects.filter(case_id=OuterRef("pk"), action__in=actions, **more)


def _later(column: str, limit: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(column) + Value(limit), output_field=DateTimeField())


def _undone(effects: tuple[str, ...], causes: tuple[str, ...], window: Window) -> QuerySet[Any]:
    """Return the ids of steps that a later step undid, each once: every effect undoes the cause next before it."""
    before = CaseStatus.objects.filter(case_id=OuterRef("case_id"), action__in=causes, at__lte=OuterRef("at"))
    caused = CaseStatus.objects.filter(action__in=effects, at__gte=window.begins).annotate(
        cause=Subquery(before.filter(id__lt=OuterRef("id")).order_by("-at", "-id").values("id")[:1])
    )
    return caused.filter(cause__isnull=False).values("cause")


def _with_days(cases: QuerySet[Case], window: Window) -> QuerySet[Case]:
    """Give cases the days of the window at whose end they were open, and those at which they were overdue too."""
    first, last = (Value(day, DateField()) for day in (window.first_on, window.counted_to))
    ended = Least(last, TruncDate("closed_at"))
    begun, late = TruncDate("opened_at"), TruncDate("due_at")
    open_days = Greatest(Value(0), DaysBetween(ended, Greatest(first, begun)))
    overdue_days = Greatest(Value(0), DaysBetween(ended, Greatest(first, begun, late)))
    present = Q(closed_at__isnull=True) | Q(closed_at__gte=window.begins)
    found = cases.filter(present, opened_at__lt=window.until)
    return found.annotate(open_days=open_days, overdue_days=overdue_days).filter(open_days__gt=0)
