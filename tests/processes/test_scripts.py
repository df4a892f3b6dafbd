"""The scripts: readable by bash, quick when there is nothing to do, clear when asked for nonsense."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [ROOT / name for name in ("script/setup", "script/server", "script/test", "script/lint", ".ci/run")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_executable_and_bash_can_read_it(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_setup_says_how_it_is_called() -> None:
    answer = subprocess.run(
        [ROOT / "script" / "setup", "nonsense"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert "[runtime|test]" in answer.stderr


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "script").mkdir(parents=True)
    (checkout / "script" / "setup").write_bytes((ROOT / "script" / "setup").read_bytes())
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "cat", "id", "env"):
        (programs / name).symlink_to(shutil.which(name) or "/bin/false")
    command = ["/bin/bash", checkout / "script" / "setup"]
    answer = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "apt-get install python3 python3-venv" in answer.stderr


@pytest.mark.slow
def test_a_second_setup_has_nothing_to_do() -> None:
    subprocess.run([ROOT / "script" / "setup", "runtime"], check=True, capture_output=True)
    began = time.monotonic()
    again = subprocess.run([ROOT / "script" / "setup", "runtime"], check=True, capture_output=True, text=True)
    assert time.monotonic() - began < 4
    assert "install" not in again.stderr
