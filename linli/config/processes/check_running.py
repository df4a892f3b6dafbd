"""The doctor's checks of what runs: processes, ports, database, bus, the city itself. Django is only asked last."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from linli.config.processes import board, nats, ports, postgres, postgres_cluster, readiness, web
from linli.config.processes.finding import Finding, good, note, wrong
from linli.kernel.clock import now
from linli.kernel.home import Home, HomeIncomplete

MANY_RESTARTS = 3
OLD_OUTBOX_S = 60.0
HOLIDAYS_AHEAD = timedelta(days=60)
LARGEST_CLOCK_DIFFERENCE_S = 2.0
START = ("运行 script/server 或 linli up", "run script/server or linli up")


def processes(home: Home) -> list[Finding]:
    """Check that every process the supervisor started lives, and whether it keeps dying."""
    rows = [row for row in board.read_rows(home) if row.state not in ("finished", "stopped")]
    if not rows:
        return [note("processes", "没有进程在运行", "no process is running", *START)]
    found = []
    for row in rows:
        log = home.logs_dir / f"{row.name}.log"
        look = (f"看日志 {log}", f"see the log {log}")
        if not board.is_alive(row):
            found.append(
                wrong(f"process {row.name}", f"{row.name} 没有在运行", f"{row.name} is not running", *look)
            )
        elif row.restarts > MANY_RESTARTS:
            often = (f"{row.name} 已重启 {row.restarts} 次", f"{row.name} was restarted {row.restarts} times")
            found.append(wrong(f"process {row.name}", *often, *look))
        else:
            again = (
                (f"，重启过 {row.restarts} 次", f", restarted {row.restarts} times")
                if row.restarts
                else ("", "")
            )
            alive = (f"{row.name} 在运行{again[0]}", f"{row.name} is running{again[1]}")
            found.append(good(f"process {row.name}", *alive))
    return found


def home_ports(home: Home) -> list[Finding]:
    """Check that our ports are answered by us when we run, and are free when we do not."""
    alive = {row.name for row in board.read_rows(home) if board.is_alive(row)}
    owners = {"web": "web", "live": "live", "mqtt": "nats", "nats": "nats"}
    found = []
    for purpose, port in asdict(home.ports()).items():
        free = ports.is_free(port)
        if owners[purpose] in alive and free:
            silent = (f"端口 {port}（{purpose}）没有人应答", f"nobody answers on port {port} ({purpose})")
            found.append(
                wrong(f"port {purpose}", *silent, f"看 {owners[purpose]} 的日志", "see the process's log")
            )
        elif owners[purpose] not in alive and not free:
            who = ports.holder(port)
            mend = ("停掉它，或用 --port 选别的端口", "stop it, or choose other ports with --port")
            taken = (f"端口 {port}（{purpose}）被 {who} 占用", f"port {port} ({purpose}) is in use by {who}")
            found.append(wrong(f"port {purpose}", *taken, *mend))
    if "web" in alive and not asyncio.run(readiness.web_is_ready(home.ports().web)):
        unwell = ("网页进程在运行，但 /healthz 不正常", "the web runs, but /healthz is not well")
        found.append(
            wrong("health", *unwell, f"看日志 {home.logs_dir / 'web.log'}", "see logs/web.log in the home")
        )
    return found or [
        good("ports", f"端口正常（网页 {home.ports().web}）", f"ports are right (web {home.ports().web})")
    ]


@dataclass(frozen=True)
class DatabaseFacts:
    """What one short visit to the database brings back; None where the table does not exist yet."""

    version: int
    clock_difference_s: float
    outbox_rows: int | None
    outbox_oldest_at: datetime | None
    city: tuple[str, bool, str] | None  # folder name, whether ever finished, newest failure
    announced_until: int | None = None  # the last year whose holidays the calendar in force knows


def visit_database(url: str) -> DatabaseFacts:
    """Read the facts. ERRORS: psycopg.Error."""
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
        before = now()
        row = connection.execute(
            "SELECT clock_timestamp(), current_setting('server_version_num')::int"
        ).fetchone()
        assert row is not None
        outbox = _optional(connection, "bus_outbox", "SELECT count(*), min(at) FROM bus_outbox")
        city = _optional(
            connection,
            "doors_cityloading",
            "SELECT city, bool_or(finished_at IS NOT NULL) OVER (), failure"
            " FROM doors_cityloading ORDER BY id DESC LIMIT 1",
        )
        calendar = _optional(
            connection,
            "calendar_calendarversion",
            "SELECT (\"table\"->>'last_year')::int FROM calendar_calendarversion"
            " WHERE code = 'city' ORDER BY version DESC LIMIT 1",
        )
        count, oldest = outbox or (None, None)
        difference_s = (row[0] - before).total_seconds()
        return DatabaseFacts(row[1], difference_s, count, oldest, city, calendar and calendar[0])


def _optional(connection: psycopg.Connection[Any], table: str, statement: str) -> Any:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return connection.execute(statement).fetchone() if row and row[0] else None


def database(home: Home) -> list[Finding]:
    """Check that the database answers, is new enough, migrated, and tells its events."""
    try:
        facts = visit_database(home.database_url())
    except HomeIncomplete:
        return [
            note(
                "database",
                "数据库尚未建立（首次启动时建立）",
                "no database yet (made at the first start)",
                *START,
            )
        ]
    except psycopg.Error as error:
        info = postgres_cluster.known(home) if postgres.is_embedded() else None
        if info is not None and postgres_cluster.running_pid(info) is None and not _runs(home, "postgres"):
            return [note("database", "数据库没有运行", "the database is not running", *START)]
        said = str(error).strip().splitlines()[0]
        down = (f"数据库连不上：{said}", f"the database cannot be reached: {said}")
        mend = (
            "先启动它（linli up），或检查 LINLI_DATABASE_URL",
            "start it (linli up), or check LINLI_DATABASE_URL",
        )
        return [wrong("database", *down, *mend)]
    version = facts.version // 10_000
    found = [good("database", f"PostgreSQL {version} 可用", f"PostgreSQL {version} answers")]
    if version < 15:
        old = (f"PostgreSQL {version} 太旧", f"PostgreSQL {version} is too old")
        found = [wrong("database", *old, "升级到 15 或更新", "upgrade it to 15 or newer")]
    if abs(facts.clock_difference_s) > LARGEST_CLOCK_DIFFERENCE_S:
        apart = f"{facts.clock_difference_s:+.1f}"
        differ = (
            f"数据库的时钟与本机相差 {apart} 秒",
            f"the database's clock differs from ours by {apart} s",
        )
        found.append(wrong("database clock", *differ, "校准两台机器的时间", "set the time of both machines"))
    return [*found, migrations(home), *outbox(facts), *city(facts), *holidays(facts)]


def migrations(home: Home) -> Finding:
    """Ask Django whether a migration waits."""
    import os

    environment = {**os.environ, **web.child_environment(home)}
    command = web.management_command("migrate", "--check", "--skip-checks")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return good("migrations", "数据库结构是最新的", "the database's structure is up to date")
    if "Traceback" in done.stderr or "Error" in done.stderr:
        said = done.stderr.strip().splitlines()[-1]
        broken = (f"程序无法启动：{said}", f"the program does not start: {said}")
        return wrong("migrations", *broken, "运行 script/setup", "run script/setup")
    waits = ("数据库结构不是最新的", "migrations wait to be applied")
    return wrong("migrations", *waits, "运行 linli migrate", "run linli migrate")


def outbox(facts: DatabaseFacts) -> list[Finding]:
    """Check that what happened is told: the oldest event that waits must be young."""
    if facts.outbox_rows is None:
        return []
    age_s = (now() - facts.outbox_oldest_at).total_seconds() if facts.outbox_oldest_at else 0.0
    if age_s > OLD_OUTBOX_S:
        late = (
            f"有 {facts.outbox_rows} 条事件没有发出，最早的已等 {age_s:.0f} 秒",
            f"{facts.outbox_rows} events wait to be told, the oldest for {age_s:.0f} s",
        )
        return [
            wrong("outbox", *late, "检查 work 和 nats 是否在运行", "check that work and nats are running")
        ]
    return [good("outbox", f"待发事件 {facts.outbox_rows} 条", f"{facts.outbox_rows} events wait to be told")]


def city(facts: DatabaseFacts) -> list[Finding]:
    """Check that a city was loaded to its end."""
    load = ("运行 linli load-city 城市目录", "run linli load-city FOLDER")
    if facts.city is None:
        return [note("city", "还没有载入城市", "no city is loaded yet", *load)]
    name, finished, failure = facts.city
    if failure:
        fix = (
            f"运行 linli check-city 找出问题，再{load[0]}",
            f"find the fault with linli check-city, then {load[1]}",
        )
        failed = (f"{name} 最近一次载入失败：{failure}", f"the last loading of {name} failed: {failure}")
        return [wrong("city", *failed, *fix)]
    if not finished:
        return [note("city", f"{name} 正在载入或被中断", f"{name} is loading or was interrupted", *load)]
    return [good("city", f"城市 {name} 已载入", f"the city {name} is loaded")]


def holidays(facts: DatabaseFacts) -> list[Finding]:
    """Say which years are counted by weekends only (暂按), because the calendar does not know their holidays."""
    known = facts.announced_until
    if known is None:
        return []
    coming = (now() + HOLIDAYS_AHEAD).year
    mend = (
        "公布后更新日历，再运行 linli load-city；未结案件自动重算",
        "when they are announced, update the calendar and run linli load-city; open cases are counted again",
    )
    if known < now().year - 1:
        gone = f"{known + 1}–{now().year - 1}"
        past = (f"已过去的 {gone} 年没有节假日资料", f"the holidays of {gone} are missing, years gone by")
        return [wrong("holidays", *past, *mend)]
    if known < coming:
        waits = (
            f"{known + 1} 年起的节假日安排尚未公布，时限暂按周末计算",
            f"holidays from {known + 1} on are not announced; deadlines count weekends for now",
        )
        return [note("holidays", *waits, *mend)]
    return [
        good("holidays", f"节假日资料到 {known} 年", f"holidays are known to the end of {known}"),
    ]


def bus(home: Home) -> Finding:
    """Check that NATS answers with our password and that the stream of events is in order."""
    if nats.is_embedded() and not any(
        row.name == "nats" and board.is_alive(row) for row in board.read_rows(home)
    ):
        return note("bus", "NATS 没有运行", "NATS is not running", *START)
    try:
        messages, consumers = asyncio.run(asyncio.wait_for(_visit_bus(home), 8))
    except Exception as error:
        said = str(error) or type(error).__name__
        mend = ("看日志 nats.log 与 work.log", "see logs/nats.log and logs/work.log in the home")
        return wrong("bus", f"消息总线不正常：{said}", f"the bus is not well: {said}", *mend)
    return good(
        "bus",
        f"消息总线正常：事件流 {messages} 条，{consumers} 个消费者",
        f"the bus is well: {messages} events in the stream, {consumers} consumers",
    )


def _runs(home: Home, name: str) -> bool:
    """Tell whether the supervisor means this process to run."""
    return any(row.name == name and row.state not in ("finished", "stopped") for row in board.read_rows(home))


async def _visit_bus(home: Home) -> tuple[int, int]:
    """Ask for the stream's state. SHAPE: (messages, consumers)."""
    from nats import connect

    from linli.registers.bus.stream import STREAM

    connection = await connect(
        home.nats_url(), connect_timeout=3, allow_reconnect=False, max_reconnect_attempts=1
    )
    try:
        state = (await connection.jetstream().stream_info(STREAM)).state
        return state.messages, state.consumer_count
    finally:
        await connection.close()
