"""A home of its own for every test run: made before Django reads its settings, gone afterwards."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="linli-test-"))
FOLDER.chmod(0o755)
os.environ["LINLI_HOME"] = str(FOLDER)
os.environ["LINLI_WRITE_GUARD"] = "1"
os.environ.setdefault("LINLI_DATABASE_POOL", "0")
OWN_DATABASE = "LINLI_DATABASE_URL" not in os.environ

from linli.config.processes import postgres  # noqa: E402
from linli.kernel.home import Home  # noqa: E402

HOME = Home.current()
HOME.mark_demo()
if OWN_DATABASE:
    postgres.ensure(HOME, durable=False)
_OWNER = os.getpid()


def _remove() -> None:
    if os.getpid() != _OWNER:
        return
    if OWN_DATABASE:
        postgres.stop(HOME)
        postgres.destroy(HOME)
    shutil.rmtree(FOLDER, ignore_errors=True)


atexit.register(_remove)
