"""`linli up`: everything a city needs, on one machine, until Ctrl-C.

Order: PostgreSQL, its migrations, NATS, then web, live stream and worker together; a city is loaded in the
background when the database has none (the web shows how far it is), and the simulator follows. In a home that
has run before, the web boots beside the migrations.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Coroutine
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, TextIO

from linli.config.processes import nats, parts, ports, postgres
from linli.config.processes.board import Board, end_leftovers
from linli.config.processes.child import Part
from linli.config.processes.logs import ProcessLog, speak
from linli.config.processes.options import Options, default_city, demo_accounts, parse
from linli.config.processes.supervisor import Keeper
from linli.config.processes.words import Trouble, say
from linli.kernel.home import Home, Ports

EXIT_CITY_IS_THERE = 0
EXIT_CITY_IS_MISSING = 10
SETTLED = "settled"
READY_TIMEOUT_S = 60.0
LEFTOVERS_END_S = 0.5
SLOW_WEB_S = 30.0
SLOWEST_WEB_S = 270.0


def main(arguments: list[str]) -> int:
    """Run until asked to stop; return the exit code."""
    options = parse(arguments)
    home = Home.current()
    if options.city is not None:
        os.environ["LINLI_CITY"] = str(options.city.absolute())
    try:
        lock = take_lock(home)
        with lock:
            return asyncio.run(Town(home, options).run())
    except Trouble as trouble:
        speak(str(trouble))
        return 1


def take_lock(home: Home) -> TextIO:
    """Make this the only supervisor of the home. ERRORS: Trouble naming the one that runs."""
    home.path.mkdir(parents=True, exist_ok=True)
    lock = (home.path / "up.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        pid = lock.read().strip() or "?"
        lock.close()
        raise Trouble(
            f"{home.path} 已由另一个 linli up（进程 {pid}）运行。请先停掉它（kill {pid}），或用 LINLI_HOME 另选目录。",
            f"Another linli up (pid {pid}) runs {home.path}. Stop it (kill {pid}), "
            "or choose another folder in LINLI_HOME.",
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


class Town:
    """One run of `linli up`."""

    def __init__(self, home: Home, options: Options) -> None:
        self.home, self.options = home, options
        self.board = Board(home)
        self.keepers: list[Keeper] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.stop_asked = asyncio.Event()

    async def run(self) -> int:
        """Start all, wait for the end, stop all."""
        self._listen_to_signals()
        starting = asyncio.create_task(self._start())
        asked = asyncio.create_task(self.stop_asked.wait())
        failure = 0
        try:
            await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await self.stop_asked.wait()
        except Trouble as trouble:
            speak(str(trouble))
            failure = 1
        finally:
            await self._stop([starting, asked])
        return failure

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(which, self._on_signal)

    def _on_signal(self) -> None:
        """Stop in order at the first signal, at once at the second."""
        if self.stop_asked.is_set():
            for keeper in self.keepers:
                keeper.kill()
        self.stop_asked.set()

    async def _start(self) -> None:
        leftovers = end_leftovers(self.home)
        if leftovers:
            names = ", ".join(leftovers)
            speak(say(f"清理了上次遗留的进程：{names}", f"ended what the last run left behind: {names}"))
            await asyncio.sleep(LEFTOVERS_END_S)
        chosen = Ports.beside(self.options.port)
        chosen = replace(chosen, mqtt=self.options.mqtt_port or chosen.mqtt)
        ports.require_free(chosen)
        self.home.write_ports(chosen)
        (self.home.path / "static").mkdir(exist_ok=True)
        speak(say(f"正在启动，目录 {self.home.path}", f"starting in {self.home.path}"))
        if postgres.is_embedded():
            postgres.stop(self.home)
            await self._ready(self._keep(parts.postgres_part(self.home)))
        bus = self._keep(parts.nats_part(self.home)) if nats.is_embedded() else None
        # Once it is settled whether this is a demo, the web need not wait: it boots while the migrations are looked at.
        web = self._keep(parts.web_part(self.home)) if (self.home.path / SETTLED).exists() else None
        city_is_there = await self._migrate()
        if bus is not None:
            await self._ready(bus)
        if not city_is_there and self.options.demo:
            self.home.mark_demo()
        (self.home.path / SETTLED).touch()
        web = web or self._keep(parts.web_part(self.home))
        others = [self._keep(part(self.home)) for part in (parts.live_part, parts.work_part)]
        city = self._background(self._fill(city_is_there))
        await self._web_ready(web)
        speak(f"ready http://127.0.0.1:{chosen.web}")
        self._say_accounts()
        for keeper in others:
            await self._ready(keeper)
        await city

    def _keep(self, part: Part) -> Keeper:
        keeper = Keeper(part, self.board, self._log(part.name))
        self.keepers.append(keeper)
        self._background(keeper.keep())
        return keeper

    def _background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def _log(self, name: str) -> ProcessLog:
        shown = self.options.verbose or name == "load-city"
        return ProcessLog(self.home.logs_dir, name, shown)

    async def _ready(self, keeper: Keeper, timeout_s: float = READY_TIMEOUT_S) -> None:
        try:
            await asyncio.wait_for(keeper.ready.wait(), timeout_s)
        except TimeoutError:
            raise Trouble(
                f"{keeper.part.name} 在 {timeout_s:.0f} 秒内没有就绪。日志：{keeper.log.path}",
                f"{keeper.part.name} was not ready within {timeout_s:.0f} s. Log: {keeper.log.path}",
            ) from None

    async def _web_ready(self, web: Keeper) -> None:
        """Wait for the web longer than for the rest, for it may be a slow machine, but say so."""
        with contextlib.suppress(Trouble):
            await self._ready(web, SLOW_WEB_S)
            return
        speak(
            say(
                f"网页还没有就绪，继续等待。日志：{web.log.path}",
                f"the web is not ready yet. Log: {web.log.path}",
            )
        )
        for line in list(web.log.last_lines)[-3:]:
            speak(f"    {line}")
        await self._ready(web, SLOWEST_WEB_S)

    async def _once(self, part: Part) -> tuple[int, Keeper]:
        keeper = Keeper(part, self.board, self._log(part.name))
        self.keepers.append(keeper)
        return await keeper.run_once(), keeper

    async def _migrate(self) -> bool:
        """Bring the database to this version; tell whether it holds a city."""
        code, keeper = await self._once(parts.migrate_part(self.home))
        if code not in (EXIT_CITY_IS_THERE, EXIT_CITY_IS_MISSING):
            said = "\n".join(f"    {line}" for line in keeper.log.last_lines)
            raise Trouble(
                f"数据库没有准备好（退出码 {code}）。日志：{keeper.log.path}\n{said}",
                f"The database could not be prepared (exit code {code}). Log: {keeper.log.path}\n{said}",
            )
        return code == EXIT_CITY_IS_THERE

    async def _fill(self, city_is_there: bool) -> None:
        """Load the city if there is none, then let the simulator live in it."""
        if not city_is_there and not await self._load_city():
            return
        wanted = self.home.is_demo if self.options.simulator is None else self.options.simulator
        if wanted and find_spec("simulator.__main__") is not None:
            self._keep(parts.simulator_part(self.home))

    async def _load_city(self) -> bool:
        city = default_city()
        if city is None:
            speak(
                say(
                    "数据库里还没有城市。请运行 linli load-city 城市目录。",
                    "The database holds no city yet. Run linli load-city FOLDER.",
                )
            )
            return False
        began = time.monotonic()
        speak(say(f"正在载入 {city.name}", f"loading {city.name}"))
        code, keeper = await self._once(parts.load_city_part(self.home, city))
        if self.stop_asked.is_set():
            return False
        took_s = time.monotonic() - began
        if code:
            speak(
                say(
                    f"城市没有载入（退出码 {code}）。请看 {keeper.log.path}，改好后重新启动。",
                    f"The city was not loaded (exit code {code}). See {keeper.log.path}, mend it and start again.",
                )
            )
        else:
            speak(say(f"城市已载入，用时 {took_s:.0f} 秒", f"city loaded in {took_s:.0f} s"))
        return code == 0

    def _say_accounts(self) -> None:
        names = " ".join(demo_accounts())
        if self.home.is_demo and names:
            speak(
                say(
                    f"演示帐号 {names}，密码 linli-demo",
                    f"demonstration accounts {names}, password linli-demo",
                )
            )

    async def _stop(self, waiting: list[asyncio.Task[Any]]) -> None:
        """End the children in the reverse of their order: who uses a thing goes before it."""
        self.stop_asked.set()
        for task in waiting:
            task.cancel()
        by_name = {keeper.part.name: keeper for keeper in self.keepers}
        for names in (("simulator", "load-city", "migrate"), ("web", "live", "work"), ("nats", "postgres")):
            await asyncio.gather(*(by_name[name].stop() for name in names if name in by_name))
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=2)
        for keeper in self.keepers:
            keeper.log.close()
        speak(say("已全部停止", "all stopped"))
