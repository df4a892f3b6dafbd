"""A home: the one folder that holds what a running Linli keeps outside its database.

It is `LINLI_HOME`, else `./var`. Two homes on one machine share nothing. Nothing here imports Django, so the
supervisor, the live stream and the web read the same facts in the same way.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

SECRET_BYTES = 32


class HomeIncomplete(RuntimeError):
    """A fact that `linli up` writes into the home is not there yet."""


@dataclass(frozen=True)
class Ports:
    """The ports of one home, all on the loopback address."""

    web: int
    live: int
    mqtt: int
    nats: int

    @classmethod
    def beside(cls, web: int) -> Ports:
        """Give the ports that belong to a web port: live next to it, MQTT its own 1883 only for 8000."""
        return cls(web=web, live=web + 1, mqtt=1883 if web == 8000 else web + 2, nats=web + 3)


@dataclass(frozen=True)
class Home:
    """One home by its absolute path; every property is computed, nothing is cached."""

    path: Path

    @classmethod
    def current(cls) -> Home:
        """Find the home this process belongs to: `LINLI_HOME`, else `var` in the working folder."""
        return cls(Path(os.environ.get("LINLI_HOME") or "var").expanduser().absolute())

    @property
    def files_dir(self) -> Path:
        return self.path / "files"

    @property
    def tiles_dir(self) -> Path:
        return self.path / "tiles"

    @property
    def logs_dir(self) -> Path:
        return self.path / "logs"

    @property
    def secrets_dir(self) -> Path:
        return self.path / "secrets"

    @property
    def is_demo(self) -> bool:
        """Tell whether this home was made for demonstration: known passwords, no second factor."""
        return (self.path / "demo").exists()

    def mark_demo(self) -> None:
        """Make this a demo home; idempotent."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "demo").touch()

    def ports(self) -> Ports:
        """Read the ports `linli up` chose; before the first start, those of the default web port 8000."""
        found = self.read_json("ports.json")
        if found is None:
            return Ports.beside(8000)
        return Ports(**{name: int(found[name]) for name in ("web", "live", "mqtt", "nats")})

    def write_ports(self, ports: Ports) -> None:
        self.write_json("ports.json", asdict(ports))

    def database_url(self) -> str:
        """Give the libpq address of the database: `LINLI_DATABASE_URL`, else the embedded one's socket.

        ERRORS: HomeIncomplete when neither is known.
        """
        given = os.environ.get("LINLI_DATABASE_URL")
        if given:
            return given
        found = self.read_json("postgres.json")
        if found is None:
            raise HomeIncomplete(
                f"{self.path} 还没有数据库：请先运行 linli up，或设置 LINLI_DATABASE_URL。"
                f" / {self.path} has no database yet: run linli up first, or set LINLI_DATABASE_URL."
            )
        password = self.secret("postgres").hex()
        host = quote(str(found["socket_dir"]), safe="")
        return f"postgresql://{found['user']}:{password}@/{found['database']}?host={host}"

    def nats_url(self) -> str:
        """Give the address of the bus for our own processes: `LINLI_NATS_URL`, else user `internal` on loopback."""
        given = os.environ.get("LINLI_NATS_URL")
        if given:
            return given
        return f"nats://internal:{self.secret('nats').hex()}@127.0.0.1:{self.ports().nats}"

    def secret(self, name: str) -> bytes:
        """Give the secret of this name, made of 32 random bytes the first time it is asked for.

        EFFECTS: creates `secrets/<name>` (mode 600) at most once, whole or not at all, whoever asks first.
        """
        target = self.secrets_dir / name
        try:
            return target.read_bytes()
        except FileNotFoundError:
            pass
        self.secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.secrets_dir / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                target.hardlink_to(draft)
        finally:
            draft.unlink()
        return target.read_bytes()

    def read_json(self, name: str) -> Any:
        """Read a JSON file of the home; None when it does not exist."""
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def write_json(self, name: str, value: Mapping[str, Any] | list[Any], mode: int = 0o644) -> None:
        """Replace a JSON file of the home in one step, so that a reader never sees half of it."""
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)
            file.write("\n")
        draft.replace(self.path / name)
