"""The HTTP API: OpenAPI 3.1 at /api/openapi.json, put together from the routers the rooms offer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from linli.kernel.errors import Refusal
from linli.kernel.room import offered

api = NinjaAPI(
    title="Linli 邻里",
    version="1",
    description="Cases, places and people of one city. Errors are {code, what, mend, field}.",
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer with what is wrong and how to mend it."""
    return api.create_response(request, refusal.as_dict(), status=refusal.status)


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a caller we do not know."""
    body = {"code": "login_needed", "what": _("需要登录。"), "mend": _("请先登录再调用。"), "field": None}
    return api.create_response(request, body, status=401)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer with the first field that does not fit; the rest follow in `details`."""
    first = error.errors[0] if error.errors else {"loc": [], "msg": ""}
    where = ".".join(str(part) for part in first["loc"][1:] if part not in ("payload", "body"))
    body = {
        "code": "invalid",
        "what": _("字段 %(field)s 不对:%(message)s") % {"field": where or "?", "message": first["msg"]},
        "mend": _("请按 /api/openapi.json 的说明修改。"),
        "field": where or None,
        "details": [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors],
    }
    return api.create_response(request, body, status=422)


for _config, room in offered("endpoints"):
    api.add_router(room.prefix, room.router)
