"""One case in words: its story, its place, its people, and what may be done, as the templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.engines.cases.queries.near import similar
from linli.engines.cases.queries.rulebook import FAMILY, procedure_version
from linli.engines.cases.queries.visible import cases_visible
from linli.engines.cases.queries.waiting import held_by_department, next_waiting
from linli.engines.cases.queries.why import Behind, behind
from linli.engines.cases.types import CaseDetail, Photo, StoryLine, TransitionOption
from linli.engines.cases.views.work_forms import RevealForm
from linli.engines.cases.views.work_names import Group, Names
from linli.engines.cases.views.work_words import distance_words, left_words, printed_words, source_words
from linli.kernel import clock
from linli.registers.access.queries import may, sight
from linli.registers.places.queries import NearFacility, facilities_near
from linli.ui.templatetags.ui import named
from linli.ui.times import moment_words
from linli.ui.twins import table_of

# Which facilities are worth naming beside a case, and how far away they still are "nearby", in metres.
NEARBY_M = {
    "component": 60,
    "estate": 300,
    "school": 500,
    "kindergarten": 500,
    "hospital": 800,
    "party_service": 800,
}
NEARBY_EACH, NEARBY_ALL = 3, 6
ACTION_ICONS = {
    "accept": "check",
    "verify": "clipboard-check",
    "file": "file-text",
    "reject": "ban",
    "dispatch": "send",
    "finish": "circle-check",
    "return": "undo-2",
    "check_pass": "clipboard-check",
    "check_fail": "rotate-ccw",
    "close": "flag",
    "request_delay": "hourglass",
    "grant_delay": "check",
    "refuse_delay": "ban",
    "suspend": "circle-pause",
    "resume": "rotate-ccw",
}
LINE_ICONS = {
    "escalation": "siren",
    "deadline": "hourglass",
    "note": "message-square",
    "rating": "star",
    "photo": "image",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One action as a button. A direct one needs nothing and is done by one press."""

    url: str
    label: str
    icon: str
    is_usual: bool
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the story. `due` are the sentences of a due time that began here."""

    at: datetime
    title: str
    icon: str
    tone: str = ""
    actor: str = ""
    text: str = ""
    why: str = ""
    due_title: str = ""
    due: Sequence[str] = ()
    photos: Sequence[Photo] = field(default=())


def action_icon(action: str) -> str:
    """Return the icon of an action's button."""
    return ACTION_ICONS.get(action, "arrow-right")


def case_context(request: HttpRequest, detail: CaseDetail) -> dict[str, Any]:
    """Return everything the page of a case shows. COST: about twenty queries, whatever the length of its story."""
    row, names = detail.row, Names()
    left = left_words(row.due_at, row.category.limit.unit, clock.now()) if row.closed_at is None else ""
    address = reverse("cases:work_case", args=[row.code])
    return {
        "case": row,
        "address": address,
        "back_url": reverse("cases:work_cases"),
        "place": names.place(row.area_code),
        "due_left": left,
        "options": [_option(row.code, option) for option in detail.options],
        "why_no_action": _("现在由%(holder)s办理，您这里不需要操作。")
        % {"holder": names.department(row.holder_code)},
        "next_url": _next_url(request, row.code),
        "report_photos": [photo for photo in detail.photos if photo.stage == "open"],
        "source_words": source_words(row.source),
        "story": story(detail, names),
        "note_url": reverse("cases:work_note", args=[row.code]),
        "deadline": detail.due_sentences,
        "similar": similar_cases(request, detail),
        "print_line": printed_words(request, 1),
        **_place_context(detail, names),
        **parties_context(request, detail, names),
    }


def parties_context(request: HttpRequest, detail: CaseDetail, names: Names) -> dict[str, Any]:
    """Return who is concerned: the departments, and the reporter as far as this person may see them."""
    row = detail.row
    is_shown = sight(request, "case", "reporter_phone") != "hide" and detail.contact.given
    may_reveal = bool(detail.contact.phone) and may(request, "case.reveal")
    return {
        "case": row,
        "department": names.department(row.department_code),
        "holder": names.department(row.holder_code or row.department_code),
        "why_department": _reason(detail.reason_zh, detail.reason_en),
        "reporter": detail.contact if is_shown else None,
        "reveal_form": RevealForm(auto_id="reveal-%s") if may_reveal else None,
        "reveal_url": reverse("cases:work_reveal", args=[row.code]),
    }


def said_words(detail: CaseDetail, action: str) -> str:
    """Say that an action was done; "" for a word no action has."""
    if action == "note":
        return _("备注已保存。")
    procedure = procedure_version(FAMILY, detail.procedure_version)
    row = next((row for row in procedure.transitions if row.action == action), None)
    if row is None:
        return ""
    return _("已%(action)s，现在是“%(state)s”。") % {"action": named(row), "state": named(detail.row.state)}


def suggestion_words(detail: CaseDetail, names: Names) -> str:
    """Say which department is proposed and why."""
    return _("建议派给%(department)s：%(reason)s") % {
        "department": names.department(detail.row.department_code),
        "reason": _reason(detail.reason_zh, detail.reason_en),
    }


def department_choices(detail: CaseDetail, groups: Sequence[Group]) -> list[tuple[Any, Any]]:
    """Return the departments to choose from, the proposed one first."""
    proposed = detail.row.department_code
    found: list[tuple[Any, Any]] = []
    for group in groups:
        found += [(_("建议"), [(o.value, o.label)]) for o in group.options if o.value == proposed]
    return found + [(g.label, [(o.value, o.label) for o in g.options if o.value != proposed]) for g in groups]


def story(detail: CaseDetail, names: Names) -> list[Line]:
    """Tell the case newest first, each step with what was decided in the same moment."""
    decided = behind(detail.row.code)
    procedure = procedure_version(FAMILY, detail.procedure_version)
    held = held_by_department(procedure)
    return [_line(line, decided.get(line.at, Behind()), held, names) for line in detail.story]


def similar_cases(request: HttpRequest, detail: CaseDetail) -> list[dict[str, Any]]:
    """Return the open cases nearby of the same kind that this person may see, with their words. COST: two queries."""
    row = detail.row
    near = [one for one in similar(row.lon, row.lat, row.category.code, limit=6) if one.code != row.code]
    seen = cases_visible(request).filter(code__in=[one.code for one in near])
    texts = dict(seen.values_list("code", "description"))
    return [
        {
            "url": reverse("cases:work_case", args=[one.code]),
            "state": one.state,
            "category": one.category,
            "text": texts[one.code],
            "distance": distance_words(one.distance_m),
            "opened_at": one.opened_at,
        }
        for one in near
        if one.code in texts
    ]


def _option(code: str, option: TransitionOption) -> Option:
    return Option(
        url=reverse("cases:work_act", args=[code, option.action]),
        label=named(option),
        icon=action_icon(option.action),
        is_usual=option.usual,
        is_direct=not option.needs and "photo" not in option.asks,
    )


def _line(line: StoryLine, decided: Behind, held: frozenset[str], names: Names) -> Line:
    title, why, due_title = named(line), "", ""
    if line.kind == "status" and line.state is not None:
        if line.state.code in held:
            title = f"{title} → {names.department(line.department_code)}"
        if decided.department:
            why = _("承办单位：%(department)s。%(reason)s") % {
                "department": names.department(decided.department),
                "reason": _reason(decided.reason_zh, decided.reason_en),
            }
        if decided.due_at:
            due_title = _("应于 %(time)s 前办结") % {"time": moment_words(decided.due_at)}
    return Line(
        at=line.at,
        title=title,
        icon=line.state.icon if line.state else LINE_ICONS.get(line.kind, "circle-dot"),
        tone=line.state.tone if line.state else "",
        actor=" · ".join(part for part in (line.actor, decided.post) if part),
        text=line.text,
        why=why,
        due_title=due_title,
        due=decided.due if due_title else (),
        photos=line.photos,
    )


def _place_context(detail: CaseDetail, names: Names) -> dict[str, Any]:
    row = detail.row
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "code": row.code,
            "tone": row.state.tone,
            "title": named(row.category),
            "label": named(row.state),
        },
    }
    facts = [
        (_("地址"), row.address),
        (_("镇街"), names.division(row.town_code)),
        (_("村社"), names.division(row.village_code)),
        (_("治理网格"), row.area_code),
        (_("城管单元网格"), detail.urban_unit),
        (_("专属网格"), detail.dedicated),
        (_("坐标"), f"{row.lon:.6f}, {row.lat:.6f}"),
    ]
    return {
        "map_config": {
            "center": [row.lon, row.lat],
            "zoom": 16,
            "points": {"type": "FeatureCollection", "features": [point]},
        },
        "map_table": table_of([_("经度"), _("纬度")], [[f"{row.lon:.6f}", f"{row.lat:.6f}"]]),
        "place_facts": [(name, value) for name, value in facts if value],
        "facilities": [
            {
                "name": named(near),
                "department": names.department(near.department) if near.kind == "component" else "",
                "distance": distance_words(near.distance_m),
            }
            for near in nearby(row.lon, row.lat)
        ],
    }


def nearby(lon: float, lat: float) -> list[NearFacility]:
    """Return the facilities worth naming near a point, nearest first. COST: no query."""
    found = [
        near
        for kind, reach_m in NEARBY_M.items()
        for near in facilities_near(lon, lat, kind, NEARBY_EACH)
        if near.distance_m <= reach_m
    ]
    return sorted(found, key=lambda near: near.distance_m)[:NEARBY_ALL]


def _next_url(request: HttpRequest, code: str) -> str:
    found = next_waiting(request, code)
    return reverse("cases:work_case", args=[found]) if found else ""


def _reason(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else zh
