"""Whether a process does its work by now, asked the way its clients ask."""

from __future__ import annotations

import asyncio

PATIENCE_S = 2.0


async def http_status(port: int, path: str) -> int:
    """Ask a web process on the loopback; return the status of its answer, 0 when there is none."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    line = await _first_line(port, request.encode())
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit() else 0


async def web_is_ready(port: int) -> bool:
    return await http_status(port, "/healthz") == 200


async def live_is_ready(port: int) -> bool:
    """The live stream answers every stranger, if only with a refusal."""
    return await http_status(port, "/healthz") > 0


async def nats_is_ready(port: int) -> bool:
    """NATS greets every connection with one line of facts once JetStream has been recovered."""
    return (await _first_line(port, b"")).startswith(b"INFO ")


async def _first_line(port: int, request: bytes) -> bytes:
    writer = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 18)
            writer.write(request)
            return await reader.readline()
    except (OSError, TimeoutError, ValueError):
        return b""
    finally:
        if writer is not None:
            writer.close()
