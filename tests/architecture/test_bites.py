"""Every rule goes red by a planted fault, and stays green on a clean house."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.architecture import floors, planted
from tests.architecture.test_house import CHECKS
from tests.architecture.tree import REPOSITORY, Tree

CASES = [(name, number) for name, faults in planted.FAULTS.items() for number in range(len(faults))]


@pytest.fixture
def house(tmp_path: Path) -> Tree:
    """A small clean house."""
    planted.build(tmp_path)
    return Tree(tmp_path)


@pytest.mark.parametrize("name", sorted(planted.FAULTS))
def test_a_clean_house_is_left_in_peace(house: Tree, name: str):
    assert [str(finding) for finding in CHECKS[name](house)] == []


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_planted_fault_is_found(house: Tree, name: str, number: int):
    fault = planted.FAULTS[name][number]
    planted.plant(house.root, fault)
    found = [str(finding) for finding in CHECKS[name](house)]
    assert found, f"{name!r} did not notice {fault.text!r} in {fault.file}"
    assert any(fault.says in finding for finding in found), found


def test_every_rule_has_a_planted_fault():
    assert set(CHECKS) - set(planted.FAULTS) == {"imports run downward only"}


def test_planted_imports_are_found(tmp_path: Path):
    ignored = shutil.ignore_patterns("__pycache__", "templates", "locale", "static", "build")
    shutil.copytree(REPOSITORY / "linli", tmp_path / "linli", ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    house = Tree(tmp_path)
    assert [str(finding) for finding in floors.check(house)] == []
    for file, line, _ in planted.IMPORTS:
        planted.plant(tmp_path, planted.Fault(file, f"\n{line}\n"))
    (finding,) = floors.check(house)
    assert [named for _, _, named in planted.IMPORTS if named not in finding.what] == []
