"""The units for systemd: each runs a verb that exists, as the unprivileged user, and is wanted by the target."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from linli.config import cli

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_verb_that_exists(unit: Path) -> None:
    from django.core.management import get_commands

    program, verb = read(unit)["Service"]["ExecStart"].split()[:2]
    assert program == "/opt/linli/.venv/bin/linli"
    assert verb in cli.SERVICES or verb.replace("-", "_") in get_commands()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_has_no_more_rights_than_it_needs(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["User"] == "linli"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"


def test_every_unit_is_explained() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for unit in [*UNITS, FOLDER / "linli.target"]:
        assert unit.name.replace("@.", "@N.") in readme
