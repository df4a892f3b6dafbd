"""What every test may ask for: the cast, a clock that stands still, a bus, and no network beyond this machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from linli.kernel import clock
from linli.kernel.errors import Refusal
from linli.kernel.home import Home, Ports
from tests.cast import Cast, assemble

# A Monday, 10:00 in the city: working time, no holiday.
NOON_IS_NEAR = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Make passwords cheap and pages reachable without a loaded city; tests of those two say otherwise."""
    cheap = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [cheap, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.LINLI_SKIP_LOADING_PAGE = True
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drive browsers last: while one is open, Playwright holds the thread's event loop and `asyncio.run` refuses."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            raise RuntimeError(f"a test wants to reach {address!r}; tests stay on this machine")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def emptying_is_allowed() -> Iterator[None]:
    """Let Django empty the tables after a transactional test, past the write guard and the record's triggers."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def allowed(self: DatabaseOperations, statements: list[str]) -> None:
        with writing(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_entry DISABLE TRIGGER USER")
            flush(self, statements)
            cursor.execute("ALTER TABLE record_entry ENABLE TRIGGER USER")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", allowed)
        yield


@contextmanager
def writing() -> Iterator[None]:
    """Let a test put rows into tables directly, as no room may: to set a stage that actions cannot build."""
    from linli.registers.bus import actions

    token = actions._acting.set(1)
    try:
        yield
    finally:
        actions._acting.reset(token)


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, with their posts."""
    return assemble()


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """Give a browser in which an account is logged in; None gives a visitor's."""

    def make(account: Any, **options: Any) -> Client:
        client = Client(**options)
        if account is not None:
            client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def frozen() -> Iterator[datetime]:
    """Hold the clock at ten o'clock of a working day."""
    with clock.frozen(NOON_IS_NEAR):
        yield NOON_IS_NEAR


@pytest.fixture
def refused() -> Callable[[str], AbstractContextManager[Any]]:
    """`with refused("code") as caught:` expects that Refusal and leaves the test's transaction usable."""

    @contextmanager
    def expect(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
        with pytest.raises(Refusal) as caught, transaction.atomic():
            yield caught
        assert caught.value.code == code, f"refused with {caught.value.code!r}, not {code!r}"

    return expect


def free_ports(count: int) -> list[int]:
    """Find ports nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@pytest.fixture(scope="session")
def nats() -> Iterator[Home]:
    """A real NATS server in the home of this test run. Ask for `bus` to have its stream empty."""
    from linli.config.processes.nats import server_command

    home = Home.current()
    home.write_ports(Ports(*free_ports(4)))
    log = home.path / "nats-test.log"
    with log.open("wb") as output:
        server = subprocess.Popen(server_command(home), stdout=output, stderr=output)
    try:
        _wait_for_port(home.ports().nats, server, log.read_text)
        yield home
    finally:
        server.terminate()
        server.wait(10)


def _wait_for_port(port: int, server: subprocess.Popen[bytes], said: Callable[[], str]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"NATS did not start:\n{said()}")


@pytest.fixture
def bus(nats: Home) -> Iterator[Home]:
    """A bus whose stream does not exist yet and has no consumers."""
    import asyncio

    from nats.js.errors import NotFoundError

    from linli.registers.bus import stream

    async def forget() -> None:
        client = await stream.connect("tests")
        try:
            await client.jetstream().delete_stream(stream.STREAM)
        except NotFoundError:
            pass
        finally:
            await client.close()

    asyncio.run(forget())
    yield nats
