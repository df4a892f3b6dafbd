"""Whether the ports of a home are free, and who holds them."""

from __future__ import annotations

import socket
from dataclasses import asdict

from linli.config.processes.words import Trouble, say
from linli.kernel.home import Ports

HOST = "127.0.0.1"
LARGEST_PORT = 65_535


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Name the process that listens on a port, as far as this user may see it."""
    import psutil

    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listens and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.Error, OSError):
        pass
    return say("另一个程序", "another program")


def require_free(ports: Ports) -> None:
    """Refuse to start on ports that are taken. ERRORS: Trouble naming port, holder and the way out."""
    for purpose, port in asdict(ports).items():
        if not 0 < port <= LARGEST_PORT:
            raise Trouble(
                f"端口 {port} 不存在。请用 --port 选一个 1 到 {LARGEST_PORT - 3} 之间的端口。",
                f"There is no port {port}. Choose one between 1 and {LARGEST_PORT - 3} with --port.",
            )
        if is_free(port):
            continue
        option = "--mqtt-port" if purpose == "mqtt" else "--port"
        who, other = holder(port), _other_port(ports, purpose)
        raise Trouble(
            f"端口 {port}（{purpose}）已被 {who} 占用。请先停掉它，或换一个：{option} {other}",
            f"Port {port} ({purpose}) is in use by {who}. Stop it, or choose another: {option} {other}",
        )


def _other_port(ports: Ports, purpose: str) -> int:
    """Propose a port that is free now, with its neighbours."""
    if purpose == "mqtt":
        return next((port for port in range(18_830, 18_900) if is_free(port)), 18_830)
    for web in range(8100, 9900, 100):
        candidate = asdict(Ports.beside(web)).values()
        if all(is_free(port) for port in candidate):
            return web
    return ports.web + 100
