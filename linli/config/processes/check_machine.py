"""The doctor's checks of the machine and the checkout: what can be seen without any process running."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import stat
import sys
from pathlib import Path

from linli.config.processes import postgres_cluster
from linli.config.processes.finding import Finding, good, note, wrong
from linli.config.processes.postgres_binaries import SYSTEM_DIR
from linli.kernel.home import Home

ROOT = Path(__file__).resolve().parents[3]
OLDEST_PYTHON = (3, 11)
GIB = 1 << 30
LEAST_DISK_GIB, ENOUGH_DISK_GIB = 1.0, 5.0
LEAST_MEMORY_GIB = 2.0
CLOCK_ERROR = 5  # TIME_ERROR of adjtimex(2): nobody sets this clock


def python_version() -> Finding:
    """Check that this Python is new enough."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return wrong(
            "python",
            f"Python {found} 太旧，需要 3.11 或更新",
            f"Python {found} is too old; 3.11 or newer is needed",
            "安装新版 Python 后删除 .venv，再运行 script/setup",
            "install a newer Python, remove .venv and run script/setup again",
        )
    return good("python", f"Python {found}", f"Python {found}")


def disk_space(home: Home) -> Finding:
    """Check the room left where the home and the database lie; the smaller counts."""
    info = home.read_json("postgres.json")
    folders = [home.path, Path(info["cluster_dir"])] if info else [home.path]
    free_gib, where = min((shutil.disk_usage(_existing(folder)).free / GIB, folder) for folder in folders)
    chinese, english = f"{where} 剩余空间 {free_gib:.1f} GiB", f"{free_gib:.1f} GiB left at {where}"
    mend = ("清理磁盘，或把 LINLI_HOME 移到更大的盘", "free some space, or move LINLI_HOME to a larger disk")
    if free_gib < LEAST_DISK_GIB:
        return wrong("disk", f"磁盘快满了：{chinese}", f"the disk is nearly full: {english}", *mend)
    if free_gib < ENOUGH_DISK_GIB:
        return note("disk", chinese, english, *mend)
    return good("disk", chinese, english)


def memory() -> Finding:
    """Check the machine's memory, all processes together taking about 1.2 GiB."""
    total_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    chinese, english = f"内存 {total_gib:.1f} GiB", f"{total_gib:.1f} GiB of memory"
    if total_gib < LEAST_MEMORY_GIB:
        mend = (
            "建议至少 2 GiB，或设 LINLI_WEB_WORKERS=1",
            "2 GiB are advisable; else set LINLI_WEB_WORKERS=1",
        )
        return note("memory", chinese, english, *mend)
    return good("memory", chinese, english)


def secrets_modes(home: Home) -> Finding:
    """Check that no other user can read the secrets."""
    folder = home.secrets_dir
    if not folder.exists():
        return note("secrets", "密钥尚未生成（首次启动时生成）", "no secrets yet (made at the first start)")
    loose = [
        path for path in [folder, *sorted(folder.iterdir())] if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if loose:
        names = "、".join(path.name for path in loose)
        return wrong(
            "secrets",
            f"其他用户可以读取密钥：{names}",
            f"other users can read these secrets: {', '.join(path.name for path in loose)}",
            f"运行 chmod -R go= {folder}；若可能已泄露，请更换",
            f"run chmod -R go= {folder}; replace them if they may have leaked",
        )
    return good("secrets", "密钥只有本用户可读", "the secrets are readable by us only")


def clock(home: Home) -> Finding:
    """Check that the clock has not gone backwards and that somebody sets it."""
    from linli.kernel.clock import now

    newest = max((path.stat().st_mtime for path in home.path.glob("*.json")), default=0.0)
    behind_s = newest - now().timestamp()
    if behind_s > 5:
        return wrong(
            "clock",
            f"系统时钟比上次写入的文件还早 {behind_s:.0f} 秒",
            f"the clock is {behind_s:.0f} s earlier than a file written before",
            "校准系统时间（例如启用 chrony 或 systemd-timesyncd）",
            "set the system's time (for instance with chrony or systemd-timesyncd)",
        )
    if ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(256)) == CLOCK_ERROR:
        return note(
            "clock",
            "没有时间服务器在校准系统时钟，办理时限可能不准",
            "no time server sets the clock, so deadlines may be off",
            "启用 chrony 或 systemd-timesyncd",
            "enable chrony or systemd-timesyncd",
        )
    return good("clock", "时钟正常", "the clock is right")


def front_end() -> list[Finding]:
    """Check that the front end is built, whole, and brings its Chinese font."""
    mend = ("运行 script/frontend", "run script/frontend")
    folder = ROOT / "build" / "frontend"
    try:
        build = json.loads((folder / "current.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [
            wrong("frontend", "前端还没有构建，页面没有样式", "the front end is not built: no styles", *mend)
        ]
    files = folder / build["hash"]
    missing = sorted(name for name in build["manifest"].values() if not (files / name).exists())
    if missing:
        return [
            wrong(
                "frontend",
                f"前端缺少文件：{'、'.join(missing[:5])}",
                f"front end: missing {missing[:5]}",
                *mend,
            )
        ]
    found = [good("frontend", f"前端已构建（{build['hash']}）", f"front end built ({build['hash']})")]
    if any(files.glob("*.woff2")):
        return [*found, good("fonts", "中文网页字体已就绪", "the Chinese webfont is there")]
    font = note(
        "fonts",
        "没有中文网页字体；未装中文字体的电脑会显示方框",
        "no Chinese webfont; machines without Chinese fonts will show boxes",
        "运行 script/setup 后再运行 script/frontend --force",
        "run script/setup, then script/frontend --force",
    )
    return [*found, font]


def postgres_owner(home: Home) -> Finding | None:
    """Check that the home's embedded database can be run by this user at all."""
    facts = home.read_json("postgres.json")
    if facts is None or os.environ.get("LINLI_DATABASE_URL"):
        return None
    runs_as_root = os.geteuid() == 0
    if runs_as_root != bool(facts["os_user"]):
        return wrong(
            "owner",
            f"数据库由{'系统用户 ' + facts['os_user'] if facts['os_user'] else '普通用户'}建立，当前用户不能运行它",
            "the database was made by another user and cannot be run by this one",
            "换回当初的用户，或另设 LINLI_HOME",
            "run as that user again, or choose another LINLI_HOME",
        )
    info = postgres_cluster.known(home)
    if info is not None and not info.data_dir.exists():
        return wrong(
            "owner",
            f"数据库目录不见了：{info.data_dir}",
            f"the database's folder is gone: {info.data_dir}",
            "从备份恢复；若不要原来的数据，删除 postgres.json 后重新启动",
            "restore it from a backup; or, to start afresh, remove postgres.json and start again",
        )
    return None


def forgotten_databases() -> Finding | None:
    """Find clusters under /var/lib/linli that no home claims any more; only root can have made them."""
    clusters = SYSTEM_DIR / "clusters"
    if os.geteuid() != 0 or not clusters.exists():
        return None
    forgotten = []
    for mark in sorted(clusters.glob("*/home")):
        claimed = Home(Path(mark.read_text(encoding="utf-8").strip())).read_json("postgres.json") or {}
        thrown_away = (mark.parent / postgres_cluster.THROW_AWAY).exists()
        if not thrown_away and claimed.get("cluster_dir") != str(mark.parent):
            forgotten.append(str(mark.parent))
    if not forgotten:
        return None
    names = " ".join(forgotten)
    return note(
        "forgotten",
        f"有 {len(forgotten)} 个数据库目录已没有任何环境使用：{names}",
        f"{len(forgotten)} database folders belong to no home any more: {names}",
        "确认不再需要后删除",
        "remove them when you are sure that nobody needs them",
    )


def _existing(folder: Path) -> Path:
    return next(path for path in [folder, *folder.parents] if path.exists())
