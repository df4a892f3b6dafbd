"""Serving files to those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.room import offered
from linli.registers.files import engine, store
from linli.registers.files.models import StoredFile
from linli.registers.files.queries import link_opens
from linli.registers.files.types import THUMB_WIDTHS

KEEP = "private, max-age=31536000, immutable"
KEEP_LINK = "private, max-age=3600"


@require_safe
def photo(request: HttpRequest, sha256: str) -> HttpResponse | FileResponse:
    """Serve the upright copy without metadata."""
    row = _readable(request, sha256)
    return _served(request, row.sha256, "upright", row.media_type, engine.upright_copy)


@require_safe
def thumb(request: HttpRequest, sha256: str, width: int) -> HttpResponse | FileResponse:
    """Serve a thumbnail of 320 or 960 pixels."""
    if width not in THUMB_WIDTHS:
        raise NotFound("no_such_size", _("没有这个尺寸的缩略图。"), _("请用 320 或 960。"))
    row = _readable(request, sha256)
    return _served(
        request, row.sha256, f"thumb-{width}", "image/webp", partial(engine.thumbnail, width=width)
    )


def _readable(request: HttpRequest, sha256: str) -> StoredFile:
    row = StoredFile.objects.filter(sha256=sha256).first()
    if row is None:
        raise _nothing_here()
    if link_opens(sha256, request.GET.get("until", ""), request.GET.get("signature", "")):
        return row
    if any(room.may_read(request, sha256) for _config, room in offered("file_guards")):
        return row
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        raise Forbidden("file_not_yours", _("您没有查看这份材料的权限。"), _("请联系承办此事的部门。"))
    raise _nothing_here()


def _served(
    request: HttpRequest, sha256: str, copy: str, media_type: str, make: Callable[[bytes], bytes]
) -> HttpResponse | FileResponse:
    tag = f'"{sha256[:32]}-{copy}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        try:
            path = store.copy_of(sha256, copy, make)
        except FileNotFoundError as error:
            raise NotFound(
                "file_lost", _("这份材料的文件不在了。"), _("请联系管理员从备份恢复。"), status=410
            ) from error
        response = FileResponse(path.open("rb"), content_type=media_type)
    response["ETag"] = tag
    response["Cache-Control"] = KEEP_LINK if "signature" in request.GET else KEEP
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _nothing_here() -> NotFound:
    return NotFound("no_file", _("没有这份材料，或链接已过期。"), _("请回到原页面重新打开。"))
