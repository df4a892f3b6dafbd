"""The embedded NATS server of a home: where its program lies and how it is set up.

One server, loopback only, JetStream on disk in `LINLI_HOME/nats`, MQTT beside it. Everybody authenticates; our own
processes are the user `internal`, whose password is a secret of the home.

`sync_interval: always` makes an acknowledged event survive a power cut, like a PostgreSQL commit. On the machine we
measured it lowers publishing from 33,000 to 5,600 messages/s (one by one from 5,200 to 2,500), far above what the
outbox needs. A city with a three-node cluster, where the replicas keep it, sets `LINLI_NATS_SYNC_INTERVAL=2m`.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from linli.config.processes.words import Trouble
from linli.kernel.home import Home

CONFIGURATION = """\
# Written by Linli at every start.
server_name: linli
listen: "127.0.0.1:{port}"
max_connections: 2000
max_payload: 1MB
write_deadline: "5s"

jetstream {{
  store_dir: "{store}"
  max_memory_store: 64MB
  max_file_store: {file_store}
  sync_interval: {sync_interval}
}}

mqtt {{
  listen: "127.0.0.1:{mqtt_port}"
}}

authorization {{
  users: [
    {{ user: internal, password: "{password}" }}
  ]
}}
"""


def is_embedded() -> bool:
    """Tell whether this process is to use the embedded bus."""
    return not os.environ.get("LINLI_NATS_URL")


def binary() -> Path:
    """Find `nats-server`, which its wheel puts beside the interpreter. ERRORS: Trouble when it is not there."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise Trouble(
            "没有找到 nats-server。请重新运行 script/setup，或用 LINLI_NATS_URL 指定自己的 NATS。",
            "nats-server is not installed. Run script/setup again, or name your own NATS in LINLI_NATS_URL.",
        )
    return Path(found)


def prepare(home: Home) -> Path:
    """Write the server's settings into the home and return their path; mode 600, for they hold the password."""
    store = home.path / "nats"
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    ports = home.ports()
    settings = CONFIGURATION.format(
        port=ports.nats,
        mqtt_port=ports.mqtt,
        store=store,
        file_store=os.environ.get("LINLI_NATS_FILE_STORE", "8GB"),
        sync_interval=os.environ.get("LINLI_NATS_SYNC_INTERVAL", "always"),
        password=home.secret("nats").hex(),
    )
    target = store / "nats.conf"
    draft = store / f".nats.conf.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(settings, encoding="utf-8")
    return draft.replace(target)


def server_command(home: Home) -> list[str]:
    """Give the command that runs the server in the foreground. EFFECTS: writes its settings."""
    return [str(binary()), "--config", str(prepare(home))]
