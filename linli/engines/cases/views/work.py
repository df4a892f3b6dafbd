"""The queue of a member of staff: what waits for them first, and everything else they may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linli.engines.cases.actions import case_transition
from linli.engines.cases.models import Case
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.queries.visible import case_rows, cases_visible
from linli.engines.cases.queries.waiting import count_scopes, waiting_states
from linli.engines.cases.views import work_list
from linli.engines.cases.views.work_filters import QueueFilter, chips, read_filter
from linli.engines.cases.views.work_names import Names
from linli.engines.cases.views.work_words import printed_words
from linli.kernel.errors import Refusal, Unprocessable
from linli.registers.access.queries import may, staff_page
from linli.registers.places.queries import city_profile

PAGE_ROWS = 50
ROWS_AT_ONCE = 50
BULK_MAX = 200


class CountedPaginator(Paginator):
    """A paginator told its count, which the tabs have counted already: the list is not counted twice."""

    def __init__(self, cases: Any, total: int) -> None:
        super().__init__(cases, PAGE_ROWS)
        self._total = total

    @cached_property
    def count(self) -> int:
        """How many rows all pages hold."""
        return self._total


@require_safe
@staff_page()
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the queue. What greets a member of staff is their work."""
    return redirect("cases:work_cases")


@require_safe
@staff_page("case.read")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue as a page, or as the fragment that filters, tabs and pages swap in."""
    asked = read_filter(request.GET, work_list.usual_scope(request))
    found_scopes = work_list.scopes(request)
    if asked.scope not in found_scopes:
        asked = replace(asked, scope="open")
    narrowed, cases = work_list.asked_cases(request, asked)
    counts = count_scopes(narrowed, found_scopes)
    page = CountedPaginator(cases, counts[asked.scope]).get_page(asked.page)
    names = Names()
    choices, labels = work_list.choices(asked)
    context: dict[str, Any] = {
        "filter": asked,
        "view": asked.view,
        "tabs": work_list.tabs(request, asked, counts),
        "choices": choices,
        "chips": chips(asked, labels),
        "clear_url": QueueFilter(scope=asked.scope, sort=asked.sort, view=asked.view).address(),
        "list_url": asked.address(view="list"),
        "map_url": asked.address(view="map"),
        "here_url": asked.address(page=page.number),
        "export_url": asked.address("cases:work_export", view="list"),
        "may_export": may(request, "case.export") and page.paginator.count > 0,
        "page": page,
        "words": _words(),
        "asked_data": _asked_data(request, asked),
        "empty": _empty(asked),
        "print_line": printed_words(request, len(page)),
        **(
            _map_context(cases, names, page)
            if asked.view == "map"
            else _list_context(request, asked, page, names)
        ),
    }
    template = "cases/_work_queue.html" if request.htmx else "cases/work_queue.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    if request.htmx:  # type: ignore[attr-defined]
        response["HX-Push-Url"] = context["here_url"]
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@staff_page("case.read")
def rows(request: HttpRequest) -> HttpResponse:
    """Return the lines of some cases, to be put in the place of older ones; cases not to be seen are left out."""
    codes = [code[:20].replace("\x00", "") for code in request.GET.getlist("code")[:ROWS_AT_ONCE]]
    cases = list(cases_visible(request).filter(code__in=codes))
    return _rows_response(request, cases)


@require_POST
@staff_page("case.read")
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one action on each chosen case, each in an act of its own, and show for each what came of it.

    A case somebody else moved meanwhile is left alone and says so; the others go on.
    """
    codes = list(dict.fromkeys(code[:20].replace("\x00", "") for code in request.POST.getlist("code")))
    action = request.POST.get("action", "")
    steps = {row.action: row for row in work_list.direct_steps(request).values()}
    step = steps.get(action)
    if step is None:
        raise Unprocessable("no_bulk_action", _("这个动作不能成批办理。"), _("请打开事件逐条办理。"))
    if not codes or len(codes) > BULK_MAX:
        raise Unprocessable(
            "bad_choice",
            _("没有勾选事件。") if not codes else _("一次最多办理 %(count)s 条。") % {"count": BULK_MAX},
            _("请回到列表重新勾选。"),
        )
    label = work_list.bulk_label(step)
    results = {code: _one_of_many(request, code, action, label) for code in codes}
    if request.htmx:  # type: ignore[attr-defined]
        return _rows_response(request, list(cases_visible(request).filter(code__in=codes)), results)
    done = sum(not is_failed for _words, is_failed in results.values())
    summary = ngettext("%(count)d 条已完成。", "%(count)d 条已完成。", done) % {"count": done}
    if done < len(codes):
        failed = len(codes) - done
        summary += ngettext(
            "%(count)d 条没有完成，原因如下。", "%(count)d 条没有完成，原因如下。", failed
        ) % {"count": failed}
    lines = [
        {"code": code, "words": words, "is_done": not bad, "url": reverse("cases:work_case", args=[code])}
        for code, (words, bad) in results.items()
    ]
    context = {"heading": label, "summary": summary, "results": lines, "back_url": _back(request)}
    return render(request, "cases/work_bulk.html", context)


def _one_of_many(request: HttpRequest, code: str, action: str, label: str) -> tuple[str, bool]:
    """SHAPE: (words, failed?). The department a step needs is the one the case proposes."""
    department = cases_visible(request).filter(code=code).values_list("department_code", flat=True).first()
    try:
        case_transition(request, code, action, department=department or "")
    except Refusal as refusal:
        return str(refusal.what), True
    return _("已%(action)s") % {"action": label}, False


def _rows_response(
    request: HttpRequest, cases: Sequence[Case], results: Mapping[str, tuple[str, bool]] | None = None
) -> HttpResponse:
    lines = work_list.queue_rows(request, cases, Names(), results)
    context = {"rows": lines, "pickable": bool(work_list.direct_steps(request))}
    response = render(request, "cases/_work_rows.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _list_context(request: HttpRequest, asked: QueueFilter, page: Page[Case], names: Names) -> dict[str, Any]:
    lines = work_list.queue_rows(request, list(page.object_list), names)
    return {
        "rows": lines,
        "columns": work_list.columns(asked),
        "bulk_actions": work_list.bulk_actions(request, (line.state.code for line in lines)),
        "caption": _("事件列表"),
    }


def _map_context(cases: Any, names: Names, page: Page[Case]) -> dict[str, Any]:
    found = case_rows(cases[: work_list.MAP_POINTS_MAX])
    config, table = work_list.map_of(found, names, page.paginator.count, city_profile())
    return {"map_config": config, "map_table": table, "map_label": _("事件地图")}


def _asked_data(request: HttpRequest, asked: QueueFilter) -> dict[str, Any]:
    """Say what the list asks for, so that the page can tell whether a change elsewhere concerns it."""
    return {
        "scope": asked.scope,
        "mine": list(waiting_states(request)),
        "finals": [code for code, state in rulebook().procedure.states.items() if state.final],
        "states": list(asked.states),
        "departments": list(asked.departments),
        "towns": list(asked.towns),
        "categories": list(asked.categories),
        "countable": not (asked.text or asked.opened_from or asked.opened_to or asked.is_overdue_only),
    }


def _words() -> dict[str, Any]:
    return {
        "chosen": _("已勾选 {n} 条"),
        "changed": _("{n} 条有变化，点此刷新。"),
        "handled": _("已办理 {n} 条，刷新后列表按最新情况排列。"),
        "progress": _("正在办理 {done} / {total}"),
        "failed": _("没有成功，请重试"),
        "allDone": _("{done} 条全部完成。"),
        "partlyDone": _("{done} 条完成，{failed} 条没有完成，原因写在各行。"),
    }


def _empty(asked: QueueFilter) -> dict[str, Any]:
    """Say why there is nothing, and what to do next."""
    if asked.is_narrowed:
        return {
            "title": _("没有符合筛选的事件"),
            "hint": _("去掉一个筛选条件，或清除全部再看。"),
            "icon": "funnel",
            "url": QueueFilter(scope=asked.scope).address(),
            "action": _("清除全部筛选"),
        }
    if asked.scope == "mine":
        return {
            "title": _("现在没有等您办理的事件"),
            "hint": _("新的事件到来时，这一页会提示您。也可以看看其他在办的事件。"),
            "icon": "circle-check",
            "url": QueueFilter(scope="open").address(),
            "action": _("看全部在办"),
        }
    return {
        "title": _("还没有事件"),
        "hint": _("市民上报、巡查发现的事件会出现在这里。"),
        "icon": "inbox",
        "url": "",
        "action": "",
    }


def _back(request: HttpRequest) -> str:
    """Return the list a person came from, never an address of another site."""
    target = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/work/") else QueueFilter().address()
