"""Indicators counted over what the caller may see: numerator, denominator, and the very rows behind both.

A figure and the list behind it are the same query, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import Indicators
from linli.engines.cases.queries.measures import TOWN_DIGITS, VILLAGE_DIGITS, Window, narrowed, whole
from linli.engines.cases.queries.rulebook import FAMILY, rulebook
from linli.engines.cases.queries.visible import Caller
from linli.engines.cases.rules.indicators import MEASURES, indicator_table, parts_from_root, root_of
from linli.engines.cases.rules.periods import period_of
from linli.engines.cases.types.indicators import Indicator, IndicatorTable, Period, Share
from linli.kernel import clock
from linli.kernel.errors import Unprocessable

OBJECTS = ("town", "village", "department")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows: of a town or village (code prefix), of a department; empty is all the caller may see."""

    area: str = ""
    department: str = ""


def indicators() -> IndicatorTable:
    """Return the indicators in force. ERRORS: Unprocessable city_not_loaded. COST: one indexed query."""
    found = Indicators.objects.filter(code=FAMILY).order_by("-version").values_list("version", "content_hash")
    newest = found.first()
    if newest is None:
        raise Unprocessable(
            "city_not_loaded",
            _("城市的绩效指标还没有装入。"),
            _("请管理员运行 linli load-city。"),
            status=503,
        )
    return _version(*newest)


@lru_cache(maxsize=8)
def _version(version: int, content_hash: str) -> IndicatorTable:
    row = Indicators.objects.get(code=FAMILY, version=version, content_hash=content_hash)
    return indicator_table(row.table, version)


def today() -> date:
    """Return the city's calendar day."""
    return timezone.localdate(clock.now())


def this_period(kind: str, on: date | None = None) -> Period:
    """Return the period of a kind that holds a day, today's by default."""
    return period_of(kind, on or today())


def shares(
    caller: Caller,
    table: IndicatorTable,
    period: Period,
    scope: Scope = Scope(),
    by: str = "",
    only: Iterable[str] = (),
) -> dict[str, dict[str, Share]]:
    """Count indicators, for each object of a kind, or in one when `by` is empty.

    SHAPE: {object code: {indicator code: Share}}, the key "" when `by` is empty. An object without a row in a
    denominator has 0 of 0. COST: one grouped query for each whole that is counted, seven at most.
    """
    wanted = [table.indicators[code] for code in only] if only else list(table.indicators.values())
    counted: dict[str, dict[str, int]] = {}
    for root in dict.fromkeys(root_of(indicator.denominator) for indicator in wanted):
        asked = [one for one in wanted if root_of(one.denominator) == root]
        for key, counts in _counts(caller, table, period, scope, by, root, asked).items():
            counted.setdefault(key, {}).update(counts)
    if not by:
        counted.setdefault("", {})
    return {
        key: {
            one.code: Share(
                counts.get(f"{one.code}__numerator", 0), counts.get(f"{one.code}__denominator", 0)
            )
            for one in wanted
        }
        for key, counts in counted.items()
    }


def total(found: Mapping[str, Mapping[str, Share]], code: str) -> Share:
    """Add one indicator up over its objects: they share no row, so this is the figure of the whole."""
    parts = [row[code] for row in found.values()]
    return Share(sum(one.numerator for one in parts), sum(one.denominator for one in parts))


def rows_behind(
    caller: Caller, table: IndicatorTable, indicator: Indicator, part: str, period: Period, scope: Scope
) -> QuerySet[Any]:
    """Return the rows a figure counts, latest first: of its numerator, its denominator, or the rest of it.

    SHAPE: Case, with `days` for case-days, or CaseStatus with its case, by the indicator's grain.
    """
    window = window_of(period)
    root = root_of(indicator.denominator)
    found = _scoped(whole(caller, table, root, window, indicator.parameters), root, scope)
    found = found.filter(_condition(table, indicator, indicator.denominator, window))
    numerator = _condition(table, indicator, indicator.numerator, window)
    if part == "numerator":
        found = found.filter(numerator)
    if part == "rest":
        found = found.exclude(pk__in=found.filter(numerator).values("pk"))
    if MEASURES[root].grain == "open_day":
        days: Any = F("overdue_days") if part == "numerator" else F("open_days")
        if part == "rest":
            found = whole(caller, table, root, window, indicator.parameters)
            found = _scoped(found, root, scope).filter(open_days__gt=F("overdue_days"))
            days = F("open_days") - F("overdue_days")
        return found.annotate(days=days).order_by("-opened_at", "-id")
    if MEASURES[root].grain == "transition":
        return found.select_related("case").order_by("-at", "-id")
    return found.order_by("-opened_at", "-id")


def rows_count(rows: QuerySet[Any]) -> int:
    """Return what the rows behind a figure come to: as many as there are, or their days. COST: one query."""
    if "days" in rows.query.annotations:
        return int(rows.order_by().aggregate(total=Coalesce(Sum("days"), 0))["total"])
    return rows.count()


def window_of(period: Period) -> Window:
    """Return the moments of a period: its begin, its end, and up to when it can be told by now."""
    zone = timezone.get_default_timezone()
    begins, ends = (datetime.combine(day, time.min, zone) for day in (period.begins_on, period.ends_on))
    return Window(begins, ends, min(ends, clock.now()), period.begins_on, min(period.ends_on, today()))


def _counts(
    caller: Caller,
    table: IndicatorTable,
    period: Period,
    scope: Scope,
    by: str,
    root: str,
    asked: list[Indicator],
) -> dict[str, dict[str, int]]:
    """Count the numerators and denominators of the indicators that are parts of one whole."""
    window = window_of(period)
    counted: dict[str, dict[str, int]] = {}
    for parameters in _distinct([indicator.parameters for indicator in asked], root):
        found = _scoped(whole(caller, table, root, window, parameters), root, scope)
        columns = {}
        for one in asked:
            if MEASURES[root].parameter and one.parameters != parameters:
                continue
            for part in ("numerator", "denominator"):
                measure = getattr(one, part)
                columns[f"{one.code}__{part}"] = (
                    Coalesce(Sum(measure), 0)
                    if MEASURES[root].grain == "open_day"
                    else Count("pk", filter=_condition(table, one, measure, window))
                )
        if not by:
            counted.setdefault("", {}).update(found.order_by().aggregate(**columns))
            continue
        grouped = found.order_by().annotate(object=_object(root, by)).values("object").annotate(**columns)
        for row in grouped:
            counted.setdefault(row.pop("object"), {}).update(row)
    return counted


def _distinct(found: list[Mapping[str, int]], root: str) -> list[Mapping[str, int]]:
    """The whole itself depends on the parameters only where its measure has one."""
    if not MEASURES[root].parameter:
        return [{}]
    return list({tuple(sorted(one.items())): one for one in found}.values())


def _condition(table: IndicatorTable, indicator: Indicator, measure: str, window: Window) -> Q:
    condition = Q()
    for part in parts_from_root(measure)[1:]:
        condition &= narrowed(table, rulebook().procedure, part, window, indicator.parameters)
    return condition or Q(pk__isnull=False)


def _prefix(root: str) -> str:
    return "case__" if MEASURES[root].grain == "transition" else ""


def _scoped(found: QuerySet[Any], root: str, scope: Scope) -> QuerySet[Any]:
    if scope.area:
        found = found.filter(**{f"{_prefix(root)}area_code__startswith": scope.area})
    return found.filter(department_code=scope.department) if scope.department else found


def _object(root: str, by: str) -> Any:
    if by == "department":
        return F("department_code")
    return Left(f"{_prefix(root)}area_code", TOWN_DIGITS if by == "town" else VILLAGE_DIGITS)
