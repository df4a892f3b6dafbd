"""The queue as it is drawn: lines, tabs, columns, filters, map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.queries.visible import case_rows, cases_visible
from linli.engines.cases.queries.waiting import usual_steps, waiting, waiting_states
from linli.engines.cases.types import CaseRow, State, Transition
from linli.engines.cases.views import work_names
from linli.engines.cases.views.work_filters import SCOPES, QueueFilter, narrowing, ordering, scope_predicates
from linli.engines.cases.views.work_names import Choice, Names
from linli.engines.cases.views.work_words import left_words
from linli.kernel import clock
from linli.ui.templatetags.ui import named
from linli.ui.twins import Table, table_of

MAP_POINTS_MAX = 2_000
TWIN_ROWS_MAX = 200
DIRECT_NEEDS = frozenset({"department"})


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue in words. `usual_action` is set when it can be done from the list, alone or in bulk."""

    code: str
    url: str
    state: State
    due_at: datetime
    due_left: str
    is_overdue: bool
    closed_at: datetime | None
    kind: str
    place: str
    hint: str
    place_title: str
    text: str
    holder: str
    opened_at: datetime
    usual_action: str = ""
    result: str = ""
    is_failed: bool = False
    is_supervised: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One action that can be done on many lines at once."""

    code: str
    label: str


def usual_scope(request: HttpRequest) -> str:
    """Return where a person's queue begins: with what waits for them, or with all open cases for those who watch."""
    return "mine" if waiting_states(request) else "open"


def asked_cases(request: HttpRequest, asked: QueueFilter) -> tuple[QuerySet[Case], QuerySet[Case]]:
    """Return the visible cases a filter narrows to, before and after its scope; list, counts and export share them."""
    narrowed = cases_visible(request).filter(narrowing(asked))
    return narrowed, narrowed.filter(scopes(request)[asked.scope]).order_by(*ordering(asked))


def scopes(request: HttpRequest) -> dict[str, Any]:
    """Return the predicate of each scope this person has."""
    found = scope_predicates(waiting(request))
    return found if waiting_states(request) else {name: found[name] for name in SCOPES if name != "mine"}


def direct_steps(request: HttpRequest) -> dict[str, Transition]:
    """Return, by state, the usual step that needs nothing but what the case itself proposes."""
    return {state: row for state, row in usual_steps(request).items() if DIRECT_NEEDS.issuperset(row.needs)}


def bulk_actions(request: HttpRequest, states: Iterable[str]) -> list[BulkAction]:
    """Return the actions that fit any of `states`, each once, in the procedure's order."""
    wanted = set(states)
    found = {row.action: row for state, row in direct_steps(request).items() if state in wanted}
    return [BulkAction(action, bulk_label(row)) for action, row in found.items()]


def bulk_label(step: Transition) -> str:
    """Name a step done in bulk; a department it needs is the proposed one, and the button says so."""
    return _("%(action)s（按建议单位）") % {"action": named(step)} if step.needs else named(step)


def queue_rows(
    request: HttpRequest,
    cases: Sequence[Case],
    names: Names,
    results: Mapping[str, tuple[str, bool]] | None = None,
) -> list[QueueRow]:
    """Put cases into words. COST: one query for names, whatever the number of lines."""
    steps, now = direct_steps(request), clock.now()
    return [
        _queue_row(row, names, steps, now, (results or {}).get(row.code, ("", False)))
        for row in case_rows(cases)
    ]


def _queue_row(
    row: CaseRow, names: Names, steps: Mapping[str, Transition], now: datetime, result: tuple[str, bool]
) -> QueueRow:
    step = steps.get(row.state.code)
    town = names.division(row.town_code)
    return QueueRow(
        code=row.code,
        url=reverse("cases:work_case", args=[row.code]),
        state=row.state,
        due_at=row.due_at,
        due_left=left_words(row.due_at, row.category.limit.unit, now) if row.closed_at is None else "",
        is_overdue=row.overdue,
        closed_at=row.closed_at,
        kind=named(row.category),
        place=town,
        hint=names.without_town(row.address, row.town_code) or names.division(row.village_code),
        place_title=f"{names.place(row.area_code)} {row.address}".strip(),
        text=row.description or _("（没有文字，见照片）"),
        holder=names.department(row.holder_code or row.department_code),
        opened_at=row.opened_at,
        usual_action=step.action if step and row.closed_at is None else "",
        result=result[0],
        is_failed=result[1],
        is_supervised=row.supervised,
    )


def tabs(request: HttpRequest, asked: QueueFilter, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the scopes with their counts under the same filters."""
    labels = {"mine": _("等我办理"), "open": _("全部在办"), "closed": _("已办结"), "all": _("全部")}
    return [
        {
            "label": labels[name],
            "url": asked.address(scope=name),
            "count": counts[name],
            "is_current": name == asked.scope,
        }
        for name in scopes(request)
    ]


def columns(asked: QueueFilter) -> list[dict[str, str]]:
    """Return the headings; two of them sort, and a second press turns the order round."""
    labels = (
        ("state", "", _("状态")),
        ("due", "due", _("时限")),
        ("kind", "", _("类别")),
        ("place", "", _("地点")),
        ("text", "", _("内容")),
        ("holder", "", _("在办单位")),
        ("age", "opened", _("上报")),
    )
    name, is_reversed = asked.order
    found = []
    for column, sort, label in labels:
        is_current = bool(sort) and sort == name
        direction = ("descending" if is_reversed else "ascending") if is_current else ""
        turned = f"-{sort}" if is_current and not is_reversed else sort
        url = asked.address(sort=turned) if sort else ""
        found.append({"name": column, "label": label, "direction": direction, "url": url})
    return found


def choices(asked: QueueFilter) -> tuple[list[Choice], dict[str, dict[str, str]]]:
    """Return the filters a person can choose from, and by filter the name of each code. COST: two queries."""
    states, categories = work_names.one_group(work_names.state_options()), work_names.category_groups()
    towns, departments = work_names.one_group(work_names.town_options()), work_names.department_groups()
    orders = work_names.one_group(
        tuple(work_names.Option(value, label) for value, label in order_labels().items() if value != "due")
    )
    order = asked.sort if asked.sort != "due" else ""
    found = [
        Choice("state", _("状态"), states, asked.states),
        Choice("category", _("类别"), categories, asked.categories),
        Choice("town", _("镇街"), towns, asked.towns),
        Choice("department", _("部门"), departments, asked.departments),
        Choice("sort", order_labels()["due"], orders, (order,) if order else ()),
    ]
    return found, {choice.name: work_names.flat(choice.groups) for choice in found}


def order_labels() -> dict[str, str]:
    """Return the orders a person can choose."""
    return {
        "due": _("最急的在前"),
        "-due": _("最不急的在前"),
        "-opened": _("新上报的在前"),
        "opened": _("早上报的在前"),
        "-changed": _("新变动的在前"),
        "changed": _("久未变动的在前"),
    }


def map_of(rows: Sequence[CaseRow], names: Names, total: int, city: Any) -> tuple[dict[str, Any], Table]:
    """Return what the map draws and its table twin.

    Up to MAP_POINTS_MAX cases are drawn one by one as the filter finds them; more come as tiles of all open cases.
    """
    popup = {"title": "category_name", "label": "state_name", "url": "/work/cases/{code}/", "link": _("打开")}
    config: dict[str, Any] = {"popup": popup, "cooperative": False}
    if total > MAP_POINTS_MAX:
        config |= {"sources": [{"id": "cases", "tiles": "/tiles/cases/{z}/{x}/{y}.mvt", "layer": "cases"}]}
    else:
        config["points"] = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
    bounds = _bounds(rows) or getattr(city, "bounds", None)
    if bounds:
        config["bounds"] = list(bounds)
    table = table_of(
        [_("编号"), _("状态"), _("类别"), _("地点")],
        [
            [r.code, named(r.state), named(r.category), f"{names.place(r.area_code)} {r.address}"]
            for r in rows[:TWIN_ROWS_MAX]
        ],
    )
    return config, table


def _feature(row: CaseRow) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "code": row.code,
            "tone": "danger" if row.overdue else row.state.tone,
            "category_name": named(row.category),
            "state_name": named(row.state),
        },
    }


def _bounds(rows: Sequence[CaseRow]) -> tuple[float, float, float, float] | None:
    if not rows:
        return None
    lons, lats = [row.lon for row in rows], [row.lat for row in rows]
    margin = 0.004
    return min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin
