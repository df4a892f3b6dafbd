"""The embedded PostgreSQL: made once, closed to others, back after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.config.processes import postgres, postgres_cluster
from linli.config.processes.words import Trouble
from linli.kernel.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    made = Home(tmp_path / "home")
    yield made
    postgres.destroy(made)


def test_a_new_home_gets_a_database_in_unicode_that_keeps_what_it_commits(home: Home) -> None:
    postgres.ensure(home, durable=False)
    with psycopg.connect(home.database_url()) as connection:
        asked = "SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = 'linli'"
        assert connection.execute(asked).fetchone() == ("UTF8", "C.UTF-8")
        assert connection.execute("SELECT upper('ä'), 'ä' ~ '[[:alpha:]]'").fetchone() == ("Ä", True)
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'linli'").fetchone() == (
            False,
        )
    postgres.stop(home)
    postgres.start(home)
    with psycopg.connect(home.database_url()) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == ("on",)


def test_the_database_asks_for_its_password_and_listens_on_no_network_port(home: Home) -> None:
    postgres.ensure(home, durable=False)
    password = home.secret("postgres").hex()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(home.database_url().replace(password, "wrong"))
    with psycopg.connect(home.database_url()) as connection:
        assert connection.execute("SELECT current_setting('listen_addresses')").fetchone() == ("",)


def test_committed_rows_survive_a_killed_server(home: Home) -> None:
    info = postgres.start(home)
    with psycopg.connect(home.database_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(postgres_cluster.running_pid(info) or 0, signal.SIGKILL)
    _wait_until_gone(info)
    postgres.start(home)
    with psycopg.connect(home.database_url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_stale_lock_that_names_a_stranger_does_not_keep_the_server_down(home: Home) -> None:
    info = postgres.start(home)
    lines = info.pid_file.read_text().splitlines()
    os.kill(postgres_cluster.running_pid(info) or 0, signal.SIGKILL)
    _wait_until_gone(info)
    with subprocess.Popen(["sleep", "60"], user=info.os_user or None) as stranger:
        try:
            info.pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            assert postgres_cluster.running_pid(info) is None
            postgres.start(home)
            assert postgres.is_ready(info)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_cluster_of_another_version_is_refused_in_words(home: Home) -> None:
    info = postgres.start(home)
    postgres.stop(home)
    (info.data_dir / "PG_VERSION").write_text("14\n")
    with pytest.raises(Trouble, match="14"):
        postgres.start(home)


def test_a_home_made_by_another_user_is_refused_in_words(home: Home) -> None:
    postgres.ensure(home, durable=False)
    postgres.stop(home)
    facts = home.read_json("postgres.json")
    home.write_json("postgres.json", {**facts, "os_user": "" if facts["os_user"] else "somebody"})
    with pytest.raises(Trouble, match="LINLI_HOME"):
        postgres.start(home)
    home.write_json("postgres.json", facts)


def test_a_throw_away_database_ends_with_the_process_that_asked_for_it(home: Home) -> None:
    script = (
        "import os, sys; from pathlib import Path; from linli.kernel.home import Home;"
        "from linli.config.processes import postgres; postgres.ensure(Home(Path(sys.argv[1])), durable=False);"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([_python(), "-c", script, str(home.path)], check=False)
    info = postgres_cluster.known(home)
    assert info is not None
    _wait_until_gone(info)


def _python() -> str:
    import sys

    return sys.executable


def _wait_until_gone(info: postgres.PostgresInfo) -> None:
    end = time.monotonic() + 10
    while postgres_cluster.running_pid(info) is not None:
        assert time.monotonic() < end, "the server still runs"
        time.sleep(0.05)
