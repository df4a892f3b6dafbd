"""The table twin of a map or a chart: the same data in rows, for eyes, ears and clipboards that need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

Table = dict[str, list[Any]]


def table_of(columns: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table:
    """SHAPE: {"columns": [heading, …], "rows": [[cell, …], …]}; cells in the order of the columns."""
    return {"columns": list(columns), "rows": [list(row) for row in rows]}


def of_points(points: Mapping[str, Any] | None) -> Table:
    """Make the twin of a GeoJSON FeatureCollection of points: name, kind, longitude, latitude."""
    rows = []
    for feature in (points or {}).get("features", []):
        properties = feature.get("properties") or {}
        lon, lat = feature["geometry"]["coordinates"][:2]
        name = properties.get("title") or properties.get("name") or properties.get("code") or "–"
        rows.append(
            [name, properties.get("label") or properties.get("kind") or "", f"{lon:.5f}", f"{lat:.5f}"]
        )
    return table_of([_("名称"), _("类型"), _("经度"), _("纬度")], rows)


def of_option(option: Mapping[str, Any]) -> Table:
    """Make the twin of a chart option.

    Read from `dataset.source` (first row the headings), else from the category axis and the series' data.
    """
    source = (option.get("dataset") or {}).get("source")
    if source:
        return table_of(source[0], source[1:])
    series = option.get("series") or []
    series = [series] if isinstance(series, Mapping) else list(series)
    axis = next((option[key] for key in ("xAxis", "yAxis") if "data" in (option.get(key) or {})), None)
    if axis is None:
        return table_of(
            [_("名称"), _("数值")], [_pair(item) for one in series for item in one.get("data", [])]
        )
    headings = [axis.get("name") or _("类别"), *[one.get("name") or _("数值") for one in series]]
    columns = [list(one.get("data", [])) for one in series]
    rows = [
        [category, *[_value(column[index]) if index < len(column) else "" for column in columns]]
        for index, category in enumerate(axis["data"])
    ]
    return table_of(headings, rows)


def _pair(item: Any) -> list[Any]:
    return [item.get("name", ""), item.get("value", "")] if isinstance(item, Mapping) else ["", item]


def _value(item: Any) -> Any:
    return item.get("value", "") if isinstance(item, Mapping) else item
