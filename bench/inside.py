"""Run a part of a benchmark in a process with Django and the home's database, and take its JSON answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from linli.kernel.home import Home


def run_inside(home: Home, module: str, quick: bool, stdin: bytes = b"") -> Any:
    """Run `python -m module [--quick]` in `home` and decode what it prints. ERRORS: RuntimeError with its stderr."""
    environment = {
        **os.environ,
        "LINLI_HOME": str(home.path),
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
    }
    command = [sys.executable, "-m", module, *(["--quick"] if quick else [])]
    done = subprocess.run(command, env=environment, input=stdin, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr.decode()[-2000:]}")
    return json.loads(done.stdout)
