"""Keep processes running: start, wait until ready, restart what dies, stop in time.

One thread and one event loop, nothing of Django: the supervisor must stay small and must never be what fails.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time

from linli.config.processes.board import Board
from linli.config.processes.child import Part, signal_group, spawn
from linli.config.processes.logs import ProcessLog, speak
from linli.config.processes.words import say

LOOK_EVERY_S = 0.1
FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 10.0
SETTLED_AFTER_S = 30.0
END_TIMEOUT_S = 2.0
QUIET_AFTER = 10
TELLS_WHY = 2


class Keeper:
    """Keeps one part alive until told to stop."""

    def __init__(self, part: Part, board: Board, log: ProcessLog) -> None:
        self.part, self.board, self.log = part, board, log
        self.ready = asyncio.Event()
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._output = -1
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Run the part, again and again, waiting longer after each death unless it had settled."""
        delay_s = FIRST_DELAY_S
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._live()
            if self._stopping.is_set():
                break
            settled = time.monotonic() - began > SETTLED_AFTER_S
            delay_s = FIRST_DELAY_S if settled else delay_s
            self.board.became(self.part.name, "waiting")
            self._tell_death(code, delay_s)
            try:
                await asyncio.wait_for(self._stopping.wait(), delay_s)
            except TimeoutError:
                self.restarts += 1
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)
        self.board.became(self.part.name, "stopped")

    async def run_once(self) -> int:
        """Run the part to its own end and return its exit code; -1 when it could not be started."""
        code = await self._live()
        self.board.became(self.part.name, "finished")
        return code

    async def stop(self) -> None:
        """Ask the part to end, then end it and all of its group."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        for which, patience_s in (
            (self.part.stop_signal, self.part.stop_timeout_s),
            (signal.SIGKILL, END_TIMEOUT_S),
        ):
            if which is signal.SIGKILL:
                signal_group(process.pid, which)
            else:
                process.send_signal(which)
            end = time.monotonic() + patience_s
            while time.monotonic() < end:
                if process.poll() is not None:
                    signal_group(process.pid, signal.SIGKILL)
                    return
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """End the part at once."""
        self._stopping.set()
        if self._process is not None:
            signal_group(self._process.pid, signal.SIGKILL)

    async def _live(self) -> int:
        """Start the part, watch it until its main process has ended, clear its group away."""
        try:
            self._process, self._output = spawn(self.part)
        except (OSError, RuntimeError) as error:
            speak(f"{self.part.name}: {error}")
            return -1
        process = self._process
        self.board.started(self.part.name, process.pid, self.restarts)
        asyncio.get_running_loop().add_reader(self._output, self._read)
        try:
            while process.poll() is None:
                if not self.ready.is_set() and await self._is_ready() and process.poll() is None:
                    self.ready.set()
                    self.board.became(self.part.name, "ready")
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            self.ready.clear()
            self._read()
            self._close_output()
            self.log.finish()
        return process.returncode

    async def _is_ready(self) -> bool:
        return True if self.part.ready is None else await self.part.ready()

    def _read(self) -> None:
        """Take what the process has written so far."""
        while self._output >= 0:
            try:
                data = os.read(self._output, 65_536)
            except BlockingIOError:
                return
            if not data:
                self._close_output()
                return
            self.log.feed(data)

    def _close_output(self) -> None:
        if self._output >= 0:
            asyncio.get_running_loop().remove_reader(self._output)
            os.close(self._output)
            self._output = -1

    def _tell_death(self, code: int, delay_s: float) -> None:
        """Say that the part died; of one that keeps dying say it ever less often, and why only at first."""
        if self.restarts > QUIET_AFTER and self.restarts % QUIET_AFTER:
            return
        how_zh, how_en = (
            (f"信号 {-code}", f"signal {-code}") if code < -1 else (f"退出码 {code}", f"exit code {code}")
        )
        name = self.part.name
        speak(
            say(
                f"{name} 停了（{how_zh}），{delay_s:g} 秒后重新启动。日志：{self.log.path}",
                f"{name} died ({how_en}); restarting in {delay_s:g} s. Log: {self.log.path}",
            )
        )
        if code > 0 and self.restarts < TELLS_WHY and not self.log.shown:
            for line in list(self.log.last_lines)[-5:]:
                speak(f"    {line}")
