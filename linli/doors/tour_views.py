"""The tour (demo homes only): stories to walk through, with the role switched in one click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.doors import tour
from linli.doors.tour import Progress, Step, Story
from linli.engines.cases.queries.lists import case_list
from linli.engines.cases.queries.near import similar
from linli.engines.cases.queries.public import case_of_reporter
from linli.engines.cases.secrets import secret_of
from linli.engines.cases.types import CaseFilter, CaseRow
from linli.kernel import clock
from linli.kernel.errors import NotFound, Refusal
from linli.registers.access.models import Account

COOKIE = "linli_tour"
COOKIE_AGE_S = 12 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Walk:
    """One visitor on the way through one story: since when, and with which case once it is known."""

    story: str
    started_at: datetime
    code: str = ""


@never_cache
@require_GET
def stories(request: HttpRequest) -> HttpResponse:
    """Show the stories, each with how far this visitor has come."""
    _demo_only()
    walk = _walk(request)
    told = []
    for story in tour.stories():
        own = walk if walk and walk.story == story.key else None
        progress = _progress(story, own)
        if own and progress.code != own.code:
            walk = own = Walk(story.key, own.started_at, progress.code)
        told.append(_told(request, story, progress, started=own is not None))
    response = render(request, "doors/tour.html", {"stories": told})
    if walk:
        _keep(response, walk)
    return response


@never_cache
@require_POST
def enter(request: HttpRequest, username: str) -> HttpResponse:
    """Log in as somebody of the story and open the page of the step. EFFECTS: a log-in, with its record entry.

    ERRORS: NotFound outside a demo home, for a step that is not in the story, for anybody who does not play in it.
    """
    _demo_only()
    story, step = _asked(request)
    if username != step.account or username not in tour.cast():
        raise _nothing_here()
    walk = _walk(request)
    if walk is None or walk.story != story.key:
        walk = Walk(story.key, clock.now())
    progress = _progress(story, walk)
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise _nothing_here()
    if request.user != account:
        login(request, account, backend=BACKEND)
    response = redirect(page_of(story, step, progress))
    _keep(response, Walk(story.key, walk.started_at, progress.code))
    return response


@never_cache
@require_POST
def again(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a story anew. EFFECTS: none on the case of the last walk."""
    _demo_only()
    if tour.story(key) is None:
        raise _nothing_here()
    response = redirect("doors:tour")
    _keep(response, Walk(key, clock.now()))
    return response


def page_of(story: Story, step: Step, progress: Progress) -> str:
    """Return the address of the page a step happens on."""
    if step.page == "case" and progress.code:
        return reverse("cases:work_case", args=[progress.code])
    if step.page == "case":
        return reverse("cases:work_cases")
    if step.page == "track" and progress.code:
        try:
            secret = secret_of(case_of_reporter(progress.code, phone=story.phone).submission_id)
        except Refusal:  # the visitor changed the number in the report: then it is asked for, as from anybody
            return f"{reverse('cases:track_find')}?{urlencode({'code': progress.code})}"
        return f"{reverse('cases:track', args=[progress.code])}?{urlencode({'s': secret})}"
    if step.page == "track":
        return reverse("cases:track_find")
    filled = {
        "kind": story.category,
        "description": story.said_zh,
        "address": story.place.name_zh,
        "contact_phone": story.phone,
        "lon": story.place.lon,
        "lat": story.place.lat,
    }
    return f"{reverse('cases:report')}?{urlencode(filled)}"


def _progress(story: Story, walk: Walk | None) -> Progress:
    """Read how far the walk has come from the case itself. COST: two queries while its case is not known, else two."""
    watcher = next((step.account for step in story.steps if step.page == "case"), "")
    account = Account.objects.filter(username=watcher).first()
    if walk is None or account is None:
        return Progress()
    code = walk.code or _case_since(story, walk.started_at)
    found = case_list(account, CaseFilter(q=code, page_size=1)).rows if code else ()
    if not found:
        return Progress()
    row: CaseRow = found[0]
    return Progress(
        code=row.code,
        state_zh=row.state.name_zh,
        state_en=row.state.name_en,
        tone=row.state.tone,
        icon=row.state.icon,
        done=story.done(row.state.code, row.rating is not None),
        changed_at=row.changed_at,
    )


def _case_since(story: Story, since: datetime) -> str:
    """Find the case the visitor opened: the newest of the story's kind at the story's place since the walk began."""
    near = similar(story.place.lon, story.place.lat, story.category, limit=50)
    fresh = [case for case in near if case.opened_at >= since and case.category.code == story.category]
    return max(fresh, key=lambda case: case.opened_at).code if fresh else ""


def _told(request: HttpRequest, story: Story, progress: Progress, started: bool) -> dict[str, Any]:
    names = {account.username: account for account in Account.objects.filter(username__in=tour.cast())}
    steps = [
        {
            "step": step,
            "text": _both(step.text_zh, step.text_en),
            "number": number + 1,
            "who": names.get(step.account),
            "state": "done" if number < progress.done else "now" if number == progress.done else "ahead",
            "is_you": request.user.is_authenticated and request.user.get_username() == step.account,
        }
        for number, step in enumerate(story.steps)
    ]
    return {
        "story": story,
        "text": _both(story.text_zh, story.text_en),
        "steps": steps,
        "progress": progress,
        "state": _both(progress.state_zh, progress.state_en),
        "total": len(steps),
        "is_started": started,
        "is_over": progress.done == len(steps),
    }


def _both(zh: str, en: str) -> dict[str, str]:
    """Give a text in the form the `named` filter reads."""
    return {"name_zh": zh, "name_en": en}


def _asked(request: HttpRequest) -> tuple[Story, Step]:
    story = tour.story(request.POST.get("story", ""))
    step = (
        next((one for one in story.steps if one.key == request.POST.get("step", "")), None) if story else None
    )
    if story is None or step is None:
        raise _nothing_here()
    return story, step


def _walk(request: HttpRequest) -> Walk | None:
    try:
        key, at, code = (request.get_signed_cookie(COOKIE, default="", max_age=COOKIE_AGE_S) or "").split("|")
        return Walk(key, datetime.fromisoformat(at), code)
    except (BadSignature, ValueError):
        return None


def _keep(response: HttpResponse, walk: Walk) -> None:
    text = f"{walk.story}|{walk.started_at.isoformat()}|{walk.code}"
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        COOKIE, text, max_age=COOKIE_AGE_S, httponly=True, samesite="Lax", secure=secure
    )


def _demo_only() -> None:
    if not settings.LINLI_DEMO:
        raise _nothing_here()


def _nothing_here() -> NotFound:
    return NotFound("no_page", _("这里没有页面。"), _("请检查地址，或从首页重新进入。"))
