"""What the operator of `linli up` asked for, and the city that is meant."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from linli.config.processes.words import say
from linli.kernel.city import read_csv


@dataclass(frozen=True)
class Options:
    """What the operator asked for. `simulator` None means: in a demo home."""

    port: int = 8000
    mqtt_port: int | None = None
    simulator: bool | None = None
    city: Path | None = None
    demo: bool = True
    verbose: bool = False


def parse(arguments: list[str]) -> Options:
    """Read the command line of `linli up`."""
    parser = argparse.ArgumentParser(
        prog="linli up", description=say("启动整座城市的系统", "Start everything")
    )
    parser.add_argument("--port", type=int, default=8000, help=say("网页端口", "port of the web"))
    parser.add_argument("--mqtt-port", type=int, help=say("MQTT 端口", "port of MQTT"))
    simulator = say("启动模拟器（默认：演示环境启动）", "run the simulator (default: in a demo home)")
    parser.add_argument("--simulator", action=argparse.BooleanOptionalAction, default=None, help=simulator)
    city = say("空库时载入的城市目录", "folder of the city to load into an empty database")
    parser.add_argument("--city", type=Path, help=city)
    demo = say("载入演示帐号与案例（默认）", "load demonstration accounts and cases (default)")
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction, default=True, help=demo)
    parser.add_argument(
        "--verbose", action="store_true", help=say("显示各进程的输出", "show what each process says")
    )
    given = parser.parse_args(arguments)
    return Options(given.port, given.mqtt_port, given.simulator, given.city, given.demo, given.verbose)


def demo_accounts() -> list[str]:
    """Read the names of the demonstration accounts from the city's folder; none when it brings none."""
    city = default_city()
    listed = city / "access" / "demo_accounts.csv" if city else None
    if listed is None or not listed.exists():
        return []
    return [row["username"] for _, row in read_csv(listed, ("username",))]


def default_city() -> Path | None:
    """Find the city to load: `LINLI_CITY`, else the only folder in `cities/`."""
    named = os.environ.get("LINLI_CITY")
    if named:
        return Path(named)
    cities = Path(__file__).resolve().parents[3] / "cities"
    folders = [path.parent for path in cities.glob("*/city.json")]
    return folders[0] if len(folders) == 1 else None
