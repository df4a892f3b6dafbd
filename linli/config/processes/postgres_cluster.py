"""One embedded PostgreSQL cluster: where it lies, how it is made, what its settings are.

As root it lies under `/var/lib/linli/clusters`, owned by the system user `linli`; otherwise in the home itself.
`postgres.json` in the home says where, so that a home can be moved.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from linli.config.processes.postgres_binaries import MAJOR_VERSION, SYSTEM_DIR, binaries_dir, system_user
from linli.config.processes.words import Trouble
from linli.kernel.clock import now
from linli.kernel.home import Home

DATABASE = ROLE = "linli"
LONGEST_SOCKET_DIR = 90  # a socket's path may have 107 bytes on Linux
ORPHANS_TIMEOUT_S = 3.0
THROW_AWAY = "throw-away"
THROW_AWAY_AFTER_S = 3600.0

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


def prepare(home: Home, durable: bool = True) -> PostgresInfo:
    """Make everything the server needs (programs, cluster, settings) and clear a dead server's lock.

    EFFECTS: writes `postgres.json` the first time and `postgresql.conf` at every start; idempotent.
    """
    user = system_user()
    info = known(home) or _choose_place(home, user.pw_name if user else "")
    if info.os_user != (user.pw_name if user else ""):
        raise Trouble(
            f"{home.path} 的数据库由另一个用户建立。请用当初的用户运行，或另设 LINLI_HOME。",
            f"The database of {home.path} was made by another user. Run as that user, or choose another LINLI_HOME.",
        )
    if not info.data_dir.exists():
        _initialise(info, home)
        if not durable:
            (info.cluster_dir / THROW_AWAY).touch()
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


def running_pid(info: PostgresInfo) -> int | None:
    """Give the process id of this cluster's server; None when its lock file is missing or stale."""
    lines = read_lines(info.pid_file)
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
        _sweep_throw_aways()
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


def _sweep_throw_aways() -> None:
    """Delete the test databases that killed test runs left behind."""
    for mark in (SYSTEM_DIR / "clusters").glob(f"*/{THROW_AWAY}"):
        cluster = mark.parent
        home = Path((cluster / "home").read_text(encoding="utf-8").strip())
        forgotten = not home.exists() or now().timestamp() - mark.stat().st_mtime > THROW_AWAY_AFTER_S
        if forgotten and not _processes_at(cluster / "data"):
            shutil.rmtree(cluster, ignore_errors=True)


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
        statements = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n"
        statements += f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        _run(
            info,
            [str(info.binaries / "postgres"), "--single", "-j", "-D", str(draft), "postgres"],
            statements,
        )
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
    """Make way for a new server after a killed one.

    PostgreSQL copes with its own stale lock, except when the process id in it belongs to a stranger by now; only
    then is the file removed, and only when no orphan of the old server works on the data any more.
    """
    end = time.monotonic() + ORPHANS_TIMEOUT_S
    while orphans := _processes_at(info.data_dir):
        if time.monotonic() > end:
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    lines = read_lines(info.pid_file)
    if lines and lines[0].strip().isdigit() and Path(f"/proc/{lines[0].strip()}").exists():
        info.pid_file.unlink(missing_ok=True)
        for lock in info.socket_dir.glob(".s.PGSQL.*"):
            lock.unlink(missing_ok=True)


def _processes_at(folder: Path) -> list[int]:
    """Find the processes that work in a folder, as every process of a PostgreSQL server does."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
