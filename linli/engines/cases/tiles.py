"""Vector tiles of cases: what the caller may see, grouped where it would crowd.

Layer `cases`. A point has code, tone (danger when overdue), state, category and their names in both languages; a group
has `point_count` and `danger`, how many in it are overdue. A visitor without grants gets no tile.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

import numpy as np
from django.http import HttpRequest
from numpy.typing import NDArray

from linli.engines.cases.queries import points as memory
from linli.engines.cases.queries.points import Points
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.kernel import clock
from linli.kernel.mvt import PointLayer, cluster_points, encode_points, tile_points
from linli.kernel.room import TileSource
from linli.registers.access.queries import grants
from linli.registers.bus.types import Grant

LAYER = "cases"
GROUPED_BELOW_ZOOM = 15
GROUP_CELL = 384
KEPT_TILES = 2_048
OVERDUE_EVERY_S = 30
GZIP_FROM_BYTES = 2_048

_Key = tuple[int, int, tuple[Grant, ...], int, int, int]
_kept: OrderedDict[_Key, bytes] = OrderedDict()
_lock = threading.Lock()


def read(request: HttpRequest, z: int, x: int, y: int) -> bytes | None:
    """Return one tile of the cases the caller may see, None when there are none.

    COST: from memory when nothing changed since the last ask with the same grants; else O(points).
    """
    held = grants(request, "case")
    if not held:
        return None
    found = memory.points()
    turn = int(clock.now().timestamp()) // OVERDUE_EVERY_S
    key = (found.version, turn, held, z, x, y)
    with _lock:
        if (data := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return data or None
    data = _encoded(found, held, turn * OVERDUE_EVERY_S, z, x, y)
    with _lock:
        _kept[key] = data
        while len(_kept) > KEPT_TILES:
            _kept.popitem(last=False)
    return data or None


layers = [TileSource(name="cases", read=read, public=False, max_age_s=0)]


def _encoded(found: Points, held: tuple[Grant, ...], now_s: float, z: int, x: int, y: int) -> bytes:
    grouped = z < GROUPED_BELOW_ZOOM
    on_tile = tile_points(found.lon, found.lat, z, x, y, **({"buffer": 0} if grouped else {}))
    keep = memory.admitted(found, held)[on_tile.index] & ~found.closed[on_tile.index]
    index, px, py = on_tile.index[keep], on_tile.x[keep], on_tile.y[keep]
    if not len(index):
        return b""
    overdue = found.due_s[index] < now_s
    if grouped:
        groups = cluster_points(px, py, GROUP_CELL)
        alone = groups.count == 1
        late = np.bincount(groups.label, weights=overdue, minlength=len(groups.count)).astype(np.int64)
        layer = _layer(
            found, index[groups.first], groups.x, groups.y, overdue[groups.first], alone, groups.count, late
        )
    else:
        layer = _layer(found, index, px, py, overdue)
    data = encode_points([layer])
    return gzip.compress(data, 1) if len(data) >= GZIP_FROM_BYTES else data


def _layer(
    found: Points,
    index: NDArray[np.int64],
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    overdue: NDArray[np.bool_],
    alone: NDArray[np.bool_] | None = None,
    count: NDArray[np.int64] | None = None,
    danger: NDArray[np.int64] | None = None,
) -> PointLayer:
    """Lay out points, with groups among them: a group leaves out what only a single case has."""
    single = np.ones(len(index), np.bool_) if alone is None else alone
    kinds = found.kind[index]
    attributes: dict[str, list[object]] = {"code": _where(single, found.code[index].tolist())}
    for name, of_kind in _kind_columns(found).items():
        attributes[name] = _where(single, [of_kind[kind] for kind in kinds])
    tones = [("danger" if late else tone) for tone, late in zip(attributes["tone"], overdue, strict=True)]
    attributes["tone"] = _where(single, tones)
    if count is not None and danger is not None:
        attributes["point_count"] = _where(~single, count.tolist())
        attributes["danger"] = _where(~single, danger.tolist())
    return PointLayer(LAYER, x, y, attributes, ids=found.ids[index])


def _where(keep: NDArray[np.bool_], values: list[object]) -> list[object]:
    return [value if kept else None for value, kept in zip(values, keep.tolist(), strict=True)]


def _kind_columns(found: Points) -> dict[str, list[object]]:
    """Name each kind of point: states and categories are few, points are many."""
    columns: dict[str, list[object]] = {}
    for family, procedure, state_code, catalogue, category_code in found.kinds:
        state = procedure_version(family, procedure).states[state_code]
        category = catalogue_version(family, catalogue).by_code[category_code]
        for name, value in (
            ("state", state.code),
            ("state_name_zh", state.name_zh),
            ("state_name_en", state.name_en),
            ("tone", state.tone),
            ("category", category.code),
            ("category_name_zh", category.name_zh),
            ("category_name_en", category.name_en),
        ):
            columns.setdefault(name, []).append(value)
    return columns
