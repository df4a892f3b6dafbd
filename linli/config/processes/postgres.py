"""Start and stop the embedded PostgreSQL of a home, and find it again after a crash.

It listens on a Unix socket only, in a folder closed to other users, and asks for a password kept in the home's
secrets. With `LINLI_DATABASE_URL` none of this is used.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from linli.config.processes.child import bound_to_us
from linli.config.processes.postgres_cluster import (
    PostgresInfo,
    known,
    prepare,
    read_lines,
    running_pid,
    server_command,
    server_environment,
)
from linli.config.processes.words import Trouble
from linli.kernel.home import Home

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0


def is_embedded() -> bool:
    """Tell whether this process is to use the embedded database."""
    return not os.environ.get("LINLI_DATABASE_URL")


def ensure(home: Home, durable: bool = True) -> PostgresInfo:
    """Make the home's database and start it, unless it runs already; for tests and single commands.

    `durable=False` is for throw-away test databases: fast, unsafe at power loss, and gone with the process that
    asked for it.
    """
    return start(home, durable)


def start(home: Home, durable: bool = True) -> PostgresInfo:
    """Start the home's database in the background and wait until it answers; idempotent.

    ERRORS: Trouble with the end of PostgreSQL's own log when it does not come up.
    """
    with _locked(home):
        info = prepare(home, durable)
        if running_pid(info) is None:
            home.logs_dir.mkdir(parents=True, exist_ok=True)
            with (home.logs_dir / "postgres.log").open("ab") as log:
                server = subprocess.Popen(
                    server_command(info),
                    user=info.os_user or None,
                    group=info.os_user or None,
                    extra_groups=[] if info.os_user else None,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=server_environment(),
                    start_new_session=True,
                    preexec_fn=None if durable else bound_to_us(signal.SIGQUIT),
                )
            _wait_until_ready(info, home, server)
        return info


def stop(home: Home) -> None:
    """Stop the home's database, letting it write what it holds; idempotent."""
    info = known(home)
    pid = None if info is None else running_pid(info)
    if info is None or pid is None:
        return
    for stop_signal in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(pid, stop_signal)
        except ProcessLookupError:
            return
        end = time.monotonic() + STOP_TIMEOUT_S
        while time.monotonic() < end:
            if running_pid(info) is None:
                return
            time.sleep(0.05)


def destroy(home: Home) -> None:
    """Stop the home's database and delete it for good; for tests."""
    stop(home)
    info = known(home)
    if info is not None:
        shutil.rmtree(info.cluster_dir, ignore_errors=True)
        shutil.rmtree(info.socket_dir, ignore_errors=True)
        (home.path / "postgres.json").unlink(missing_ok=True)


def is_ready(info: PostgresInfo) -> bool:
    """Tell whether the server takes connections, by the status it writes into its own lock file."""
    lines = read_lines(info.pid_file)
    return running_pid(info) is not None and len(lines) >= 8 and lines[7].strip() == "ready"


def _wait_until_ready(info: PostgresInfo, home: Home, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while not is_ready(info):
        if server.poll() is not None or time.monotonic() > end:
            said = "\n".join(read_lines(home.logs_dir / "postgres.log")[-8:])
            raise Trouble(f"数据库没有启动：\n{said}", f"The database did not start:\n{said}")
        time.sleep(0.03)


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Let one process at a time make or start this home's database."""
    home.path.mkdir(parents=True, exist_ok=True)
    with (home.path / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
