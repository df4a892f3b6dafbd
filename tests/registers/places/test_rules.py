"""Coverages: every planted gap, overlap and mismatch is found; days are half-open."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.registers.places.rules import days_overlap, tiling_faults, valid_on
from tests.registers.places.test_engine import cells_of

COVER = shapely.box(0, 0, 2, 1)
LEFT, RIGHT = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
DAYS = st.dates(date(2000, 1, 1), date(2000, 1, 20))


def test_two_halves_tile_a_whole() -> None:
    assert tiling_faults([LEFT, RIGHT], COVER) == []


@pytest.mark.parametrize(
    ("members", "kinds"),
    [
        ([LEFT, shapely.box(1.001, 0, 2, 1)], {"gap"}),
        ([LEFT, shapely.box(0.999, 0, 2, 1)], {"overlap"}),
        ([LEFT, shapely.box(1, 0, 2.001, 1)], {"outside"}),
        ([LEFT], {"gap"}),
        ([], {"gap"}),
        ([LEFT, LEFT, RIGHT], {"overlap"}),
    ],
)
def test_a_planted_fault_is_named(members: list[shapely.Geometry], kinds: set[str]) -> None:
    assert {fault.kind for fault in tiling_faults(members, COVER)} == kinds


def test_an_overlap_names_both_members() -> None:
    overlapping = shapely.box(0.5, 0, 2, 1)
    [fault] = tiling_faults([LEFT, overlapping], COVER)
    assert fault.members == (0, 1)
    assert LEFT.intersection(overlapping).contains(shapely.Point(fault.lon, fault.lat))


def test_a_neighbour_without_the_shared_corner_is_no_tiling() -> None:
    upper, lower = shapely.box(1, 0.5, 2, 1), shapely.box(1, 0, 2, 0.5)
    kinds = {fault.kind for fault in tiling_faults([LEFT, upper, lower], COVER)}
    assert kinds == {"edge"}


def test_a_hole_of_a_few_square_metres_is_found() -> None:
    hole = shapely.box(0.5, 0.5, 0.50003, 0.50003)  # about three metres
    [fault] = tiling_faults([LEFT.difference(hole), RIGHT], COVER)
    assert fault.kind == "gap"
    assert hole.contains(shapely.Point(fault.lon, fault.lat))


@given(st.integers(0, 10_000), st.integers(3, 25), st.data())
def test_a_missing_cell_is_always_a_gap(seed: int, count: int, data: st.DataObject) -> None:
    cells = list(shapely.set_precision(cells_of(seed, count), 1e-6))
    whole = shapely.coverage_union_all(cells)
    if not shapely.coverage_is_valid(cells) or tiling_faults(cells, whole):
        return
    taken = data.draw(st.integers(0, count - 1))
    del cells[taken]
    assert "gap" in {fault.kind for fault in tiling_faults(cells, whole)}


@given(DAYS, DAYS, DAYS, DAYS, DAYS)
def test_ranges_overlap_when_a_day_lies_in_both(a: date, b: date, c: date, d: date, day: date) -> None:
    first, second = sorted((a, b)), sorted((c, d))
    if valid_on(day, *first) and valid_on(day, *second):
        assert days_overlap(*first, *second)
    if first[0] < first[1] and second[0] < second[1] and days_overlap(*first, *second):
        assert valid_on(max(first[0], second[0]), *first)
        assert valid_on(max(first[0], second[0]), *second)


def test_the_last_day_is_not_in_the_range() -> None:
    assert not valid_on(date(2019, 12, 1), date(2016, 1, 1), date(2019, 12, 1))
    assert not days_overlap(date(2016, 1, 1), date(2019, 12, 1), date(2019, 12, 1), None)
