"""`linli new-room` writes a room that obeys every rule of the house and whose tests pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.architecture.test_house import CHECKS
from tests.architecture.tree import REPOSITORY, Tree


def lay_out(root: Path, *arguments: str) -> str:
    said = StringIO()
    call_command("new_room", *arguments, root=root, stdout=said)
    return said.getvalue()


def copy_house(root: Path, *names: str) -> None:
    """Copy parts of the repository; the front end's build and the cities are the real ones."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in names:
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    for name in ("build", "cities"):
        if (REPOSITORY / name).is_dir():
            (root / name).symlink_to(REPOSITORY / name)


def move_in(root: Path, dotted: str, above: str) -> None:
    """Do what the command asks to be done by hand."""
    for file in ("linli/config/settings.py", "pyproject.toml"):
        path = root / file
        text = path.read_text(encoding="utf-8")
        line = f'    "{above}",\n' if file.endswith(".py") else f'  "{above}",\n'
        assert line in text, file
        ours = line.replace(above, dotted)
        both = line + ours if file.endswith(".py") else ours + line
        path.write_text(text.replace(line, both, 1), encoding="utf-8")


def red(root: Path, *without: str) -> set[str]:
    """Give the rules that find fault with the new room."""
    found = {name: check(Tree(root)) for name, check in CHECKS.items() if name not in without}
    return {name for name, findings in found.items() if any("bench" in str(finding) for finding in findings)}


def test_a_new_room_obeys_every_rule_of_the_house(tmp_path: Path):
    copy_house(tmp_path, "linli")
    said = lay_out(tmp_path, "registers", "benches", "--hanzi", "长椅", "--noun", "bench")
    assert '"linli.registers.benches",' in said
    assert red(tmp_path, "imports run downward only") == {"every room has its place in the order"}
    move_in(tmp_path, "linli.registers.benches", above="linli.registers.places")
    assert red(tmp_path) == set()


@pytest.mark.slow
def test_the_tests_of_a_new_room_pass_and_its_migration_is_complete(tmp_path: Path):
    copy_house(tmp_path, "linli", "tests")
    lay_out(tmp_path, "registers", "benches", "--hanzi", "长椅", "--noun", "bench")
    move_in(tmp_path, "linli.registers.benches", above="linli.registers.places")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "PYTEST_", "DJANGO_"))}
    environment["PYTHONPATH"] = str(tmp_path)
    chosen = ["tests/registers/benches", "tests/architecture/test_house.py", "-k", "benches or migrations"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_a_room_that_is_there_is_not_written_over(tmp_path: Path):
    (tmp_path / "linli/registers/places").mkdir(parents=True)
    with pytest.raises(CommandError, match="already"):
        lay_out(tmp_path, "registers", "places")


@pytest.mark.parametrize("name", ["Benches", "2trees", "park-benches", "class", ""])
def test_a_name_that_cannot_be_a_module_is_refused(tmp_path: Path, name: str):
    with pytest.raises(CommandError):
        lay_out(tmp_path, "registers", name)


def test_an_unknown_floor_is_refused(tmp_path: Path):
    with pytest.raises(CommandError):
        lay_out(tmp_path, "cellar", "benches")


def test_a_room_of_a_centre_stands_in_its_centre(tmp_path: Path):
    lay_out(tmp_path, "centres.governance", "park_benches", "--hanzi", "长椅", "--noun", "park_bench")
    folder = tmp_path / "linli/centres/governance/park_benches"
    assert "class ParkBench(models.Model)" in (folder / "models.py").read_text()
    assert (folder.parent / "__init__.py").is_file()
    assert 'path("work/park-benches/"' in (folder / "urls.py").read_text()


def test_what_is_written_is_formatted(tmp_path: Path):
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    lay_out(tmp_path, "registers", "benches", "--hanzi", "长椅", "--noun", "bench")
    for command in (["check", "--extend-ignore", "I001"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "linli", "tests"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
