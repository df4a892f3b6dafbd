"""The home: its secrets are made once, its facts are read whole."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from linli.kernel.home import Home, HomeIncomplete, Ports


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    monkeypatch.delenv("LINLI_NATS_URL", raising=False)
    return Home.current()


def test_whoever_asks_first_everybody_gets_the_same_secret(home: Home) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: home.secret("django"), range(200)))
    assert len(answers) == 1 and len(answers.pop()) == 32
    assert [path.name for path in home.secrets_dir.iterdir()] == ["django"]


def test_nobody_else_can_read_a_secret(home: Home) -> None:
    home.secret("django")
    assert stat.S_IMODE((home.secrets_dir / "django").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.secrets_dir.stat().st_mode) == 0o700


def test_two_names_are_two_secrets(home: Home) -> None:
    assert home.secret("nats") != home.secret("live")


def test_mqtt_keeps_its_own_port_only_beside_the_usual_web_port() -> None:
    assert Ports.beside(8000) == Ports(8000, 8001, 1883, 8003)
    assert Ports.beside(9100) == Ports(9100, 9101, 9102, 9103)


def test_ports_survive_being_written(home: Home) -> None:
    assert home.ports() == Ports.beside(8000)
    home.write_ports(Ports.beside(8500))
    assert home.ports() == Ports.beside(8500)


def test_a_home_without_a_database_says_what_to_do(home: Home) -> None:
    with pytest.raises(HomeIncomplete, match="linli up"):
        home.database_url()


def test_ones_own_database_and_bus_come_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_DATABASE_URL", "postgresql://db.example/linli")
    monkeypatch.setenv("LINLI_NATS_URL", "nats://bus.example:4222")
    assert home.database_url() == "postgresql://db.example/linli"
    assert home.nats_url() == "nats://bus.example:4222"


def test_a_home_is_a_demo_only_when_marked(home: Home) -> None:
    assert not home.is_demo
    home.mark_demo()
    assert home.is_demo


def test_a_json_file_is_replaced_whole(home: Home) -> None:
    assert home.read_json("facts.json") is None
    home.write_json("facts.json", {"a": 1})
    home.write_json("facts.json", {"a": 2})
    assert home.read_json("facts.json") == {"a": 2}
    assert [path.name for path in home.path.iterdir()] == ["facts.json"]
