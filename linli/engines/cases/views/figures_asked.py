"""What a person asks of the figures, read from the address and written back to it, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from linli.engines.cases.queries.indicators import OBJECTS, Scope, this_period, today
from linli.engines.cases.rules.periods import period_after, period_before
from linli.engines.cases.types.indicators import PARTS, PERIODS, IndicatorTable, Period

PERIOD_WORDS = {
    "day": _l("日"),
    "week": _l("周"),
    "month": _l("月"),
    "quarter": _l("季度"),
    "year": _l("年"),
}
OBJECT_WORDS = {"town": _l("按镇街"), "village": _l("按村社"), "department": _l("按部门")}


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """One question to the figures: which days, compared by what, within which area and department."""

    kind: str
    period: Period
    by: str
    scope: Scope
    indicator: str
    part: str = "denominator"

    def pairs(self) -> list[tuple[str, str]]:
        """Return the question as parameters of an address, empty ones left out."""
        found = (
            ("period", self.kind),
            ("on", self.period.begins_on.isoformat()),
            ("by", self.by),
            ("area", self.scope.area),
            ("department", self.scope.department),
            ("indicator", self.indicator),
        )
        return [(name, value) for name, value in found if value]

    def address(self, name: str = "cases:figures", part: str = "", **changes: Any) -> str:
        """Return the address of this question with `changes`; `part` for the list behind a figure."""
        query = QueryDict(mutable=True)
        for key, value in replace(self, **changes).pairs():
            query.appendlist(key, value)
        if part:
            query["part"] = part
        return f"{reverse(name)}?{query.urlencode()}"

    def within(self, key: str) -> Scope:
        """Return the scope narrowed to one object of the comparison."""
        if self.by == "department":
            return replace(self.scope, department=key)
        return replace(self.scope, area=key)

    @property
    def is_running(self) -> bool:
        """Tell whether the period is not over."""
        return self.period.ends_on > today()

    def former(self) -> Period:
        """Return the period before."""
        return period_before(self.period)

    def next(self) -> Period | None:
        """Return the period after, None when it has not begun."""
        after = period_after(self.period)
        return after if after.begins_on <= today() else None


def read_asked(query: QueryDict, table: IndicatorTable) -> FiguresAsked:
    """Read the address; what cannot be understood is left out, never an error."""
    kind = query.get("period", "")
    kind = kind if kind in PERIODS else "month"
    by = query.get("by", "")
    indicator = query.get("indicator", "")
    part = query.get("part", "")
    area = query.get("area", "")
    return FiguresAsked(
        kind=kind,
        period=this_period(kind, _day(query.get("on", ""))),
        by=by if by in OBJECTS else "town",
        scope=Scope(
            area if area.isascii() and area.isdigit() and len(area) <= 15 else "",
            query.get("department", "")[:64].replace("\x00", ""),
        ),
        indicator=indicator if indicator in table.indicators else next(iter(table.indicators)),
        part=part if part in PARTS else "denominator",
    )


def period_words(period: Period) -> str:
    """Say which days: "2016年12月", "2016年第4季度"."""
    begins = period.begins_on
    if period.kind == "year":
        # Translators: a Django date format, not a sentence.
        return formats.date_format(begins, _("Y年"))
    if period.kind == "quarter":
        return _("%(year)s年第%(number)s季度") % {"year": begins.year, "number": (begins.month + 2) // 3}
    if period.kind == "month":
        # Translators: a Django date format, not a sentence.
        return formats.date_format(begins, _("Y年n月"))
    # Translators: a Django date format, not a sentence.
    first = formats.date_format(begins, _("Y年n月j日"))
    if period.kind == "day":
        return first
    # Translators: a Django date format, not a sentence.
    last = formats.date_format(period.ends_on - timedelta(days=1), _("n月j日"))
    return f"{first} – {last}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
