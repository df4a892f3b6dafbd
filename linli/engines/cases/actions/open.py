"""Opening a case."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import events
from linli.engines.cases.actions import checks
from linli.engines.cases.actions.deadlines import deadline, first_stage
from linli.engines.cases.actions.insert import insert_case
from linli.engines.cases.models import Case
from linli.engines.cases.queries.rulebook import FAMILY, rulebook
from linli.engines.cases.rules.procedure import holder_of
from linli.engines.cases.rules.routing import route
from linli.engines.cases.secrets import name_cipher, phone_cipher, secret_hash, secret_of
from linli.engines.cases.types import Category, OpenedCase, Report, Routed, Rulebook
from linli.kernel import clock
from linli.kernel.errors import Conflict, Refusal
from linli.kernel.ids import short_code
from linli.registers.bus.actions import Deed
from linli.registers.places.queries import locate, planar
from linli.registers.places.types import Place
from linli.registers.record.types import Actor, Subject

CODE_LENGTH = 5
CODE_TRIES = 5


def case_open(actor: Actor, report: Report, submission_id: UUID, source: str = "web") -> OpenedCase:
    """Open a case for a report: place it, route it with the reason, give it a due time with its explanation.

    Idempotent on `submission_id`: the same submission again returns the same case and secret and changes nothing.
    EFFECTS: the case, four facts, contact and photos where given, one record entry, event `case.opened`. A reporter
    without account enters the record under the case's code.
    ERRORS: Unprocessable unknown_category, nothing_said, text_too_long, too_many_photos, photo_unknown, bad_phone,
    masked_value, no_place, outside_city, unknown_source, city_not_loaded; Conflict submission_reused.
    COST: one round trip to the database; one more when photos are named.
    """
    book = rulebook()
    checks.check_report(report, book.catalogue, source)
    phone, name = checks.check_phone(report.phone), checks.check_name(report.name)
    lon, lat = checks.place_of(report)
    place = locate(lon, lat)
    if not place.inside or not place.general_grid:
        raise checks.outside_city()
    category = book.catalogue.by_code[report.category_code]
    routed = route(book.routing, category.code, place.general_grid, _schemes(place))
    at = clock.now()
    due, explanation = deadline(category.limit, at)
    stage = first_stage(book.procedure, at)
    draft = _draft(book, report, place, routed, category)
    draft.lon, draft.lat = lon, lat
    draft.x_m, draft.y_m = planar(lon, lat)
    draft.opened_at = draft.changed_at = at
    draft.calendar_version = explanation["calendar_version"]
    draft.stage_due_at, draft.escalate_at = stage.due_at, stage.escalate_at
    draft.due_at, draft.source, draft.submission_id = due, source, submission_id
    draft.submission_hash = checks.fingerprint(report, phone)
    secret = secret_of(submission_id)
    draft.secret_hash = secret_hash(secret)
    contact = _sealed(name, phone) if name or phone else None
    photos = tuple(dict.fromkeys(report.photos))
    for _try in range(CODE_TRIES):
        draft.code = f"{timezone.localdate(at):%Y%m%d}-{short_code(CODE_LENGTH)}"
        deed = _deed(actor, draft, book, routed, photos)
        if insert_case(deed, draft, place.dedicated, routed, explanation, stage.fact, contact, photos):
            return OpenedCase(draft.code, secret)
        if (known := _known(submission_id, draft.submission_hash, secret)) is not None:
            return known
    raise Refusal("no_code_free", _("案件编号暂时用尽。"), _("请稍后再提交一次。"), status=503)


def _draft(book: Rulebook, report: Report, place: Place, routed: Routed, category: Category) -> Case:
    procedure = book.procedure
    return Case(
        family=FAMILY,
        category_code=category.code,
        procedure_version=procedure.version,
        catalogue_version=book.catalogue.version,
        routing_version=book.routing.version,
        state=procedure.initial,
        area_code=place.general_grid,
        urban_unit=place.urban_unit,
        address=report.address.strip() or place.address_hint[: checks.ADDRESS_LIMIT],
        department_code=routed.department,
        holder_code=holder_of(procedure, procedure.initial_holder, routed.department),
        priority=category.priority,
        description=report.description.strip(),
    )


def _deed(actor: Actor, draft: Case, book: Rulebook, routed: Routed, photos: Sequence[str]) -> Deed:
    """Say what the record and the stream are told of a new case."""
    if actor.kind == "citizen" and not actor.key:
        actor = replace(actor, key=draft.code)
    payload = {
        "category": draft.category_code,
        "area": draft.area_code,
        "department": routed.department,
        "rule": routed.rule_id,
        "due_at": draft.due_at,
        "source": draft.source,
        "photos": list(photos),
    }
    deed = Deed(actor, "case_open", Subject("case", draft.code), at=draft.opened_at, payload=payload)
    state = book.procedure.states[draft.state]
    category = book.catalogue.by_code[draft.category_code]
    deed.tell(events.OPENED, events.case_data(draft, state, category, "open"), events.case_labels(draft))
    return deed


def _known(submission_id: UUID, said: bytes, secret: str) -> OpenedCase | None:
    """Find the case a submission opened before. ERRORS: Conflict when it then said something else."""
    row = Case.objects.filter(submission_id=submission_id).values_list("code", "submission_hash").first()
    if row is None:
        return None
    if not hmac.compare_digest(bytes(row[1]), said):
        raise Conflict(
            "submission_reused",
            _("这个提交编号已经用于另一件上报。"),
            _("请刷新页面后重新提交；程序调用时每件上报用新的 submission_id。"),
            field="submission_id",
        )
    return OpenedCase(row[0], secret, replayed=True)


def _sealed(name: str, phone: str) -> dict[str, bytes | None]:
    return {
        "name_sealed": name_cipher().seal(name) if name else None,
        "phone_sealed": phone_cipher().seal(phone) if phone else None,
        "phone_search": phone_cipher().search_key(phone) if phone else None,
    }


def _schemes(place: Place) -> tuple[str, ...]:
    return tuple(
        name for name, code in (("urban_unit", place.urban_unit), ("dedicated", place.dedicated)) if code
    )
