"""The figures as they are drawn: lines, findings, charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.queries.indicators import shares, total
from linli.engines.cases.queries.visible import Caller
from linli.engines.cases.rules.indicators import MEASURES, score
from linli.engines.cases.rules.periods import period_before
from linli.engines.cases.types.indicators import Indicator, IndicatorTable, Scored, Share
from linli.engines.cases.views.figures_asked import FiguresAsked, period_words
from linli.engines.cases.views.work_names import Names
from linli.ui.templatetags.ui import named
from linli.ui.twins import Table, table_of

TREND_PERIODS = 6
Shares = Mapping[str, Mapping[str, Share]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the addresses of the rows behind it."""

    percent: str
    share: Share
    numerator_url: str
    denominator_url: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the whole: its figure, what it was before, what it means."""

    indicator: Indicator
    url: str
    is_chosen: bool
    figure: Figure
    numerator: str
    denominator: str
    former: str
    change: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class ObjectLine:
    """One town, village or department: its score and its figures in the order of the columns."""

    key: str
    name: str
    url: str
    scored: Scored | None
    figures: tuple[Figure, ...]


def percent_words(share: Share) -> str:
    """Say a share with two digits, as it is published; a dash when there is nothing to share."""
    return f"{share.percent:.2f}%" if share.percent is not None else "–"


def measure_words(code: str) -> str:
    """Return what a measure is called in the reader's language."""
    return named(MEASURES[code])


def columns(table: IndicatorTable, asked: FiguresAsked) -> list[Indicator]:
    """Return the indicators of the comparison: the chosen one, then those of the score."""
    codes = dict.fromkeys((asked.indicator, *table.scoring.weights))
    return [table.indicators[code] for code in codes]


def figure(asked: FiguresAsked, code: str, share: Share, **changes: Any) -> Figure:
    """Make a figure that leads to its rows."""
    numerator, denominator = (
        asked.address("cases:figures_behind", part, indicator=code, **changes)
        for part in ("numerator", "denominator")
    )
    return Figure(percent_words(share), share, numerator, denominator)


def indicator_lines(
    table: IndicatorTable, asked: FiguresAsked, now: Shares, before: Mapping[str, Share]
) -> list[IndicatorLine]:
    """Return a line for every indicator, in the city's order."""
    lines = []
    for code, indicator in table.indicators.items():
        share = total(now, code)
        change = _change(share, before[code])
        lines.append(
            IndicatorLine(
                indicator=indicator,
                url=asked.address(indicator=code),
                is_chosen=code == asked.indicator,
                figure=figure(asked, code, share),
                numerator=measure_words(indicator.numerator),
                denominator=measure_words(indicator.denominator),
                former=percent_words(before[code]),
                change=f"{change:+.2f}" if change is not None else "–",
                is_worse=change is not None and change != 0 and (change < 0) == (indicator.better == "high"),
            )
        )
    return lines


def object_lines(table: IndicatorTable, asked: FiguresAsked, now: Shares, names: Names) -> list[ObjectLine]:
    """Return a line for every object that has rows, the lowest score first."""
    lines = []
    for key, row in now.items():
        scope = asked.within(key)
        changes: dict[str, Any] = {"scope": scope}
        inner = "village" if asked.by == "town" else asked.by
        lines.append(
            ObjectLine(
                key=key,
                name=object_name(asked, key, names),
                url=asked.address(scope=scope, by=inner) if asked.by == "town" else "",
                scored=score(table.scoring, table.indicators, row),
                figures=tuple(
                    figure(asked, one.code, row[one.code], **changes) for one in columns(table, asked)
                ),
            )
        )
    return sorted(lines, key=lambda line: (line.scored.score if line.scored else 101, line.key))


def object_name(asked: FiguresAsked, key: str, names: Names) -> str:
    """Return what an object is called; its code when nobody knows."""
    name = names.department(key) if asked.by == "department" else names.division(key)
    return name or key or _("未分派")


def ranked(asked: FiguresAsked, indicator: Indicator, now: Shares, names: Names) -> list[tuple[str, Share]]:
    """Return the objects that have a figure for an indicator, the one to look at first."""
    found = [
        (object_name(asked, key, names), row[indicator.code])
        for key, row in now.items()
        if row[indicator.code].denominator
    ]
    direction = 1 if indicator.better == "high" else -1
    return sorted(found, key=lambda pair: (direction * (pair[1].percent or 0), pair[0]))


def comparison_words(rows: list[tuple[str, Share]]) -> str:
    """Say in one sentence what a comparison shows; "" when there is nothing to compare."""
    if not rows:
        return ""
    (worst, low), (best, high) = rows[0], rows[-1]
    values = {
        "worst": worst,
        "low": percent_words(low),
        "numerator": low.numerator,
        "denominator": low.denominator,
        "best": best,
        "high": percent_words(high),
    }
    if len(rows) == 1:
        return _("只有%(worst)s有数据：%(low)s（%(numerator)s/%(denominator)s）。") % values
    if low.percent == high.percent:
        return _("%(count)s 个对象相同，都是 %(low)s。") % (values | {"count": len(rows)})
    return _("先看%(worst)s：%(low)s（%(numerator)s/%(denominator)s）；最好的是%(best)s：%(high)s。") % values


def comparison_chart(
    indicator: Indicator, rows: list[tuple[str, Share]], heading: str
) -> tuple[dict[str, Any], Table]:
    """Return the chart of a comparison, the object to look at first on top, and its table."""
    option = {
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _share in rows],
            "name": heading,
        },
        "xAxis": {"type": "value", "max": 100, "min": 0},
        "series": [
            {
                "type": "bar",
                "name": named(indicator),
                "data": [round(share.percent or 0, 2) for _name, share in rows],
                "tone": "blue",
            }
        ],
    }
    headings = [
        heading,
        named(indicator),
        measure_words(indicator.numerator),
        measure_words(indicator.denominator),
    ]
    cells = [[name, percent_words(share), share.numerator, share.denominator] for name, share in rows]
    return option, table_of(headings, cells)


def trend(
    caller: Caller, table: IndicatorTable, asked: FiguresAsked, known: tuple[Share, Share]
) -> list[tuple[str, Share]]:
    """Return the chosen indicator over the last periods, oldest first; `known` are the last two, latest first.

    COST: one query for each period that is not known.
    """
    period, found = asked.period, []
    for number in range(TREND_PERIODS):
        share = (
            known[number]
            if number < len(known)
            else shares(caller, table, period, asked.scope, only=[asked.indicator])[""][asked.indicator]
        )
        found.append((period_words(period), share))
        period = period_before(period)
    return found[::-1]


def trend_words(indicator: Indicator, rows: list[tuple[str, Share]]) -> str:
    """Say in one sentence how the last period stands to the one before; "" when there is nothing to say."""
    (before, former), (now, share) = rows[-2:]
    if share.percent is None:
        return ""
    values = {"indicator": named(indicator), "period": now, "value": percent_words(share), "before": before}
    change = _change(share, former)
    if change is None:
        return _("%(period)s%(indicator)s %(value)s；%(before)s没有可比的数据。") % values
    values["points"] = f"{abs(change):.2f}"
    if not round(change, 2):
        return _("%(period)s%(indicator)s %(value)s，与%(before)s持平。") % values
    if change > 0:
        return _("%(period)s%(indicator)s %(value)s，比%(before)s高 %(points)s 个百分点。") % values
    return _("%(period)s%(indicator)s %(value)s，比%(before)s低 %(points)s 个百分点。") % values


def trend_chart(indicator: Indicator, rows: list[tuple[str, Share]]) -> tuple[dict[str, Any], Table]:
    """Return the chart of a trend and its table; a period without a denominator is a gap."""
    option = {
        "xAxis": {"type": "category", "data": [name for name, _share in rows], "name": _("时间段")},
        "yAxis": {"type": "value", "max": 100, "min": 0},
        "series": [
            {
                "type": "line",
                "name": named(indicator),
                "data": [None if share.percent is None else round(share.percent, 2) for _name, share in rows],
                "tone": "blue",
            }
        ],
    }
    headings = [
        _("时间段"),
        named(indicator),
        measure_words(indicator.numerator),
        measure_words(indicator.denominator),
    ]
    cells = [[name, percent_words(share), share.numerator, share.denominator] for name, share in rows]
    return option, table_of(headings, cells)


def _change(share: Share, before: Share) -> float | None:
    if share.percent is None or before.percent is None:
        return None
    return share.percent - before.percent
