"""HTTP API of cases: public doors first, then those of staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Body, Router, Status

from linli.engines.cases import admission
from linli.engines.cases.actions.notes import case_attach, case_note, case_rate, case_reporter_reveal
from linli.engines.cases.actions.transition import case_transition
from linli.engines.cases.intake import report_received
from linli.engines.cases.queries import near
from linli.engines.cases.queries.detail import case_detail
from linli.engines.cases.queries.lists import case_filter, case_list
from linli.engines.cases.queries.public import case_public
from linli.engines.cases.schemas import (
    BigCategoryOut,
    CaseDetailOut,
    CasePageOut,
    ContactOut,
    GuessOut,
    MovedOut,
    NearOut,
    OpenedOut,
    PublicCaseOut,
    RatingOut,
)
from linli.engines.cases.schemas_in import REPORT_DOCS, NoteIn, PhotosIn, PurposeIn, RatingIn, TransitionIn
from linli.registers.access.api import api_auth
from linli.registers.access.queries import require

prefix = "/cases"
router = Router(tags=["cases"])


@router.post(
    "/reports", response={200: OpenedOut, 201: OpenedOut}, openapi_extra=REPORT_DOCS, summary="Report"
)
def report(request: HttpRequest) -> JsonResponse:
    """Report something: JSON, or a form with files named `photos`.

    Answers 201 with the case's code and the secret to follow it; 200 with the same two when the same `submission_id`
    came before.
    """
    admission.admit(request, admission.REPORTS)
    opened = report_received(request)
    body = {
        "code": opened.code,
        "secret": opened.secret,
        "track_url": f"/track/{opened.code}/?s={opened.secret}",
    }
    return JsonResponse(body, status=200 if opened.replayed else 201)


@router.get("/categories", response=list[BigCategoryOut], summary="Catalogue")
def categories(request: HttpRequest) -> list[dict[str, Any]]:
    """List the catalogue in force."""
    return [BigCategoryOut.of(big, small) for big, small in near.categories()]


@router.get("/suggest", response=list[GuessOut], summary="Guess a category")
def suggest(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    """Guess the category of a text, best first, with the words it was guessed from."""
    admission.admit(request, admission.QUESTIONS)
    return [GuessOut.of(category, words) for category, words in near.suggest_category(text)]


@router.get("/similar", response=list[NearOut], summary="Open cases nearby")
def similar(request: HttpRequest, lon: float, lat: float, category: str) -> list[dict[str, Any]]:
    """List open cases of the same kind within 150 m, without their codes and words."""
    admission.admit(request, admission.QUESTIONS)
    return [NearOut.of(case) for case in near.similar(lon, lat, category)]


@router.get("/track/{code}", response=PublicCaseOut, summary="Follow a report")
def track(request: HttpRequest, code: str, secret: str = "", phone: str = "") -> dict[str, Any]:
    """Follow a report by its code and secret, or by the phone it was made with. 404 whatever is wrong."""
    admission.admit(request, admission.LOOKUPS)
    return PublicCaseOut.of(case_public(code, secret, phone=phone))


@router.post("/track/{code}/rating", response={201: RatingOut}, summary="Rate the outcome")
def rate(request: HttpRequest, code: str, payload: Body[RatingIn]) -> Status:
    """Rate a finished case, once."""
    admission.admit(request, admission.LOOKUPS)
    rated = case_rate(code, payload.secret, payload.score, payload.words)
    return Status(201, {"code": rated.code, "score": rated.score})


@router.get("", response=CasePageOut, auth=api_auth, summary="List cases")
def cases(request: HttpRequest) -> dict[str, Any]:
    """List the cases you may see. Parameters: state (comma separated), department, holder, area and category
    (prefixes), source, priority, overdue, open, q, sort, page, page_size."""
    require(request, "case.read")
    return CasePageOut.of(case_list(request, case_filter(request.GET.dict())))


@router.get("/{code}", response=CaseDetailOut, auth=api_auth, summary="One case")
def case(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one case with its story and what you may do with it now."""
    require(request, "case.read")
    return CaseDetailOut.of(case_detail(request, code))


@router.post("/{code}/transitions", response=MovedOut, auth=api_auth, summary="Move a case on")
def transitions(request: HttpRequest, code: str, payload: Body[TransitionIn]) -> dict[str, Any]:
    """Take one step of the transition table. 409 says who was faster, and when."""
    moved = case_transition(
        request,
        code,
        payload.action,
        reason=payload.reason,
        department=payload.department,
        note=payload.note,
        photos=payload.photos,
    )
    return MovedOut.of(moved)


@router.post("/{code}/notes", response={204: None}, auth=api_auth, summary="Write a note")
def notes(request: HttpRequest, code: str, payload: Body[NoteIn]) -> Status:
    """Write a remark; state and deadline stay."""
    case_note(request, code, payload.text)
    return Status(204, None)


@router.post("/{code}/photos", response={204: None}, auth=api_auth, summary="Add photos")
def photos(request: HttpRequest, code: str, payload: Body[PhotosIn]) -> Status:
    """Add photos stored before (`POST /api/files`)."""
    case_attach(request, code, payload.photos)
    return Status(204, None)


@router.post("/{code}/reporter", response=ContactOut, auth=api_auth, summary="Show the reporter's contact")
def reporter(request: HttpRequest, code: str, payload: Body[PurposeIn]) -> dict[str, Any]:
    """Show name and phone in full for a stated purpose; the look is recorded."""
    contact = case_reporter_reveal(request, code, payload.purpose)
    return {"name": contact.name, "phone": contact.phone, "given": contact.given}
