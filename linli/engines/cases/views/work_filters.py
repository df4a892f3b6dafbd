"""What a person asks of the queue, read from the address and written back to it: scope, filters, order, page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from linli.kernel import clock

SCOPES = ("mine", "open", "closed", "all")
ORDERS = ("due", "opened", "changed")
VIEWS = ("list", "map")
TEXT_MAX = 80


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """One question to the queue. Days are local and inclusive; codes are the city's, unknown ones match nothing.

    `sort` is one of ORDERS, with "-" in front for the last first.
    """

    scope: str = "mine"
    states: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    is_overdue_only: bool = False
    opened_from: date | None = None
    opened_to: date | None = None
    text: str = ""
    sort: str = "due"
    view: str = "list"
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything beyond the scope narrows the list."""
        return bool(self.pairs(narrowing_only=True))

    @property
    def order(self) -> tuple[str, bool]:
        """SHAPE: (one of ORDERS, last first?)."""
        return self.sort.removeprefix("-"), self.sort.startswith("-")

    def pairs(self, *, narrowing_only: bool = False) -> list[tuple[str, str]]:
        """Return the filter as parameters of an address, defaults left out but for the scope."""
        found = [
            *(("state", code) for code in self.states),
            *(("department", code) for code in self.departments),
            *(("town", code) for code in self.towns),
            *(("category", code) for code in self.categories),
        ]
        if self.is_overdue_only:
            found.append(("overdue", "1"))
        found += [
            (name, day.isoformat())
            for name, day in (("from", self.opened_from), ("to", self.opened_to))
            if day
        ]
        if self.text:
            found.append(("q", self.text))
        if narrowing_only:
            return found
        found.insert(0, ("scope", self.scope))
        defaults = (("sort", self.sort, "due"), ("view", self.view, "list"), ("page", str(self.page), "1"))
        return found + [(name, value) for name, value, usual in defaults if value != usual]

    def address(self, name: str = "cases:work_cases", **changes: Any) -> str:
        """Return the address of this question with `changes`; every change but of the page goes to page 1."""
        asked = replace(self, **({"page": 1} | changes))
        query = QueryDict(mutable=True)
        for key, value in asked.pairs():
            query.appendlist(key, value)
        return f"{reverse(name)}?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in use; its address is the list without it."""

    label: str
    value: str
    url: str


def read_filter(query: QueryDict, usual_scope: str) -> QueueFilter:
    """Read the address; what cannot be understood is left out, never an error."""
    scope, sort, view = query.get("scope", ""), query.get("sort", ""), query.get("view", "")
    page = query.get("page", "")
    return QueueFilter(
        scope=scope if scope in SCOPES else usual_scope,
        states=_codes(query, "state"),
        departments=_codes(query, "department"),
        towns=_codes(query, "town"),
        categories=_codes(query, "category"),
        is_overdue_only=query.get("overdue") == "1",
        opened_from=_day(query.get("from", "")),
        opened_to=_day(query.get("to", "")),
        text=query.get("q", "").replace("\x00", "").strip()[:TEXT_MAX],
        sort=sort if sort.removeprefix("-") in ORDERS and sort.count("-") <= 1 else "due",
        view=view if view in VIEWS else "list",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def narrowing(asked: QueueFilter) -> Q:
    """Return the predicate of everything but the scope."""
    found = Q()
    if asked.states:
        found &= Q(state__in=asked.states)
    if asked.departments:
        found &= Q(department_code__in=asked.departments) | Q(holder_code__in=asked.departments)
    if asked.towns:
        found &= _any(Q(area_code__startswith=code) for code in asked.towns)
    if asked.categories:
        found &= _any(Q(category_code__startswith=code) for code in asked.categories)
    if asked.is_overdue_only:
        found &= Q(closed_at__isnull=True, paused_at__isnull=True, due_at__lt=clock.now())
    if asked.opened_from:
        found &= Q(opened_at__gte=_midnight(asked.opened_from))
    if asked.opened_to:
        found &= Q(opened_at__lt=_midnight(asked.opened_to + timedelta(days=1)))
    if asked.text:
        found &= (
            Q(code__istartswith=asked.text)
            | Q(description__icontains=asked.text)
            | Q(address__icontains=asked.text)
        )
    return found


def scope_predicates(mine: Q) -> dict[str, Q]:
    """Return the predicate of each scope; `mine` says what waits for this person."""
    return {
        "mine": mine,
        "open": Q(closed_at__isnull=True),
        "closed": Q(closed_at__isnull=False),
        "all": Q(),
    }


def ordering(asked: QueueFilter) -> list[Any]:
    """Return the order of rows: total, so that pages never overlap. Closed cases have no due time to sort by."""
    name, is_reversed = asked.order
    column = F({"due": "due_at", "opened": "opened_at", "changed": "changed_at"}[name])
    first = (
        [F("closed_at").desc(nulls_first=True)] if name == "due" and asked.scope in ("closed", "all") else []
    )
    return [*first, column.desc() if is_reversed else column.asc(), "-pk" if is_reversed else "pk"]


def chips(asked: QueueFilter, names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Return the removable filters in use. `names` gives, by parameter, the name of each code."""
    found = []
    fields = (
        ("state", "states", _("状态")),
        ("department", "departments", _("部门")),
        ("town", "towns", _("镇街")),
        ("category", "categories", _("类别")),
    )
    for parameter, attribute, label in fields:
        codes = getattr(asked, attribute)
        for code in codes:
            without: dict[str, Any] = {attribute: tuple(other for other in codes if other != code)}
            found.append(Chip(label, names[parameter].get(code, code), asked.address(**without)))
    if asked.is_overdue_only:
        found.append(Chip("", _("只看超期"), asked.address(is_overdue_only=False)))
    if asked.opened_from:
        found.append(Chip(_("从"), _day_words(asked.opened_from), asked.address(opened_from=None)))
    if asked.opened_to:
        found.append(Chip(_("到"), _day_words(asked.opened_to), asked.address(opened_to=None)))
    if asked.text:
        found.append(Chip(_("搜索"), asked.text, asked.address(text="")))
    return found


def _any(predicates: Any) -> Q:
    total = Q()
    for predicate in predicates:
        total |= predicate
    return total


def _codes(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code[:64].replace("\x00", "") for code in query.getlist(name)[:20] if code))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day_words(day: date) -> str:
    # Translators: a Django date format, not a sentence.
    return formats.date_format(day, _("Y年n月j日"))
