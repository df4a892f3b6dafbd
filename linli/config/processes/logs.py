"""What the children say: kept per process in files that turn over, and shown on the console when asked."""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from pathlib import Path
from typing import BinaryIO

LARGEST_FILE_BYTES = 5_000_000
FILES_KEPT = 3
LONGEST_LINE_BYTES = 16_384


class ProcessLog:
    """The log of one process: `logs/<name>.log`, then `.1` and `.2` for what is older."""

    def __init__(self, folder: Path, name: str, shown: bool) -> None:
        self.name, self.shown = name, shown
        self.path = folder / f"{name}.log"
        self.last_lines: deque[str] = deque(maxlen=8)
        self._rest = b""
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def feed(self, data: bytes) -> None:
        """Take what the process wrote; whole lines go on, the rest waits."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._keep(line)
        if len(self._rest) > LONGEST_LINE_BYTES:
            self.finish()

    def finish(self) -> None:
        """Keep an unfinished last line."""
        if self._rest:
            self._keep(self._rest)
            self._rest = b""

    def close(self) -> None:
        self.finish()
        self._file.close()

    def _keep(self, line: bytes) -> None:
        if self._size > LARGEST_FILE_BYTES:
            self._turn_over()
        self._file.write(line + b"\n")
        self._size += len(line) + 1
        text = line.decode("utf-8", errors="replace").rstrip()
        if text:
            self.last_lines.append(text)
            if self.shown:
                speak(f"{self.name:<9}| {text}")

    def _open(self) -> None:
        self._file: BinaryIO = self.path.open("ab", buffering=0)
        self._size = self._file.tell()

    def _turn_over(self) -> None:
        self._file.close()
        for number in range(FILES_KEPT - 1, 0, -1):
            older = self.path.with_suffix(f".log.{number - 1}") if number > 1 else self.path
            if older.exists():
                older.replace(self.path.with_suffix(f".log.{number}"))
        self._open()


def speak(line: str) -> None:
    """Say one line to the operator; a console that has gone away is no reason to stop."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        sys.stdout.buffer.write(f"{line}\n".encode())
        sys.stdout.buffer.flush()
