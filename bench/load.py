"""A load generator thin enough to share two cores with what it measures: raw HTTP/1.1 over kept connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlparse


@dataclass
class Load:
    """What came back: seconds per answer, statuses, the last body."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    elapsed_s: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed_s


def request(method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """Return the bytes of one HTTP/1.1 request."""
    parts = urlparse(url)
    lines = [
        f"{method} {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1",
        f"Host: {parts.netloc}",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(
    port: int, requests: Callable[[int], bytes], count: int, clients: int, keep_bodies: bool = False
) -> Load:
    """Send `count` requests (made by index) from `clients` connections, each waiting for its answer.

    ERRORS: ConnectionError when the server closes; statuses are counted, not judged.
    """
    return asyncio.run(_run(port, requests, count, clients, keep_bodies))


async def _run(port: int, requests: Callable[[int], bytes], count: int, clients: int, keep: bool) -> Load:
    load, numbers = Load(), iter(range(count))
    connections = [await asyncio.open_connection("127.0.0.1", port, limit=2**22) for _ in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(_client(r, w, requests, numbers, load, keep) for r, w in connections))
    load.elapsed_s = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return load


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Callable[[int], bytes],
    numbers: Iterator[int],
    load: Load,
    keep: bool,
) -> None:
    for number in numbers:
        payload = requests(number)
        began = time.perf_counter()
        writer.write(payload)
        status, body = await _answer(reader)
        load.seconds.append(time.perf_counter() - began)
        load.statuses[status] = load.statuses.get(status, 0) + 1
        if keep:
            load.bodies.append(body)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        size = int(lower[at + 15 : lower.index(b"\r\n", at)])
        return status, await reader.readexactly(size) if size else b""
    if b"transfer-encoding: chunked" in lower:
        return status, await _chunks(reader)
    return status, b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readline()
    return b"".join(parts)
