"""The doctor: a planted fault is named, in both languages, with what to do about it."""

from __future__ import annotations

import json
import os
import socket
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linli.config.processes import check_machine, check_running, doctor
from linli.config.processes.board import Board
from linli.config.processes.check_running import DatabaseFacts
from linli.config.processes.finding import Finding, Grade
from linli.kernel import clock
from linli.kernel.home import Home, Ports

HEALTHY = DatabaseFacts(180004, 0.0, 0, None, ("somewhere", True, ""))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    monkeypatch.setenv("LINLI_LANGUAGE", "zh")
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    made = Home(tmp_path)
    made.write_ports(_free_ports())
    yield made


def _free_ports() -> Ports:
    from linli.config.processes.ports import is_free

    free = (web for web in range(21_000, 29_000, 10) if all(is_free(web + step) for step in range(4)))
    return Ports.beside(next(free))


def is_wrong(finding: Finding | None, *words: str) -> bool:
    """Tell whether the finding is a fault, names these words in Chinese, and says in both languages what to do."""
    assert finding is not None
    assert finding.chinese and finding.english and finding.mend_chinese and finding.mend_english
    return finding.grade is Grade.WRONG and all(word in finding.chinese for word in words)


def test_a_machine_that_is_well_gives_no_fault(home: Home) -> None:
    home.secret("django")
    findings = [check_machine.python_version(), check_machine.memory(), check_machine.secrets_modes(home)]
    assert all(finding.grade is not Grade.WRONG for finding in findings)


def test_a_secret_that_others_can_read_is_named(home: Home) -> None:
    home.secret("django")
    (home.secrets_dir / "django").chmod(0o644)
    assert is_wrong(check_machine.secrets_modes(home), "密钥", "django")


def test_a_full_disk_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(check_machine.shutil, "disk_usage", lambda folder: usage(10**12, 10**12, 200_000_000))
    assert is_wrong(check_machine.disk_space(home), "磁盘快满了", "0.2 GiB")


def test_a_python_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_machine.sys, "version_info", (3, 9, 2))
    assert is_wrong(check_machine.python_version(), "3.9.2")


def test_a_clock_that_went_backwards_is_named(home: Home) -> None:
    with clock.frozen(datetime.now(UTC) - timedelta(hours=1)):
        assert is_wrong(check_machine.clock(home), "时钟")


def test_a_front_end_that_is_not_built_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_machine, "ROOT", tmp_path)
    assert is_wrong(check_machine.front_end()[0], "前端还没有构建")


def test_a_front_end_without_chinese_font_or_with_a_file_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_machine, "ROOT", tmp_path)
    folder = tmp_path / "build" / "frontend"
    (folder / "abc").mkdir(parents=True)
    (folder / "current.json").write_text(json.dumps({"hash": "abc", "manifest": {"base.js": "base-1.js"}}))
    assert is_wrong(check_machine.front_end()[0], "base-1.js")
    (folder / "abc" / "base-1.js").touch()
    assert [finding.grade for finding in check_machine.front_end()] == [Grade.GOOD, Grade.NOTE]
    (folder / "abc" / "han.woff2").touch()
    assert [finding.grade for finding in check_machine.front_end()] == [Grade.GOOD, Grade.GOOD]


def test_a_database_whose_folder_is_gone_is_named(home: Home) -> None:
    os_user = "linli" if os.geteuid() == 0 else ""
    facts = {"cluster_dir": str(home.path / "gone"), "socket_dir": str(home.path), "os_user": os_user}
    home.write_json("postgres.json", facts)
    assert is_wrong(check_machine.postgres_owner(home), "不见了")
    home.write_json("postgres.json", {**facts, "os_user": "" if os_user else "linli"})
    assert is_wrong(check_machine.postgres_owner(home), "不能运行")


def test_a_process_that_is_gone_and_one_that_keeps_dying_are_named(home: Home) -> None:
    board = Board(home)
    board.started("web", os.getpid(), restarts=9)
    board.started("work", 4_000_000, restarts=0)
    web, work = check_running.processes(home)
    assert is_wrong(web, "web", "9")
    assert is_wrong(work, "work", "没有在运行")


def test_a_port_that_a_stranger_holds_is_named_with_its_holder(home: Home) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", home.ports().mqtt))
        stranger.listen()
        (finding,) = check_running.home_ports(home)
    assert is_wrong(finding, str(home.ports().mqtt), str(os.getpid()))


def test_a_running_web_that_does_not_answer_is_named(home: Home) -> None:
    Board(home).started("web", os.getpid(), restarts=0)
    silent, unwell = check_running.home_ports(home)
    assert is_wrong(silent, "没有人应答")
    assert is_wrong(unwell, "/healthz")


def test_a_database_that_cannot_be_reached_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{home.ports().web}/none")
    (finding,) = check_running.database(home)
    assert is_wrong(finding, "数据库连不上")


def test_events_that_wait_too_long_are_named() -> None:
    late = DatabaseFacts(180004, 0.0, 12, clock.now() - timedelta(minutes=10), None)
    assert is_wrong(check_running.outbox(late)[0], "12", "没有发出")
    assert check_running.outbox(HEALTHY)[0].grade is Grade.GOOD


def test_a_city_that_failed_to_load_or_was_interrupted_is_named() -> None:
    failed = DatabaseFacts(180004, 0.0, 0, None, ("somewhere", False, "CityFileError"))
    assert is_wrong(check_running.city(failed)[0], "somewhere", "CityFileError")
    interrupted = DatabaseFacts(180004, 0.0, 0, None, ("somewhere", False, ""))
    assert "中断" in check_running.city(interrupted)[0].chinese
    assert check_running.city(HEALTHY)[0].grade is Grade.GOOD


def test_a_bus_that_does_not_answer_is_named(home: Home) -> None:
    Board(home).started("nats", os.getpid(), restarts=0)
    assert is_wrong(check_running.bus(home), "消息总线")


def test_one_fault_makes_the_exit_code_one_and_english_is_spoken_on_demand(
    home: Home, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(check_machine, "front_end", list)
    home.secret("django")
    assert doctor.main([]) == 0
    (home.secrets_dir / "django").chmod(0o644)
    assert doctor.main([]) == 1
    assert "怎么办" in capfdbinary.readouterr().out.decode()
    assert doctor.main(["--english"]) == 1
    said = capfdbinary.readouterr().out.decode()
    assert "what to do: run chmod" in said and "怎么办" not in said


def test_a_check_that_breaks_is_a_finding_of_its_own(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_machine, "memory", lambda: 1 / 0)
    (finding,) = [found for found in doctor.examine(home) if found.check == "memory"]
    assert is_wrong(finding, "ZeroDivisionError")
