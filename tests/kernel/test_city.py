"""Reading a city folder: every problem says file, place and mend."""

import gzip
from pathlib import Path

import pytest

from linli.kernel import city


def test_rows_come_with_the_line_they_stand_on(tmp_path: Path):
    path = tmp_path / "posts.csv"
    path.write_text("# 说明\ncode,name\na,甲\n# 再说明\n\nb,乙\n", encoding="utf-8")
    assert list(city.read_csv(path, ("code",))) == [
        (3, {"code": "a", "name": "甲"}),
        (6, {"code": "b", "name": "乙"}),
    ]


def test_a_spreadsheet_s_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path):
    path = tmp_path / "posts.csv"
    path.write_bytes("\ufeffcode\na\n".encode())
    assert [row for _, row in city.read_csv(path, ("code",))] == [{"code": "a"}]


def test_a_quoted_cell_may_hold_a_comma(tmp_path: Path):
    path = tmp_path / "posts.csv"
    path.write_text('code,name\na,"甲,乙"\n', encoding="utf-8")
    assert next(city.read_csv(path))[1]["name"] == "甲,乙"


def test_missing_columns_are_named(tmp_path: Path):
    path = tmp_path / "posts.csv"
    path.write_text("code\na\n", encoding="utf-8")
    with pytest.raises(city.CityFileError) as caught:
        list(city.read_csv(path, ("code", "name", "kind")))
    assert caught.value.problem.file == "posts.csv"
    assert "name, kind" in caught.value.problem.what


def test_another_encoding_is_named(tmp_path: Path):
    path = tmp_path / "posts.csv"
    path.write_bytes("code\n甲\n".encode("gb18030"))
    with pytest.raises(city.CityFileError, match="UTF-8"):
        list(city.read_csv(path))


def test_broken_json_is_named_by_line_and_column(tmp_path: Path):
    path = tmp_path / "city.json"
    path.write_text('{\n "name": \n}', encoding="utf-8")
    with pytest.raises(city.CityFileError) as caught:
        city.read_json(path)
    assert caught.value.problem.where == "3:1"
    assert caught.value.problem.mend


def test_zipped_files_are_read_as_what_they_hold(tmp_path: Path):
    path = tmp_path / "roads.json.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}'))
    assert city.read_json(path) == {"a": 1}


@pytest.mark.parametrize("content", [None, b"no zip at all"])
def test_a_file_that_cannot_be_read_is_a_problem_not_a_crash(tmp_path: Path, content: bytes | None):
    path = tmp_path / "roads.json.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(city.CityFileError) as caught:
        city.read_json(path)
    assert caught.value.problem.severity == "error"


def test_the_version_of_a_data_set_follows_names_and_bytes(tmp_path: Path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("a")
    two.write_text("b")
    first = city.content_hash(one, two)
    assert first == city.content_hash(one, two)
    assert first != city.content_hash(two, one)
    two.write_text("c")
    assert first != city.content_hash(one, two)


def test_a_problem_reads_as_one_line():
    problem = city.Problem("posts.csv", "3:code", "重复", "删去其中一行")
    assert str(problem) == "posts.csv [3:code] 重复 → 删去其中一行"
