"""The base map is cut once per content, read back by somebody else's decoder, and served as it is."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from django.test import Client

from linli.kernel.coordinates import tile_bounds, tile_of, to_mercator
from linli.kernel.home import Home
from linli.registers.places import base_map, city, queries, tiles
from tests.registers.places import tiny as t
from tests.registers.places.conftest import silent
from tests.registers.places.test_queries import at


def tile_at(zoom: int, x: float, y: float) -> dict[str, Any]:
    """Return the decoded tile over a place of the tiny city."""
    column, row = tile_of(*at(x, y), zoom)
    packed = tiles.base_tile(None, zoom, int(column), int(row))
    assert packed is not None
    return mapbox_vector_tile.decode(gzip.decompress(packed), default_options={"y_coord_down": True})


def names(tile: dict[str, Any], layer: str) -> set[str]:
    return {f["properties"].get("name", "") for f in tile.get(layer, {}).get("features", [])}


def test_a_tile_holds_the_layers_of_the_contract(loaded: Path) -> None:
    tile = tile_at(15, 0.41, 1.41)
    assert set(tile) >= {"boundary", "division", "grid", "road", "building", "facility"}
    assert names(tile, "division") == {"东街街道", "钟楼社区"}
    assert {f["properties"]["scheme"] for f in tile["grid"]["features"]} == {
        "general",
        "urban_unit",
        "dedicated",
    }
    assert all(f["properties"]["indicative"] for f in tile["building"]["features"])
    assert names(tile_at(11, 0.9, 0.4), "label") >= {"西河镇", "杏花村"}
    assert "试河" in names(tile_at(11, 2, 1), "label")


def test_detail_comes_with_zoom(loaded: Path) -> None:
    far, near = tile_at(9, 2, 1), tile_at(14, 0.41, 1.41)
    assert "building" not in far
    assert "building" in near
    assert names(far, "division") == {"东街街道", "西河镇"}
    assert {f["properties"]["scheme"] for f in near["grid"]["features"]} == {"general"}


def test_a_grid_edge_lies_where_the_degrees_say(loaded: Path) -> None:
    column, row = tile_of(*at(0.5, 1.5), 15)
    tile = tile_at(15, 0.5, 1.5)
    _, south, _, north = tile_bounds(15, int(column), int(row))
    [line] = [f for f in tile["road"]["features"] if f["properties"]["name"] == "长安路"]
    _, y_m = to_mercator(*at(0.5, 1.5))
    drawn = {point[1] for point in line["geometry"]["coordinates"]}
    assert drawn == {round((north - float(y_m)) / (north - south) * 4096)}


def test_an_empty_tile_is_nothing(loaded: Path) -> None:
    assert tiles.base_tile(None, 12, 0, 0) is None
    assert tiles.base_tile(None, 3, 6, 3) is None
    assert tiles.base_tile(None, 16, 0, 0) is None


def test_no_city_no_map(db: None) -> None:
    assert base_map.cut(silent) is None
    assert tiles.base_tile(None, 12, 3237, 1683) is None


def test_the_same_content_is_cut_once_and_new_content_replaces_the_file(loaded: Path) -> None:
    first = base_map.path_of(queries.city_profile().base_version)
    made = first.stat().st_mtime_ns
    city.load(loaded, silent)
    assert first.stat().st_mtime_ns == made
    t.edit_csv(loaded / "places" / "facilities.csv", "school-1", name_zh="钟楼一小")
    city.load(loaded, silent)
    second = base_map.path_of(queries.city_profile().base_version)
    assert second != first
    assert [path.name for path in Home.current().tiles_dir.glob("base-*")] == [second.name]
    assert "钟楼一小" in names(tile_at(15, 0.5, 1.5), "facility")


def test_the_same_content_gives_the_same_bytes(loaded: Path) -> None:
    path = base_map.path_of(queries.city_profile().base_version)
    first = path.read_bytes()
    path.unlink()
    base_map.cut(silent)
    assert path.read_bytes() == first


def test_anybody_gets_the_map_by_its_address(loaded: Path) -> None:
    column, row = tile_of(*at(0.41, 1.41), 14)
    answer = Client().get(f"/tiles/base/14/{column}/{row}.mvt")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "building" in mapbox_vector_tile.decode(answer.content)
    assert Client().get("/tiles/base/14/0/0.mvt").status_code == 204
