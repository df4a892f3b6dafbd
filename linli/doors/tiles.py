"""Vector tiles: one address for every room's source."""

from __future__ import annotations

import gzip
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.room import TileSource, offered

ZOOM_MAX = 20


@lru_cache(maxsize=1)
def sources() -> dict[str, TileSource]:
    """Return every room's tile sources by name."""
    return {layer.name: layer for _config, room in offered("tiles") for layer in room.layers}


@require_safe
def tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """Serve one tile: 200 with MVT, 204 when empty, 403 for a stranger, 404 for what does not exist."""
    source = sources().get(name)
    if source is None or z > ZOOM_MAX or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NotFound("no_tile", _("没有这张地图切片。"), _("请检查图层名和编号。"))
    if not source.public and not request.user.is_authenticated:
        raise Forbidden("login_needed", _("这个图层需要登录。"), _("请登录后再看。"))
    data = source.read(request, z, x, y)
    if not data:
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(data, content_type="application/vnd.mapbox-vector-tile")
        if data[:2] == b"\x1f\x8b":
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response["Content-Encoding"] = "gzip"
            else:
                response.content = gzip.decompress(data)
    scope = "public" if source.public else "private"
    response["Cache-Control"] = (
        f"{scope}, max-age={source.max_age_s}" if source.max_age_s else f"{scope}, no-cache"
    )
    return response
