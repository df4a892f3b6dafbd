"""The indicators on a page: figures, findings, comparison, the rows behind each figure, and a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.engines.cases.queries.indicators import (
    indicators,
    rows_behind,
    rows_count,
    shares,
    today,
    total,
)
from linli.engines.cases.queries.visible import case_rows
from linli.engines.cases.rules.indicators import MEASURES, score
from linli.engines.cases.types.indicators import IndicatorTable
from linli.engines.cases.views import figures_lines as lines
from linli.engines.cases.views.figures_asked import (
    OBJECT_WORDS,
    PERIOD_WORDS,
    FiguresAsked,
    period_words,
    read_asked,
)
from linli.engines.cases.views.work_names import Names, Option, department_groups, town_options
from linli.engines.cases.views.work_words import printed_words
from linli.registers.access.queries import staff_page
from linli.ui.templatetags.ui import named

PAGE_ROWS = 50


@require_safe
@staff_page("case.figures")
def figures(request: HttpRequest) -> HttpResponse:
    """Show the indicators of a period: score, every figure against the period before, comparison, trend."""
    table = indicators()
    asked = read_asked(request.GET, table)
    names = Names()
    chosen = table.indicators[asked.indicator]
    now = shares(request, table, asked.period, asked.scope, by=asked.by)
    before = shares(request, table, asked.former(), asked.scope)[""]
    whole = {code: total(now, code) for code in table.indicators}
    ranking = lines.ranked(asked, chosen, now, names)
    course = lines.trend(request, table, asked, (whole[chosen.code], before[chosen.code]))
    heading = str(OBJECT_WORDS[asked.by])
    comparison_option, comparison_table = lines.comparison_chart(chosen, ranking, heading)
    trend_option, trend_table = lines.trend_chart(chosen, course)
    context = _choosers(table, asked) | {
        "asked": asked,
        "chosen": chosen,
        "period": period_words(asked.period),
        "where": where_words(asked, names),
        "scored": score(table.scoring, table.indicators, whole),
        "scoring": table.scoring,
        "lines": lines.indicator_lines(table, asked, now, before),
        "objects": lines.object_lines(table, asked, now, names),
        "columns": lines.columns(table, asked),
        "object_heading": heading,
        "former": period_words(asked.former()),
        "comparison": lines.comparison_words(ranking),
        "comparison_option": comparison_option,
        "comparison_table": comparison_table,
        "comparison_height": "tall" if len(ranking) > 12 else "",
        "trend": lines.trend_words(chosen, course),
        "trend_option": trend_option,
        "trend_table": trend_table,
        "is_empty": not any(share.denominator for share in whole.values()),
    }
    return render(request, "cases/figures.html", context)


@require_safe
@staff_page("case.figures")
def behind(request: HttpRequest) -> HttpResponse:
    """List the rows behind one figure: as many as the figure says."""
    table = indicators()
    asked = read_asked(request.GET, table)
    indicator = table.indicators[asked.indicator]
    grain = MEASURES[indicator.denominator].grain
    rows = rows_behind(request, table, indicator, asked.part, asked.period, asked.scope)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    names = Names()
    found = list(page.object_list)
    cases = case_rows(one.case if grain == "transition" else one for one in found)
    context = {
        "asked": asked,
        "indicator": indicator,
        "grain": grain,
        "period": period_words(asked.period),
        "where": where_words(asked, names),
        "total": rows_count(rows),
        "page": page,
        "rows": [
            {
                "case": case,
                "place": names.place(case.area_code),
                "department": names.department(
                    one.department_code if grain == "transition" else case.department_code
                ),
                "at": one.at if grain == "transition" else None,
                "days": one.days if grain == "open_day" else None,
            }
            for one, case in zip(found, cases, strict=True)
        ],
        "parts": [
            (asked.address("cases:figures_behind", part), label, part == asked.part)
            for part, label in (
                ("numerator", lines.measure_words(indicator.numerator)),
                ("rest", _("其余")),
                ("denominator", lines.measure_words(indicator.denominator)),
            )
        ],
        "back_url": asked.address(),
    }
    return render(request, "cases/figures_behind.html", context)


@require_safe
@staff_page("case.figures")
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the comparison as CSV (UTF-8 with a mark): figures only, no case and no person."""
    table = indicators()
    asked = read_asked(request.GET, table)
    now = shares(request, table, asked.period, asked.scope, by=asked.by)
    found = lines.object_lines(table, asked, now, Names())
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([f"# {printed_words(request, len(found))}{period_words(asked.period)}"])
    headings = [_("代码"), str(OBJECT_WORDS[asked.by]), _("综合评分"), _("等次")]
    for one in lines.columns(table, asked):
        numerator, denominator = lines.measure_words(one.numerator), lines.measure_words(one.denominator)
        headings += [f"{named(one)} (%)", numerator, denominator]
    writer.writerow(headings)
    for line in found:
        scored = [f"{line.scored.score:.2f}", named(line.scored.grade)] if line.scored else ["", ""]
        cells: list[Any] = [line.key, line.name, *scored]
        for cell in line.figures:
            percent = cell.share.percent
            cells += [
                "" if percent is None else f"{percent:.2f}",
                cell.share.numerator,
                cell.share.denominator,
            ]
        writer.writerow(cells)
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"figures-{asked.kind}-{asked.period.begins_on:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def where_words(asked: FiguresAsked, names: Names) -> str:
    """Say which part of the city is counted, "" for all that may be seen."""
    parts = [names.division(asked.scope.area) if asked.scope.area else ""]
    parts.append(names.department(asked.scope.department))
    return " · ".join(part for part in parts if part)


def _choosers(table: IndicatorTable, asked: FiguresAsked) -> dict[str, Any]:
    after = asked.next()
    towns = town_options()
    if asked.scope.area and asked.scope.area not in {town.value for town in towns}:
        name = Names().division(asked.scope.area) or asked.scope.area
        towns = (*towns, Option(asked.scope.area, name))
    return {
        "periods": PERIOD_WORDS.items(),
        "objects_by": OBJECT_WORDS.items(),
        "towns": towns,
        "departments": department_groups(),
        "indicators": table.indicators.values(),
        "today": today(),
        "former_url": asked.address(period=asked.former()),
        "next_url": asked.address(period=after) if after else "",
        "all_url": asked.address(scope=type(asked.scope)()),
        "export_url": asked.address("cases:figures_export"),
    }
