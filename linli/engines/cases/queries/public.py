"""A case as its reporter follows it: by code and secret, or by code and the phone it was reported with."""

from __future__ import annotations

import hmac

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import Case, CaseAttachment, CaseReporter, CaseStatus
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.secrets import phone_cipher, secret_hash
from linli.engines.cases.types import Photo, ProcedureTable, PublicCase, PublicStep
from linli.kernel.errors import NotFound
from linli.registers.files.queries import signed_url

TOLD_TO_REPORTER = ("reject",)
"""Actions whose reason the reporter reads: why a report was not taken up."""
WITH_DEPARTMENT = ("dispatch", "finish")
"""Actions whose department the reporter is told."""
NOBODYS_HASH = bytes(32)


def case_public(code: str, secret: str = "", *, phone: str = "") -> PublicCase:
    """Return the case as its reporter sees it: states with times in plain words, photos, no names of staff.

    ERRORS: NotFound for an unknown code and for a wrong secret or phone alike. COST: three queries, four by phone.
    """
    case = case_of_reporter(code, secret, phone=phone)
    procedure = procedure_version(case.family, case.procedure_version)
    state = procedure.states[case.state]
    return PublicCase(
        code=case.code,
        state=state.code,
        name_zh=state.public_zh,
        name_en=state.public_en,
        tone=state.tone,
        icon=state.icon,
        category=catalogue_version(case.family, case.catalogue_version).by_code[case.category_code],
        description=case.description,
        address=case.address,
        lon=case.lon,
        lat=case.lat,
        opened_at=case.opened_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        rating=case.rating,
        may_rate=case.closed_at is not None and case.rating is None,
        steps=_steps(case, procedure),
        photos=_photos(case),
    )


def case_of_reporter(code: str, secret: str = "", *, phone: str = "") -> Case:
    """Return the case that `code` and a secret (or phone) open. Compares in constant time, also for no case.

    ERRORS: NotFound, the same whatever is wrong.
    """
    case = Case.objects.filter(code=code.strip().upper()).first()
    opens = hmac.compare_digest(secret_hash(secret), bytes(case.secret_hash) if case else NOBODYS_HASH)
    if phone and not opens:
        digits = "".join(character for character in phone if character.isdigit() or character == "+")
        row = CaseReporter.objects.filter(case=case).order_by("-id").first() if case else None
        kept = bytes(row.phone_search) if row and row.phone_search else NOBODYS_HASH
        opens = hmac.compare_digest(phone_cipher().search_key(digits), kept)
    if case is None or not opens:
        raise NotFound(
            "no_such_report",
            _("没有找到这件上报，或查询码、电话不对。"),
            _("请核对编号和查询码；也可以填上报时留的电话。"),
        )
    return case


def _steps(case: Case, procedure: ProcedureTable) -> tuple[PublicStep, ...]:
    steps = []
    for row in CaseStatus.objects.filter(case=case).order_by("id"):
        state = procedure.states[row.state]
        steps.append(
            PublicStep(
                state=state.code,
                name_zh=state.public_zh,
                name_en=state.public_en,
                tone=state.tone,
                icon=state.icon,
                at=row.at,
                note=row.reason if row.action in TOLD_TO_REPORTER else "",
                department_code=row.department_code if row.action in WITH_DEPARTMENT else "",
            )
        )
    return tuple(steps)


def _photos(case: Case) -> tuple[Photo, ...]:
    """The reporter's photos and those of the result, by links that open for a short time."""
    rows = CaseAttachment.objects.filter(case=case, stage__in=("open", "finish")).order_by("id")
    return tuple(
        Photo(row.sha256, row.stage, row.at, signed_url(row.sha256), signed_url(row.sha256, 320))
        for row in rows
    )
