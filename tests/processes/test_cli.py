"""The `linli` command and the words of the supervisor before anything is started."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from linli.config import cli
from linli.config.processes import nats, options, up, web
from linli.config.processes.ports import require_free
from linli.config.processes.words import Trouble, say
from linli.kernel.home import Home, Ports


def test_a_management_command_may_be_written_with_hyphens(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr("django.core.management.execute_from_command_line", seen.append)
    assert cli.main(["load-city", "cities/some-where", "--demo-data"]) == 0
    assert seen == [["linli", "load_city", "cities/some-where", "--demo-data"]]


def test_the_supervisor_does_not_import_django() -> None:
    import subprocess

    script = "import sys, linli.config.cli, linli.config.processes.up; print('django' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_words_are_chinese_unless_the_terminal_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINLI_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for locale, expected in (("C.UTF-8", "好"), ("en_GB.UTF-8", "good"), ("zh_CN.UTF-8", "好"), ("", "好")):
        monkeypatch.setenv("LANG", locale)
        assert say("好", "good") == expected


def test_a_port_in_use_is_refused_with_holder_and_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=rf"{port}.*--port \d+") as refused:
            require_free(Ports(port, 1, 1, 1))
    assert "pid" in str(refused.value)


def test_a_port_that_cannot_exist_is_refused() -> None:
    with pytest.raises(Trouble, match="70000"):
        require_free(Ports.beside(70_000))


def test_a_second_supervisor_of_the_same_home_is_refused_by_name(tmp_path: Path) -> None:
    import os

    home = Home(tmp_path)
    with up.take_lock(home), pytest.raises(Trouble, match=str(os.getpid())):
        up.take_lock(home)
    up.take_lock(home).close()


def test_the_bus_is_closed_to_who_has_no_password(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_ports(Ports.beside(23_450))
    settings = nats.prepare(home)
    text = settings.read_text(encoding="utf-8")
    assert settings.stat().st_mode & 0o077 == 0
    assert home.secret("nats").hex() in text and "sync_interval: always" in text
    assert text.count('"127.0.0.1:') == 2


def test_pages_and_stream_are_served_on_the_loopback_only(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for command in (web.web_command(home), web.live_command(home)):
        assert command[command.index("--host") + 1] == "127.0.0.1"


def test_the_city_to_load_is_the_named_one_or_the_only_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_CITY", str(tmp_path))
    assert options.default_city() == tmp_path
