"""The rules of the house, on the house itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture import exemptions, floors, shape, text, write_door
from tests.architecture.tree import REPOSITORY, Finding, Tree

HOUSE = Tree(REPOSITORY)
CHECKS: dict[str, Callable[[Tree], Iterator[Finding]]] = {
    "imports run downward only": floors.check,
    "no import is ignored": floors.ignored,
    "every room has its place in the order": floors.uncovered,
    "only actions write, inside acts": write_door.check,
    "models stay in their room": write_door.foreign_models,
    "nobody writes another room's tables": write_door.foreign_writes,
    "internals stay in their room": write_door.foreign_internals,
    "no model is looked up by name": write_door.get_model,
    "no signals": write_door.signals,
    "files are short": shape.file_length,
    "functions are short": shape.function_length,
    "modules of a room have a room's names": shape.room_modules,
    "nothing is named after nothing": shape.banned_names,
    "every room says what it is": shape.readmes,
    "what others call says what it does": shape.docstrings,
    "a room offers what it has and has what it offers": shape.offers,
    "a city is data": text.city_word,
    "there is one clock": text.clocks,
    "templates hold no script and no style": text.templates,
    "nothing names a machine": text.machine,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_house_keeps_its_rules(name: str):
    found = [str(finding) for finding in CHECKS[name](HOUSE)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_every_exemption_from_the_write_door_is_still_needed():
    assert set(exemptions.WRITERS) - write_door.used_exemptions(HOUSE) == set()


EXEMPT_FILES = {file for file, _ in (*exemptions.WRITERS, *exemptions.FOREIGN_MODELS)}
EXEMPT_FILES |= {*exemptions.SIGNALS, *exemptions.CLOCKS, *exemptions.UNOFFERED}


@pytest.mark.parametrize("file", sorted(EXEMPT_FILES))
def test_every_exempt_file_still_exists(file: str):
    assert (REPOSITORY / file).is_file()


@pytest.mark.parametrize("room", sorted(exemptions.MODULES))
def test_every_exempt_module_still_exists(room: str):
    folder = REPOSITORY.joinpath(*room.split("."))
    assert [
        m for m in exemptions.MODULES[room] if not (folder / f"{m}.py").exists() and not (folder / m).is_dir()
    ] == []


@pytest.mark.parametrize("module", sorted(exemptions.PUBLIC))
def test_every_public_module_is_used_from_outside_its_room(module: str):
    found = {
        target for source, _, target in write_door.imports(HOUSE) if not module.startswith(source.room + ".")
    }
    assert module in found


@pytest.mark.django_db
def test_migrations_say_all_that_models_say():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.parametrize(
    "module",
    [
        "linli.kernel.home",
        "linli.registers.bus.live",
        "linli.registers.bus.tokens",
        "linli.config.cli",
        "linli.config.processes.up",
    ],
)
def test_what_must_start_small_loads_no_django(module: str):
    probe = f"import sys, {module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=REPOSITORY).returncode == 0
