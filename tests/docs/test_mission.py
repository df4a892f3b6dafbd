"""The mission page tells the truth."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, resolve

from tests.architecture.tree import REPOSITORY
from tests.docs import mission

MISSION = (REPOSITORY / "docs/mission.md").read_text(encoding="utf-8")
HEAD = "| id | claim | page | test | status |\n|---|---|---|---|---|\n"
HERE = "tests/docs/test_mission.py::test_every_page_and_test_of_the_mission_exists"


def leads_somewhere(page: str) -> bool:
    try:
        resolve(page.partition("?")[0])
    except Resolver404:
        return False
    return page.startswith("/")


def test_every_page_and_test_of_the_mission_exists():
    assert mission.faults(MISSION, REPOSITORY, leads_somewhere) == []


def test_the_mission_lists_the_three_centres_and_something_is_done():
    listed = list(mission.claims(MISSION))
    assert len(listed) >= 40
    assert any(claim.is_done for claim in listed)
    for centre in ("社会治理服务中心", "智慧城市指挥中心", "政务服务管理中心"):
        assert centre in MISSION


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"| M01 | A claim long enough | `/login` | `{HERE}` | done |", ""),
        ("| M01 | A claim long enough | – | – | unfinished: kiosk |", ""),
        ("| M02 | A claim long enough | – | – | unfinished: kiosk |", "row 1"),
        (f"| M01 | short | – | `{HERE}` | done |", "nothing"),
        ("| M01 | A claim long enough | `/nowhere/` | – | unfinished: kiosk |", "nowhere"),
        (f"| M01 | A claim long enough | – | `{HERE}_x` | done |", "no test"),
        ("| M01 | A claim long enough | – | `tests/docs/gone.py::test_x` | done |", "no test"),
        ("| M01 | A claim long enough | – | `tests/docs/test_mission.py` | done |", "no test"),
        ("| M01 | A claim long enough | `/login` | – | done |", "without a test"),
        ("| M01 | A claim long enough | – | – | unfinished |", "status"),
        ("| M01 | A claim long enough | – | – | nearly |", "status"),
        ("| M01 | A claim long enough | – | – |  |", "status"),
    ],
)
def test_a_fault_of_the_page_is_found(row: str, fault: str):
    found = mission.faults(HEAD + row, REPOSITORY, leads_somewhere)
    assert bool(found) == bool(fault), found
    assert all(fault in one for one in found[:1])


@pytest.mark.parametrize(
    "text", ["| id | claim | page | status |\n|---|---|---|---|\n", HEAD + "| M01 | a | b |\n"]
)
def test_a_table_of_another_form_is_refused(text: str):
    with pytest.raises(ValueError, match="line"):
        list(mission.claims(text))
