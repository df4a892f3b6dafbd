"""The embedded PostgreSQL of one home: made once, started, stopped, found again after a crash.

It listens on a Unix socket only, in a folder closed to other users, and asks for a password kept in the home's
secrets. As root the cluster lies under `/var/lib/linli/clusters`, owned by the system user `linli`; otherwise in
the home itself. `postgres.json` in the home says where. With `LINLI_DATABASE_URL` none of this is used.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from linli.config.processes.postgres_binaries import MAJOR_VERSION, SYSTEM_DIR, binaries_dir, system_user
from linli.config.processes.words import Trouble
from linli.kernel.home import Home

DATABASE = ROLE = "linli"
LONGEST_SOCKET_DIR = 90  # a socket's path may have 107 bytes on Linux
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0

SETTINGS = """\
# Written by Linli at every start. Put your own settings into local.conf beside this file: they win.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 96MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
io_method = sync
jit = off
max_wal_size = 1GB
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
random_page_cost = 1.1
idle_in_transaction_session_timeout = 5min
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
include_if_exists = 'local.conf'
"""


@dataclass(frozen=True)
class PostgresInfo:
    """Where one embedded cluster lies and whose it is. `os_user` is empty when it runs as ourselves."""

    binaries: Path
    cluster_dir: Path
    socket_dir: Path
    os_user: str

    @property
    def data_dir(self) -> Path:
        return self.cluster_dir / "data"

    @property
    def pid_file(self) -> Path:
        return self.data_dir / "postmaster.pid"


def is_embedded() -> bool:
    """Tell whether this process is to use the embedded database."""
    return not os.environ.get("LINLI_DATABASE_URL")


def ensure(home: Home, durable: bool = True) -> PostgresInfo:
    """Make the home's database and start it, unless it runs already; for tests and single commands.

    `durable=False` trades safety at power loss for speed: for throw-away test databases only.
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
            with open(home.logs_dir / "postgres.log", "ab") as log:
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


def prepare(home: Home, durable: bool = True) -> PostgresInfo:
    """Make everything the server needs (programs, cluster, settings) and clear a dead server's lock.

    EFFECTS: writes `postgres.json` the first time and `postgresql.conf` at every start; idempotent.
    """
    user = system_user()
    info = known(home) or _choose_place(home, user.pw_name if user else "")
    if user and info.os_user != user.pw_name or not user and info.os_user:
        raise Trouble(
            f"{home.path} 的数据库由另一个用户建立。请用当初的用户运行，或另设 LINLI_HOME。",
            f"The database of {home.path} was made by another user. Run as that user, or choose another LINLI_HOME.",
        )
    if not info.data_dir.exists():
        _initialise(info, home)
    _check_version(info)
    if running_pid(info) is None:
        _open_socket_dir(info)
        _write_owned(info, "postgresql.conf", _settings(info, durable))
        _write_owned(info, "pg_hba.conf", "local all all scram-sha-256\n")
        _clear_stale_lock(info)
    return info


def known(home: Home) -> PostgresInfo | None:
    """Read where this home's cluster lies; None when it has none yet."""
    found = home.read_json("postgres.json")
    if found is None:
        return None
    cluster = Path(found["cluster_dir"])
    return PostgresInfo(binaries_dir(), cluster, Path(found["socket_dir"]), found["os_user"])


def server_command(info: PostgresInfo) -> list[str]:
    """Give the command that runs the server in the foreground."""
    return [str(info.binaries / "postgres"), "-D", str(info.data_dir)]


def server_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


def is_ready(info: PostgresInfo) -> bool:
    """Tell whether the server takes connections, by the status it writes into its own lock file."""
    lines = _read_lines(info.pid_file)
    return running_pid(info) is not None and len(lines) >= 8 and lines[7].strip() == "ready"


def running_pid(info: PostgresInfo) -> int | None:
    """Give the process id of this cluster's server; None when its lock file is missing or stale."""
    lines = _read_lines(info.pid_file)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return pid if str(info.data_dir).encode() in command else None


def _choose_place(home: Home, os_user: str) -> PostgresInfo:
    """Decide once where the cluster and its socket lie, and write it down."""
    if os_user:
        cluster = SYSTEM_DIR / "clusters" / secrets.token_hex(5)
        sockets = cluster / "run"
    else:
        cluster = home.path / "postgres"
        sockets = cluster / "run"
        if len(os.fsencode(sockets)) > LONGEST_SOCKET_DIR:
            mark = hashlib.sha256(os.fsencode(home.path)).hexdigest()[:10]
            sockets = Path(tempfile.gettempdir()) / f"linli-{os.getuid()}-{mark}"
    facts = {"cluster_dir": str(cluster), "socket_dir": str(sockets), "os_user": os_user}
    home.write_json("postgres.json", {**facts, "database": DATABASE, "user": ROLE})
    return PostgresInfo(binaries_dir(), cluster, sockets, os_user)


def _initialise(info: PostgresInfo, home: Home) -> None:
    """Run initdb and create our role and database, so that `data` appears only when complete."""
    info.cluster_dir.parent.mkdir(parents=True, exist_ok=True)
    info.cluster_dir.mkdir(exist_ok=True, mode=0o700)
    (info.cluster_dir / "home").write_text(f"{home.path}\n", encoding="utf-8")
    draft = info.cluster_dir / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    passwords = info.cluster_dir / "superuser"
    passwords.touch(mode=0o600)
    passwords.write_text(home.secret("postgres-superuser").hex() + "\n")
    _give(info, info.cluster_dir, passwords)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    account = ["--username=postgres", f"--pwfile={passwords}", "--auth=scram-sha-256"]
    try:
        _run(info, [str(info.binaries / "initdb"), "-D", str(draft), *locale, *account])
        password = home.secret("postgres").hex()
        statements = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        _run(info, [str(info.binaries / "postgres"), "--single", "-j", "-D", str(draft), "postgres"], statements)
    finally:
        passwords.unlink()
    draft.rename(info.data_dir)


def _run(info: PostgresInfo, command: list[str], text: str = "") -> None:
    user = info.os_user or None
    done = subprocess.run(
        command,
        input=text.replace("\n", "\n\n"),  # single-user mode with -j ends a statement at an empty line
        text=True,
        capture_output=True,
        cwd="/",
        env=server_environment(),
        user=user,
        group=user,
        extra_groups=[] if user else None,
        check=False,
    )
    if done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
        said = (done.stdout + done.stderr).strip()[-800:]
        raise Trouble(f"无法建立数据库：\n{said}", f"The database could not be made:\n{said}")


def _check_version(info: PostgresInfo) -> None:
    found = (info.data_dir / "PG_VERSION").read_text().strip()
    if found != str(MAJOR_VERSION):
        raise Trouble(
            f"{info.data_dir} 属于 PostgreSQL {found}，本程序带的是 {MAJOR_VERSION}。请用 pg_upgrade 升级后再启动。",
            f"{info.data_dir} belongs to PostgreSQL {found}; this Linli brings {MAJOR_VERSION}. Run pg_upgrade first.",
        )


def _settings(info: PostgresInfo, durable: bool) -> str:
    return SETTINGS.format(socket_dir=info.socket_dir, durable="on" if durable else "off")


def _open_socket_dir(info: PostgresInfo) -> None:
    info.socket_dir.mkdir(exist_ok=True, mode=0o700)
    if not info.os_user and info.socket_dir.stat().st_uid != os.getuid():
        raise Trouble(
            f"{info.socket_dir} 属于别的用户，数据库不能把套接字放在那里。请删除它或另设 LINLI_HOME。",
            f"{info.socket_dir} belongs to somebody else, so the database's socket cannot lie there. "
            "Remove it or choose another LINLI_HOME.",
        )
    _give(info, info.socket_dir)


def _write_owned(info: PostgresInfo, name: str, text: str) -> None:
    target = info.data_dir / name
    target.write_text(text, encoding="utf-8")
    target.chmod(0o600)
    _give(info, target)


def _give(info: PostgresInfo, *paths: Path) -> None:
    if info.os_user:
        for path in paths:
            shutil.chown(path, info.os_user, info.os_user)


def _clear_stale_lock(info: PostgresInfo) -> None:
    """Remove what a killed server left: its process id may belong to a stranger by now, and PostgreSQL would wait."""
    info.pid_file.unlink(missing_ok=True)
    for lock in info.socket_dir.glob(".s.PGSQL.*"):
        lock.unlink(missing_ok=True)


def _wait_until_ready(info: PostgresInfo, home: Home, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while not is_ready(info):
        if server.poll() is not None or time.monotonic() > end:
            said = "\n".join(_read_lines(home.logs_dir / "postgres.log")[-8:])
            raise Trouble(f"数据库没有启动：\n{said}", f"The database did not start:\n{said}")
        time.sleep(0.03)


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Let one process at a time make or start this home's database."""
    home.path.mkdir(parents=True, exist_ok=True)
    with open(home.path / "postgres.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
