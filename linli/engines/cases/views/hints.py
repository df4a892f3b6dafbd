"""What the report page asks while it is filled in: where a pin lies, an address, a kind, what is open nearby."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from linli.engines.cases.admission import QUESTIONS, admit
from linli.engines.cases.queries.near import similar, suggest_category
from linli.engines.cases.queries.open_to_all import open_photos, plain_kind
from linli.kernel.errors import Unprocessable
from linli.registers.places.queries import locate, search_address
from linli.ui.templatetags.ui import named

SIMILAR_MAX = 3
ADDRESSES_MAX = 6


@require_safe
@cache_control(public=True, max_age=300)
def report_locate(request: HttpRequest) -> JsonResponse:
    """Say where a point lies. SHAPE: {inside, address_hint}. ERRORS: Unprocessable no_place."""
    admit(request, QUESTIONS)
    place = locate(*_point(request))
    return JsonResponse({"inside": place.inside, "address_hint": place.address_hint})


@require_safe
@cache_control(public=True, max_age=300)
def report_address(request: HttpRequest) -> JsonResponse:
    """Find an address. SHAPE: {hits: [{label, shown, lon, lat}]}, best first; `label` can be searched again."""
    admit(request, QUESTIONS)
    text = request.GET.get("q", "").strip()[:120]
    hits = search_address(text, ADDRESSES_MAX) if text else []
    return JsonResponse(
        {
            "hits": [
                {"label": hit.label, "shown": hit.label_en or hit.label, "lon": hit.lon, "lat": hit.lat}
                for hit in hits
            ]
        }
    )


@require_safe
@never_cache
def report_suggest(request: HttpRequest) -> JsonResponse:
    """Guess the kind from words. SHAPE: {code, name}; both empty when nothing fits."""
    admit(request, QUESTIONS)
    found = suggest_category(request.GET.get("text", ""), 1)
    category = found[0][0] if found else None
    return JsonResponse(
        {"code": category.code, "name": named(category)} if category else {"code": "", "name": ""}
    )


@require_safe
@never_cache
def report_similar(request: HttpRequest) -> HttpResponse:
    """Show open cases of the kind near a point, as a fragment; empty when there are none."""
    admit(request, QUESTIONS)
    near = similar(*_point(request), request.GET.get("category", ""), SIMILAR_MAX)
    photos = open_photos([case.code for case in near])
    return render(
        request, "cases/report_similar.html", {"cases": [_card(case, photos.get(case.code)) for case in near]}
    )


def _card(case: Any, photo: tuple[str, str] | None) -> dict[str, Any]:
    return {
        "kind": plain_kind(case.category),
        "tone": case.state.tone,
        "icon": case.state.icon,
        "public_state": {"name_zh": case.state.public_zh, "name_en": case.state.public_en},
        "distance_m": round(case.distance_m),
        "opened_at": case.opened_at,
        "photo": photo[0] if photo else "",
        "photo_large": photo[1] if photo else "",
    }


def _point(request: HttpRequest) -> tuple[float, float]:
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Unprocessable("no_place", _("没有地点。"), _("请给出经度 lon 和纬度 lat。"), field="place")
    return lon, lat
