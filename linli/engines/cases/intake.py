"""Read a report out of a request, JSON or form, with its photos. Apart from the endpoints: pages may post it too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.actions.open import case_open
from linli.engines.cases.admission import holds_key
from linli.engines.cases.types import OpenedCase, Report
from linli.kernel.errors import Refusal, Unprocessable
from linli.kernel.ids import uuid7
from linli.registers.access.queries import actor_of, held_posts
from linli.registers.files.actions import file_store
from linli.registers.record.types import Actor

SOURCE_OF_ROLE = {"grid": "collector", "community": "collector", "callee": "hotline"}


class ReportIn(msgspec.Struct):
    """A report as it comes over the wire. Without a `submission_id` a second sending opens a second case."""

    category: str
    submission_id: UUID | None = None
    description: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    name: str = ""
    phone: str = ""
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    source: str = ""


_decoder = msgspec.json.Decoder(ReportIn)


def report_received(request: HttpRequest) -> OpenedCase:
    """Open a case from a request: `application/json`, or a form with files named `photos`.

    Photos are stored before the case is opened, each once however often it is sent.
    ERRORS: Refusal bad_json; Unprocessable invalid_report and those of `case_open` and `file_store`; TooLarge.
    """
    return report_taken(request, *_said(request))


def report_taken(request: HttpRequest, said: ReportIn, uploads: Iterable[UploadedFile]) -> OpenedCase:
    """Open a case for what was said, whoever read it; photos and errors as in `report_received`."""
    actor = actor_of(request)
    photos = tuple(file_store(None, upload, actor=_keeper(actor)).sha256 for upload in uploads)
    report = Report(
        category_code=said.category,
        description=said.description,
        lon=said.lon,
        lat=said.lat,
        address=said.address,
        photos=photos,
        name=said.name,
        phone=said.phone,
        datum=said.datum,
    )
    return case_open(actor, report, said.submission_id or uuid7(), source=_source(request, said.source))


def _said(request: HttpRequest) -> tuple[ReportIn, list[Any]]:
    try:
        if request.content_type == "application/json":
            return _decoder.decode(request.body), []
        fields: dict[str, Any] = {name: value for name, value in request.POST.items() if value != ""}
        return msgspec.convert(fields, ReportIn, strict=False), request.FILES.getlist("photos")
    except msgspec.ValidationError as error:
        raise Unprocessable(
            "invalid_report",
            _("上报的内容不对：%(error)s") % {"error": str(error)},
            _("请按 /api/openapi.json 的说明填写。"),
        ) from error
    except msgspec.DecodeError as error:
        raise Refusal("bad_json", _("不是有效的 JSON。"), _("请检查请求的格式。")) from error


def _keeper(actor: Actor) -> Actor:
    return actor if actor.key else Actor("citizen", "visitor", actor.name)


def _source(request: HttpRequest, said: str) -> str:
    """Believe a stated source from our own programs only; staff are known by their role; everybody else is the web."""
    if said and holds_key(request):
        return said
    roles = {post.role for post in held_posts(request)}
    return next((source for role, source in SOURCE_OF_ROLE.items() if role in roles), "web")
