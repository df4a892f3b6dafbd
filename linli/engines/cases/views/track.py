"""Citizens follow what they reported: find it, read its story, hear it move, rate it when it is done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.engines.cases.actions.notes import case_rate
from linli.engines.cases.admission import LOOKUPS, admit
from linli.engines.cases.forms import SCORES, RatingForm, TrackForm
from linli.engines.cases.queries.open_to_all import plain_kind
from linli.engines.cases.queries.public import case_of_reporter, case_public
from linli.engines.cases.secrets import secret_of
from linli.engines.cases.types import PublicCase
from linli.engines.cases.views.public import map_config
from linli.engines.cases.views.words import in_words
from linli.kernel.errors import Refusal
from linli.registers.access.api import token_response
from linli.registers.access.queries import department_names
from linli.registers.bus.types import Grant

SCORE_LOOKS: tuple[dict[str, Any], ...] = (
    {"score": 5, "icon": "laugh"},
    {"score": 4, "icon": "smile"},
    {"score": 3, "icon": "meh"},
    {"score": 2, "icon": "frown"},
    {"score": 1, "icon": "angry"},
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_find(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret (or phone); lead to the story. A wrong pair is "not found", whichever part is wrong."""
    form = TrackForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        code, proof = form.cleaned_data["code"], form.cleaned_data["proof"]
        try:
            admit(request, LOOKUPS)
            found = case_of_reporter(code, proof, phone=proof)
            return redirect(f"{reverse('cases:track', args=[found.code])}?s={secret_of(found.submission_id)}")
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
            return render(request, "cases/track_find.html", {"form": form}, status=refusal.status)
    return render(request, "cases/track_find.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Show the story of one report; to htmx only the part that moves."""
    return _story(request, _opened(request, code), RatingForm())


@never_cache
@require_safe
def track_live_token(request: HttpRequest, code: str) -> JsonResponse:
    """Return {token, url, expires_at} that admits this one case on the live stream, for five minutes."""
    case = _opened(request, code)
    return token_response(request, "", [Grant("case", subject=case.code)])


@never_cache
@require_POST
def track_rate(request: HttpRequest, code: str) -> HttpResponse:
    """Take a rating once the case is closed. A second press changes nothing and is thanked for all the same."""
    case = _opened(request, code)
    form = RatingForm(request.POST)
    if form.is_valid() and case.may_rate:
        try:
            case_rate(code, request.GET.get("s", ""), form.cleaned_data["score"], form.cleaned_data["words"])
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
    if form.errors:
        return _story(request, case, form, status=422)
    return redirect(f"{_address(request, code)}#rating")


def _opened(request: HttpRequest, code: str) -> PublicCase:
    """ERRORS: NotFound for a wrong secret; TooMany for whoever tries many."""
    admit(request, LOOKUPS)
    return case_public(code, request.GET.get("s", ""))


def _address(request: HttpRequest, code: str) -> str:
    return f"{reverse('cases:track', args=[code])}?s={request.GET.get('s', '')}"


def _story(request: HttpRequest, case: PublicCase, form: RatingForm, status: int = 200) -> HttpResponse:
    names = department_names()
    before = [photo for photo in case.photos if photo.stage == "open"]
    context: dict[str, Any] = {
        "case": case,
        "kind": plain_kind(case.category),
        "form": form,
        "steps": [
            {"step": step, "department": names.get(step.department_code, "")} for step in reversed(case.steps)
        ],
        "path": track_path(case),
        "before": before,
        "after": [photo for photo in case.photos if photo.stage != "open"],
        "address": _address(request, case.code),
        "query": f"?s={request.GET.get('s', '')}",
        "scores": [look | {"word": dict(SCORES)[look["score"]]} for look in SCORE_LOOKS],
        "rated": next((word for score, word in SCORES if score == case.rating), ""),
        "map_config": map_config() | {"center": [case.lon, case.lat], "zoom": 16.5, "pin": _pin(case)},
    }
    fragment = getattr(request, "htmx", False)
    return render(
        request, "cases/track_story.html" if fragment else "cases/track.html", context, status=status
    )


def _pin(case: PublicCase) -> dict[str, Any]:
    return {"lon": case.lon, "lat": case.lat, "fixed": True}


def track_path(case: PublicCase) -> list[dict[str, Any]]:
    """Say how far a report has come, in four plain stages: [{name, state: done|now|ahead}]; none for a refusal."""
    if case.closed_at is not None and case.tone != "done":
        return []
    stages = (_("已收到"), _("核实派单"), _("处理"), _("办结"))
    at = {"new": 0, "done": 4}.get(case.tone)
    if at is None:
        at = 2 if any(step.department_code for step in case.steps) else 1
    if case.closed_at is not None:
        at = 4
    return [
        {"name": name, "state": "done" if index < at else "now" if index == at else "ahead"}
        for index, name in enumerate(stages)
    ]
