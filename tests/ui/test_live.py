"""The live connection: goes on where it stopped, tells each event once, says how it is doing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_a_broken_connection_goes_on_where_it_stopped() -> None:
    node = shutil.which("node", path=f"{ROOT}/.venv/bin:/usr/local/bin:/usr/bin")
    if node is None or not (ROOT / "frontend" / "node_modules" / "esbuild").exists():
        pytest.skip("needs node and the built front end: run script/frontend")
    script = ROOT / "tests" / "ui" / "live_check.mjs"
    done = subprocess.run([node, str(script), str(ROOT)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["seen"] == ["a", "b", "c", "d"], "each event once, also across connections"
    assert said["firstAfter"] is None and said["secondAfter"] == "6" and said["lastAfter"] == "8"
    assert said["afterHello"] == 4, "the newest number is known before the first event"
    assert said["thirdAfter"] == "7" and said["stateAfterBye"] == "online", "a token's end is no disturbance"
    assert said["afterGap"] == 3, "after a gap it counts from what the server has"
    assert said["secondToken"] == "t2", "a new connection asks for a new token"
    assert (
        said["states"][0] == "online" and "reconnecting" in said["states"] and said["states"][-1] == "online"
    )
    assert said["whileRefused"] == "offline", "after four failed tries it says so"
    assert said["gaps"] == 1 and said["allClosed"]
