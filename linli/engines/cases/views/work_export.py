"""The queue as a CSV file: the same rows as the list, watermarked, on the record, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.engines.cases.models import Case
from linli.engines.cases.queries.contacts import masked_phones
from linli.engines.cases.queries.visible import case_rows
from linli.engines.cases.types import CaseRow
from linli.engines.cases.views.work_filters import chips, read_filter
from linli.engines.cases.views.work_list import asked_cases, choices, scopes, usual_scope
from linli.engines.cases.views.work_names import Names
from linli.engines.cases.views.work_words import printed_words, source_words
from linli.kernel import clock
from linli.kernel.errors import Unprocessable
from linli.registers.access.queries import actor_of, require, sight, staff_page
from linli.registers.record.actions import look
from linli.registers.record.types import Subject
from linli.ui.templatetags.ui import named

EXPORT_MAX = 100_000
BATCH = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What csv.writer writes to: hands each line straight on."""

    def write(self, text: str) -> str:
        return text


@require_safe
@staff_page("case.read")  # type: ignore[arg-type]  # a stream is no HttpResponse, but goes the same way
def export(request: HttpRequest) -> HttpResponseBase:
    """Stream the cases of a filter as CSV (UTF-8 with a mark, for spreadsheets).

    EFFECTS: one record entry naming every case in the file, before the first byte goes out.
    ERRORS: Forbidden without `case.export`; Unprocessable too_many_rows.
    """
    require(request, "case.export")
    asked = read_filter(request.GET, usual_scope(request))
    if asked.scope not in scopes(request):
        raise Unprocessable("bad_scope", _("没有这个范围。"), _("请从列表页导出。"))
    _narrowed, cases = asked_cases(request, asked)
    codes = list(cases.values_list("code", flat=True)[: EXPORT_MAX + 1])
    if len(codes) > EXPORT_MAX:
        raise Unprocessable(
            "too_many_rows",
            _("要导出的事件超过 %(count)s 条。") % {"count": EXPORT_MAX},
            _("请先用筛选缩小范围，例如按月份或镇街分次导出。"),
        )
    has_phone = sight(request, "case", "reporter_phone") != "hide"
    _options, labels = choices(asked)
    filters = "; ".join(f"{chip.label} {chip.value}".strip() for chip in chips(asked, labels))
    if codes:
        fields = ["description", "address", *(["reporter_phone_masked"] if has_phone else [])]
        look(
            actor_of(request),
            _("导出事件清单"),
            [Subject("case", code) for code in codes],
            fields,
            reason=filters,
        )
    watermark = printed_words(request, len(codes))
    if filters:
        watermark += _("筛选：%(filters)s。") % {"filters": filters}
    lines = _lines(cases[:EXPORT_MAX], watermark, has_phone, get_language() or "")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"cases-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(cases: QuerySet[Case], watermark: str, has_phone: bool, language: str) -> Iterator[str]:
    """Yield the file line by line. COST: two queries a batch of 500, no batch held longer than it is written."""
    writer = csv.writer(_Line())
    with override(language):
        yield "\ufeff" + writer.writerow([f"# {watermark}"])
        yield writer.writerow(_headings(has_phone))
        names = Names()
        found = cases.iterator(chunk_size=BATCH)
        while batch := list(islice(found, BATCH)):
            phones = masked_phones(batch) if has_phone else {}
            rows = case_rows(batch)
            for row in rows:
                phone = [phones.get(row.code, "")] if has_phone else []
                yield writer.writerow([_safe(cell) for cell in (*_cells(row, names), *phone)])


def _headings(has_phone: bool) -> list[str]:
    headings = [
        _("编号"), _("状态"), _("类别"), _("镇街"), _("村社"), _("地址"), _("内容"), _("承办单位"), _("在办单位"),
        _("来源"), _("上报时间"), _("应办结时间"), _("办结时间"), _("是否超期"), _("评价"),
    ]  # fmt: skip
    return [*headings, _("上报人电话（已隐去）")] if has_phone else headings


def _cells(row: CaseRow, names: Names) -> Sequence[Any]:
    return (
        row.code,
        named(row.state),
        named(row.category),
        names.division(row.town_code),
        names.division(row.village_code),
        row.address,
        row.description,
        names.department(row.department_code),
        names.department(row.holder_code) if row.holder_code else "",
        source_words(row.source),
        _moment(row.opened_at),
        _moment(row.due_at),
        _moment(row.closed_at),
        _("是") if row.overdue or (row.closed_at and row.closed_at > row.due_at) else _("否"),
        row.rating or "",
    )


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from reading a citizen's words as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
