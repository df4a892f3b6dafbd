"""Checking and loading a city's places: clear words for what is wrong, nothing twice, versions by content."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from linli.kernel.city import CityFileError
from linli.registers.access.models import AreaMember
from linli.registers.places import city
from linli.registers.places.models import Building, Dataset, Division, Facility, Grid, Household, RoadSegment
from tests.registers.places import tiny as t
from tests.registers.places.conftest import silent


def said(folder: Path) -> str:
    """Return all problems as one text."""
    return "\n".join(str(problem) for problem in city.check(folder))


def entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_entry WHERE action = 'places_dataset_replace'")
        return int(cursor.fetchone()[0])


def test_a_sound_city_has_no_problems(tiny: Path) -> None:
    assert city.check(tiny) == []


def _edit(name: str, code: str, /, **change: str) -> Callable[[Path], None]:
    return lambda places: t.edit_csv(places / name, code, **change)


def _redraw(name: str, code: str, *where: float) -> Callable[[Path], None]:
    return lambda places: t.edit_line(places / name, code, t.polygon(t.square(*where)))


def _change(name: str, code: str, /, **change: object) -> Callable[[Path], None]:
    return lambda places: t.edit_line(places / name, code, None, **change)


def _spoil(name: str, text: bytes) -> Callable[[Path], None]:
    return lambda places: (places / name).write_bytes(text) and None


GRID = "990101001001001"
FAULTS = [
    ("a parent that is not there", _edit("divisions.csv", "990101001001", parent_code="990101001x"), "上级"),
    ("a day that is none", _edit("divisions.csv", "990101200", valid_to="2019-13-01"), "不是日期"),
    ("an end before its start", _edit("divisions.csv", "990101200", valid_to="2009-01-01"), "止日不晚于起日"),
    ("a level nobody knows", _edit("divisions.csv", "990101001", level="county"), "层级 county 不认识"),
    ("an heir that is not there", _edit("divisions.csv", "990101200", successor_codes="990101999"), "后继"),
    ("a code of the wrong length", _change("grids.geojsonl", GRID, code="9901010010010"), "不是 15 位数字"),
    ("a grid that reaches over another", _redraw("grids.geojsonl", GRID, 0, 1, 2, 1), "互相重叠"),
    ("a gap between grids", _redraw("grids.geojsonl", GRID, 0, 1, 0.9, 1), "没有被覆盖"),
    ("a unit grid outside its ground", _redraw("grids.geojsonl", "990101001001002", 1, 1, 2, 1), "互相重叠|超出"),
    ("a village reaching into another", _redraw("division_shapes.geojsonl", "990101001001", 0, 1, 3, 1), "互相重叠"),
    ("a scheme nobody registered", _change("grids.geojsonl", GRID, scheme="hexagon"), "没有登记"),
    ("a building in the wrong grid", _redraw("buildings.geojsonl", f"{GRID}00001", 3, 0, 0.1, 0.1), "网格内"),
    ("a door without a building", _edit("households.csv", f"{GRID}000010001", code="1" * 24), "建筑不存在"),
    ("a facility of no kind", _edit("facilities.csv", "school-1", kind="castle"), "设施类型 castle 没有登记"),
    ("a longitude in words", _edit("facilities.csv", "school-1", lon="东经"), "经纬度不是数"),
    ("longitude and latitude swapped", _edit("facilities.csv", "school-1", lon="35", lat="110"), "市域外"),
    ("a road twice", _change("roads.geojsonl", "R2", code="R1"), "重复"),
    ("a line that is no JSON", _spoil("roads.geojsonl", b"{oops\n"), "不是有效的 GeoJSON"),
    ("a feature without shape", _spoil("roads.geojsonl", b'{"type":"Feature","properties":{}}\n'), "缺少属性"),
    ("a table without a column", _spoil("households.csv", b"code,unit\n"), "缺少列"),
    ("text that is not UTF-8", _spoil("facilities.csv", "名称".encode("gbk")), "UTF-8"),
    ("a file that is not there", lambda places: (places / "land.geojsonl").unlink(), "文件不在"),
    ("a data set left out", _spoil("datasets.json", b"[]"), "数据集"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "words"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_planted_fault_is_told(tiny: Path, spoil: Callable[[Path], None], words: str) -> None:
    spoil(tiny / "places")
    told = said(tiny)
    assert any(word in told for word in words.split("|")), told
    for problem in city.check(tiny):
        assert problem.file
        assert problem.what
        assert problem.mend


def test_a_crossed_shape_is_named_by_line(tiny: Path) -> None:
    bow = [[110.0, 35.02], [110.02, 35.04], [110.02, 35.02], [110.0, 35.04], [110.0, 35.02]]
    t.edit_line(tiny / "places" / "grids.geojsonl", GRID, t.polygon(bow))
    problem = city.check(tiny)[0]
    assert (problem.file, problem.where) == ("places/grids.geojsonl", "1")
    assert "图形无效" in problem.what


def test_codes_may_be_used_again_but_not_at_the_same_time(tiny: Path) -> None:
    assert city.check(tiny) == []
    rows = (tiny / "places" / "divisions.csv").read_text(encoding="utf-8")
    overlapping = rows.replace("990101100,2010-01-01", "990101100,2010-01-01", 1).replace(
        "旧镇,旧镇 (en),990101,2020-01-01", "旧镇,旧镇 (en),990101,2020-01-02"
    )
    (tiny / "places" / "divisions.csv").write_text(overlapping, encoding="utf-8")
    lines = (tiny / "places" / "divisions.csv").read_text(encoding="utf-8").splitlines()
    number = next(k for k, line in enumerate(lines) if "旧镇" in line)
    lines[number] = lines[number].replace("2020-01-01", "2020-02-01")
    (tiny / "places" / "divisions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "有效期与第" in said(tiny)


def test_twenty_problems_of_a_file_are_listed_and_the_rest_counted(tiny: Path) -> None:
    rows = [{"code": f"{n:024d}", "unit": "", "floor": "", "room": ""} for n in range(50)]
    t.write_csv(tiny / "places" / "households.csv", rows)
    problems = [p for p in city.check(tiny) if p.file == "places/households.csv"]
    assert len(problems) == 21
    assert "还有 30 处" in problems[-1].what


def test_packed_files_are_read_like_plain_ones(tiny: Path) -> None:
    places = tiny / "places"
    plain = places / "roads.geojsonl"
    (places / "roads.geojsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    manifest = json.loads((places / "datasets.json").read_text(encoding="utf-8"))
    next(entry for entry in manifest if entry["name"] == "roads")["files"] = ["roads.geojsonl.gz"]
    t.write_json(places / "datasets.json", manifest)
    assert city.check(tiny) == []


def test_loading_writes_every_table_and_one_entry_a_data_set(loaded: Path) -> None:
    counts = [m.objects.count() for m in (Division, Grid, RoadSegment, Building, Household, Facility)]
    assert counts == [10, 11, 2, 4, 4, 3]
    assert Dataset.objects.filter(is_current=True).count() == 8
    assert entries() == 8


def test_loading_again_changes_nothing(loaded: Path) -> None:
    before = list(Dataset.objects.order_by("id").values_list("id", "loaded_at"))
    city.load(loaded, silent)
    assert list(Dataset.objects.order_by("id").values_list("id", "loaded_at")) == before
    assert entries() == 8


def test_a_changed_file_makes_a_new_version_of_its_data_set_only(loaded: Path) -> None:
    t.edit_csv(loaded / "places" / "facilities.csv", "school-1", name_zh="钟楼一小")
    city.load(loaded, silent)
    assert Facility.objects.get(code="school-1").name_zh == "钟楼一小"
    assert Facility.objects.count() == 3
    assert entries() == 9
    history = Dataset.objects.filter(name="facilities").order_by("id")
    assert [row.is_current for row in history] == [False, True]
    assert history[0].content_hash != history[1].content_hash


def test_a_refused_file_leaves_the_old_data_in_place(loaded: Path) -> None:
    (loaded / "places" / "roads.geojsonl").write_text("{oops\n", encoding="utf-8")
    with pytest.raises(CityFileError):
        city.load(loaded, silent)
    assert RoadSegment.objects.count() == 2


def test_progress_is_reported_to_its_end(tiny: Path, db: None) -> None:
    told: list[tuple[str, int, int]] = []
    city.load(tiny, lambda label, done, total: told.append((label, done, total)))
    assert all(0 <= done <= total for _, done, total in told)
    assert told[-1][1] == told[-1][2]
    assert len({label for label, _, _ in told}) >= 9


def test_facilities_and_buildings_know_their_grids(loaded: Path) -> None:
    school = Facility.objects.get(code="school-1")
    assert (school.general_grid, school.urban_unit) == ("990101001001001", "990101001001001")
    assert Facility.objects.get(code="school-2").urban_unit == ""
    assert Building.objects.get(code=f"{GRID}00001").general_grid == GRID


def test_the_managers_towns_become_named_areas(loaded: Path) -> None:
    members = dict(AreaMember.objects.values_list("area", "code"))
    assert members == {"直管": "990101001", "河西新区": "990101100"}
