"""Lists of cases: filter, sort, page; the counts are counts of the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import Case
from linli.engines.cases.queries.visible import Caller, case_rows, cases_visible
from linli.engines.cases.types import PRIORITIES, SOURCES, CaseFilter, CasePage, CaseRow
from linli.engines.cases.types.sights import SORTS
from linli.kernel import clock
from linli.kernel.errors import Unprocessable

PAGE_LIMIT = 200
CODE_START = re.compile(r"\d{4,8}(-[0-9A-Z]*)?", re.I)
TRUE = frozenset({"1", "true", "yes", "on"})


def case_filter(params: Mapping[str, str]) -> CaseFilter:
    """Read a filter from query parameters: state (comma separated), department, holder, area, category, source,
    priority, overdue, open, q, sort, page, page_size. Others are ignored.

    ERRORS: Unprocessable bad_filter naming the parameter whose value is not known.
    """
    read = {key: str(value).strip() for key, value in params.items()}
    sort = read.get("sort", "") or "due"
    if sort not in SORTS:
        raise _bad("sort", sort)
    for name, known in (("priority", PRIORITIES), ("source", SOURCES)):
        if read.get(name) and read[name] not in known:
            raise _bad(name, read[name])
    return CaseFilter(
        states=tuple(part for part in read.get("state", "").split(",") if part),
        department=read.get("department", ""),
        holder=read.get("holder", ""),
        area=_digits(read, "area"),
        category=read.get("category", ""),
        source=read.get("source", ""),
        priority=read.get("priority", ""),
        overdue=read.get("overdue", "").lower() in TRUE,
        open=read["open"].lower() in TRUE if read.get("open") else None,
        q=read.get("q", "")[:100],
        sort=sort,
        page=_number(read, "page", 1, 1_000_000),
        page_size=_number(read, "page_size", 50, PAGE_LIMIT),
    )


def cases_filtered(caller: Caller, wanted: CaseFilter) -> QuerySet[Case]:
    """Return the visible cases that fit a filter, in its order (ties by id, so pages never overlap)."""
    found = cases_visible(caller)
    if wanted.states:
        found = found.filter(state__in=wanted.states)
    for column, value in (
        ("department_code", wanted.department),
        ("holder_code", wanted.holder),
        ("source", wanted.source),
        ("priority", wanted.priority),
        ("area_code__startswith", wanted.area),
        ("category_code__startswith", wanted.category),
    ):
        if value:
            found = found.filter(**{column: value})
    if wanted.overdue:
        found = found.filter(closed_at__isnull=True, paused_at__isnull=True, due_at__lt=clock.now())
    if wanted.open is not None:
        found = found.filter(closed_at__isnull=wanted.open)
    if wanted.q:
        found = found.filter(_matches(wanted.q))
    return found.order_by(*SORTS[wanted.sort])


def case_list(caller: Caller, wanted: CaseFilter) -> CasePage:
    """Return one page of the cases the caller may see.

    SHAPE: `total` counts the rows of all pages; a page beyond the last is empty. COST: two queries.
    """
    found = cases_filtered(caller, wanted)
    total = found.count()
    first = (wanted.page - 1) * wanted.page_size
    page = found[first : first + wanted.page_size] if first < total else ()
    return CasePage(case_rows(page), total, wanted.page, wanted.page_size)


def case_export(caller: Caller, wanted: CaseFilter, limit: int = 100_000) -> Iterator[CaseRow]:
    """Yield every row of a list in its order, for an export. COST: one query, read in batches."""
    at = clock.now()
    for case in cases_filtered(caller, wanted)[:limit].iterator(chunk_size=2_000):
        yield from case_rows((case,), at)


def case_counts(caller: Caller, wanted: CaseFilter) -> dict[str, int]:
    """Count the rows of a list by state, whatever states the filter names. COST: one query."""
    anywhere = replace(wanted, states=())
    counted = cases_filtered(caller, anywhere).order_by().values_list("state").annotate(rows=Count("id"))
    return dict(counted)


def local_day(on: date | None = None) -> tuple[datetime, datetime]:
    """Return the bounds (half-open) of a calendar day of the city, today by default."""
    on = on or timezone.localdate(clock.now())
    zone = timezone.get_default_timezone()
    return tuple(datetime.combine(on + timedelta(days=n), time.min, zone) for n in (0, 1))  # type: ignore[return-value]


def _matches(q: str) -> Q:
    """A code by its beginning; else words anywhere in the text or the address."""
    if CODE_START.fullmatch(q):
        return Q(code__startswith=q.upper())
    return Q(description__icontains=q) | Q(address__icontains=q)


def _digits(read: Mapping[str, str], name: str) -> str:
    value = read.get(name, "")
    if value and not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise _bad(name, value)
    return value


def _number(read: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = read.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise _bad(name, value)
    return int(value)


def _bad(name: str, value: str) -> Unprocessable:
    return Unprocessable(
        "bad_filter",
        _("筛选条件 %(name)s 的值“%(value)s”不认识。") % {"name": name, "value": value[:40]},
        _("请改用页面上列出的选项。"),
        field=name,
    )
