"""The page of one case for staff, and the actions taken on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.engines.cases.actions import case_note, case_reporter_reveal, case_transition
from linli.engines.cases.queries.detail import case_detail
from linli.engines.cases.types import CaseDetail, TransitionOption
from linli.engines.cases.views import work_story
from linli.engines.cases.views.work_forms import ActionForm, NoteForm, RevealForm
from linli.engines.cases.views.work_names import Names, department_groups
from linli.kernel.errors import Conflict, NotFound, Refusal
from linli.registers.access.queries import actor_of, may, staff_page
from linli.registers.files.actions import file_store
from linli.ui.templatetags.ui import named

# What the engine calls a thing, and which field of the form that is.
FIELDS = {"reason": "reason", "note": "note", "photos": "photos", "department": "department"}


@require_safe
@staff_page("case.read")
def case(request: HttpRequest, code: str) -> HttpResponse:
    """Show one case. After an action (`?after=`) it says so and leads to what waits next."""
    detail = case_detail(request, code)
    return _page(request, detail, said=work_story.said_words(detail, request.GET.get("after", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("case.read")
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Show the form of one action, or take the action and show the case as it then is."""
    detail = case_detail(request, code)
    option = next((option for option in detail.options if option.action == action), None)
    if request.method != "POST":
        if option is None:
            return _page(request, detail)
        if request.htmx:  # type: ignore[attr-defined]
            return render(
                request, "cases/_work_action_form.html", _form_context(detail, option, _form(detail, option))
            )
        return _page(request, detail, option=option, form=_form(detail, option))
    if option is None:
        return _too_late(request, detail, action)
    form = _form(detail, option, request)
    if not form.is_valid():
        return _page(request, detail, option=option, form=form, status=422)
    try:
        _take(request, code, action, form)
    except Conflict as refusal:
        return _page(request, case_detail(request, code), refusal=refusal, status=409)
    except Refusal as refusal:
        field = FIELDS.get(refusal.field or "")
        form.add_error(field if field in form.fields else None, f"{refusal.what} {refusal.mend}".strip())
        return _page(request, detail, option=option, form=form, status=422)
    return _after(request, code, action)


@require_POST
@staff_page("case.read")
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Add a remark to the story."""
    detail = case_detail(request, code)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return _page(request, detail, note_form=form, status=422)
    try:
        case_note(request, code, form.cleaned_data["text"])
    except Refusal as refusal:
        form.add_error("text", f"{refusal.what} {refusal.mend}".strip())
        return _page(request, detail, note_form=form, status=422)
    return _after(request, code, "note")


@require_POST
@staff_page("case.reveal")
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Show the reporter's telephone once, for a stated purpose that the record keeps."""
    detail = case_detail(request, code)
    form = RevealForm(request.POST, auto_id="reveal-%s")
    extra: dict[str, Any] = {"reveal_form": form}
    status = 422
    if form.is_valid():
        purpose = form.cleaned_data["phrase"]
        extra = {"revealed": case_reporter_reveal(request, code, purpose), "revealed_purpose": purpose}
        status = 200
    if request.htmx:  # type: ignore[attr-defined]
        context = {**work_story.parties_context(request, detail, Names()), **extra}
        response = render(request, "cases/_work_parties.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response
    return _page(request, detail, status=status, **extra)


def _take(request: HttpRequest, code: str, action: str, form: ActionForm) -> None:
    """Store the photos, then take the step; photos of a step that fails stay unattached."""
    data = form.cleaned_data
    photos = [file_store(None, photo, actor=actor_of(request)).sha256 for photo in data.get("photos", [])]
    case_transition(
        request,
        code,
        action,
        reason=data.get("reason", ""),
        department=data.get("department", ""),
        note=data.get("note", ""),
        photos=photos,
    )


def _after(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Show the case after an act, or the list when the act has taken it out of this person's sight."""
    address = f"{reverse('cases:work_case', args=[code])}?after={action}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(address)
    try:
        detail = case_detail(request, code)
    except NotFound:
        messages.success(request, _("已办理。这件事现在由其他单位承办，不再显示在您的列表中。"))
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("cases:work_cases")
        return response
    return _page(request, detail, said=work_story.said_words(detail, action))


def _too_late(request: HttpRequest, detail: CaseDetail, action: str) -> HttpResponse:
    """Let the engine say why an action is not open (any more): who moved the case, or that it is not permitted."""
    try:
        case_transition(request, detail.row.code, action)
    except Conflict as refusal:
        return _page(request, detail, refusal=refusal, status=409)
    return _after(request, detail.row.code, action)


def _form(detail: CaseDetail, option: TransitionOption, request: HttpRequest | None = None) -> ActionForm:
    groups: list[tuple[Any, Any]] = []
    if "department" in (*option.needs, *option.asks):
        groups = work_story.department_choices(detail, department_groups())
    given = (request.POST, request.FILES) if request else ()
    return ActionForm(option, *given, departments=groups, suggested=detail.row.department_code)


def _form_context(detail: CaseDetail, option: TransitionOption, form: ActionForm) -> dict[str, Any]:
    address = reverse("cases:work_case", args=[detail.row.code])
    return {
        "form": form,
        "form_title": named(option),
        "form_submit": _("确认%(action)s") % {"action": named(option)},
        "form_icon": work_story.action_icon(option.action),
        "form_url": reverse("cases:work_act", args=[detail.row.code, option.action]),
        "form_why": work_story.suggestion_words(detail, Names()) if "department" in form.fields else "",
        "address": address,
    }


def _page(
    request: HttpRequest,
    detail: CaseDetail,
    *,
    option: TransitionOption | None = None,
    form: ActionForm | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """Render the page, or its fragment for htmx, which swaps a 422 where other refusals become a toast."""
    context = work_story.case_context(request, detail) | extra
    if option is not None and form is not None:
        context |= _form_context(detail, option, form)
    if may(request, "case.note") and not context.get("note_form"):
        context["note_form"] = NoteForm(auto_id="note-%s")
    template = "cases/_work_case.html" if request.htmx else "cases/work_case.html"  # type: ignore[attr-defined]
    if request.htmx and status == 409:  # type: ignore[attr-defined]
        status = 422
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response
