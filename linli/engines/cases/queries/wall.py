"""Figures of the wall: today in the city's calendar day, the newest, the overdue, the last hour by the minute.

Everything is counted over what the caller may see, so the wall of a town shows the town.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left, TruncMinute

from linli.engines.cases.models import Case, CaseStatus
from linli.engines.cases.queries.lists import local_day
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.queries.visible import Caller, case_rows, cases_visible
from linli.engines.cases.types import CaseRow, Category, State
from linli.kernel import clock

NEAR_DUE = timedelta(hours=1)
TOWN_DIGITS = 9
MINUTES = 60


@dataclass(frozen=True, slots=True)
class TodayCounts:
    """The figures of today. `overdue` and `near_due` (within an hour) count open cases, also of earlier days.

    SHAPE: `by_state` counts open cases and those closed today, in the procedure's order; `by_category` those opened
    today by 大类 and `by_town` by town code (9 digits), most first.
    """

    opened: int
    closed: int
    closed_in_time: int
    open: int
    overdue: int
    near_due: int
    by_state: tuple[tuple[State, int], ...]
    by_category: tuple[tuple[Category, int], ...]
    by_town: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HourLine:
    """Events of one minute: when it began, how many cases were opened, moved on and closed in it."""

    at: datetime
    opened: int
    moved: int
    closed: int


def counts_today(caller: Caller) -> TodayCounts:
    """Count today. COST: four queries on indexed columns."""
    begins, ends = local_day()
    at = clock.now()
    seen = cases_visible(caller)
    today = Q(opened_at__gte=begins, opened_at__lt=ends)
    closed = seen.filter(closed_at__gte=begins, closed_at__lt=ends, state=_done_state())
    open_cases = seen.filter(closed_at__isnull=True)
    running = open_cases.aggregate(
        open=Count("id"),
        overdue=Count("id", filter=Q(due_at__lt=at, paused_at__isnull=True)),
        near_due=Count("id", filter=Q(due_at__gte=at, due_at__lt=at + NEAR_DUE, paused_at__isnull=True)),
    )
    done = closed.aggregate(closed=Count("id"), in_time=Count("id", filter=Q(closed_at__lte=F("due_at"))))
    opened_today = list(
        seen.filter(today)
        .values_list("category_code", Left("area_code", TOWN_DIGITS))
        .annotate(rows=Count("id"))
    )
    return TodayCounts(
        opened=sum(rows for *_group, rows in opened_today),
        closed=done["closed"],
        closed_in_time=done["in_time"],
        open=running["open"],
        overdue=running["overdue"],
        near_due=running["near_due"],
        by_state=_by_state(seen, begins, ends),
        by_category=_by_category(opened_today),
        by_town=_most_first(_summed(opened_today, 1)),
    )


def newest(caller: Caller, count: int = 8) -> tuple[CaseRow, ...]:
    """Return the cases opened last, newest first. COST: one query."""
    return case_rows(cases_visible(caller).order_by("-opened_at", "-id")[:count])


def overdue(caller: Caller, count: int = 8) -> tuple[CaseRow, ...]:
    """Return the open cases past their due time, longest overdue first. COST: one query."""
    late = cases_visible(caller).filter(
        closed_at__isnull=True, paused_at__isnull=True, due_at__lt=clock.now()
    )
    return case_rows(late.order_by("due_at", "id")[:count])


def timeline_hour(caller: Caller) -> tuple[HourLine, ...]:
    """Return the last 60 minutes, oldest first, the running one last; a quiet minute is a line of zeros.

    COST: one query over the last hour's steps.
    """
    now = clock.now().replace(second=0, microsecond=0)
    begins = now - timedelta(minutes=MINUTES - 1)
    done = _done_state()
    steps = CaseStatus.objects.filter(at__gte=begins, case__in=cases_visible(caller).values("id"))
    counted: Mapping[datetime, tuple[int, int, int]] = {
        minute: (opened, moved, closed)
        for minute, opened, moved, closed in steps.annotate(minute=TruncMinute("at"))
        .values_list("minute")
        .annotate(
            opened=Count("id", filter=Q(action="open")),
            moved=Count("id", filter=~Q(action="open") & ~Q(state=done)),
            closed=Count("id", filter=Q(state=done)),
        )
        .order_by("minute")
    }
    minutes = (begins + timedelta(minutes=offset) for offset in range(MINUTES))
    return tuple(HourLine(minute, *counted.get(minute, (0, 0, 0))) for minute in minutes)


def _done_state() -> str:
    """The final state that means done, not refused: the one whose tone says so."""
    return next(
        code for code, state in rulebook().procedure.states.items() if state.final and state.tone == "done"
    )


def _by_state(seen: QuerySet[Case], begins: datetime, ends: datetime) -> tuple[tuple[State, int], ...]:
    shown = seen.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=begins, closed_at__lt=ends))
    counted = dict(shown.order_by().values_list("state").annotate(rows=Count("id")))
    return tuple((state, counted.get(code, 0)) for code, state in rulebook().procedure.states.items())


def _by_category(groups: list[tuple[str, str, int]]) -> tuple[tuple[Category, int], ...]:
    catalogue = rulebook().catalogue
    summed: dict[str, int] = {}
    for code, rows in _summed(groups, 0).items():
        category = catalogue.by_code.get(code)
        if category is not None:
            big = category.parent or category.code
            summed[big] = summed.get(big, 0) + rows
    return tuple((catalogue.by_code[code], rows) for code, rows in _most_first(summed))


def _summed(groups: list[tuple[str, str, int]], position: int) -> dict[str, int]:
    total: dict[str, int] = {}
    for group in groups:
        key = str(group[position])
        total[key] = total.get(key, 0) + group[2]
    return total


def _most_first(counted: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
