"""`python -m simulator`: let a demo city live. Reads the home for addresses and keys, then uses public doors only."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
from pathlib import Path

from linli.kernel.home import Home
from simulator.citizens import Citizens
from simulator.client import Desk, Door, Refused, Stopped
from simulator.crew import PASSWORD, read_crew
from simulator.diary import Diary
from simulator.house import House
from simulator.life import Life
from simulator.manifest import Manifest
from simulator.photos import Shelf
from simulator.plan import Plan
from simulator.spots import load_spots
from simulator.staff import Staff
from simulator.words import kinds

HISTORY = 200


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="simulator", description="让演示城市活起来 / let a demo city live")
    parser.add_argument("--home", type=Path, help="LINLI_HOME")
    parser.add_argument("--url", help="网页地址 / address of the web (default: of the home)")
    parser.add_argument("--city", type=Path, help="城市目录 / city folder (default: of the home)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=float, default=1.0, help="快慢 / how fast life goes (1 is the usual)")
    parser.add_argument(
        "--history", type=int, default=HISTORY, help="空城先有多少件 / how many an empty city starts with"
    )
    parser.add_argument("--once", type=int, metavar="N", help="只上报 N 件 / send N reports and end")
    parser.add_argument("--manifest", type=Path, help="把清单写到这里 / write the manifest here at the end")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Run until done or stopped; return the exit code. 0 when every report sent was taken."""
    options = arguments(given)
    if options.home:
        os.environ["LINLI_HOME"] = str(options.home)
    home = Home.current()
    stop = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: stop.set())
    manifest = Manifest()
    try:
        live(options, home, stop, manifest)
    except Stopped:
        pass
    except Refused as refused:
        print(f"simulator: {refused}", file=sys.stderr)
    text = json.dumps(manifest.as_dict(), ensure_ascii=False, indent=1)
    if options.manifest:
        options.manifest.write_text(text + "\n", encoding="utf-8")
    print(text if options.once is not None and not options.manifest else manifest.line(), flush=True)
    return 0 if manifest.sent == manifest.accepted or stop.is_set() else 1


def live(options: argparse.Namespace, home: Home, stop: threading.Event, manifest: Manifest) -> None:
    """Set everybody in place and let them live. ERRORS: Stopped; Refused when the house lets nobody in."""
    url = options.url or f"http://127.0.0.1:{home.ports().web}"
    city = options.city or city_folder(home)
    house = House(home.secret("door-key").hex())
    street = Door(url, stop)
    plan = Plan(options.seed, kinds(house.learn_categories(street)), load_spots(city))
    shelf, diary = Shelf(), Diary(home, options.seed)
    citizens = Citizens(house, street, plan, shelf, diary, manifest)
    crew = read_crew(city)
    staff = Staff(
        house=house,
        open_desk=lambda username: Desk(url, stop, username, PASSWORD),
        dispatcher=crew.dispatcher,
        handlers=crew.handlers,
        shelf=shelf,
        diary=diary,
        manifest=manifest,
        on_closed=citizens.case_closed,
        rng=random.Random(f"{options.seed} staff"),
    )
    citizens.on_opened = staff.opened
    life = Life(citizens, staff, stop, options.speed, options.seed)
    if options.once is not None:
        life.once(options.once)
        return
    missing = options.history - house.count(staff.desk(crew.dispatcher))
    if missing > 0:
        life.history(missing)
    print(manifest.line(), flush=True)
    life.live()


def city_folder(home: Home) -> Path:
    """Return the folder of the city that was loaded, else `LINLI_CITY`, else the only one in `cities/`."""
    noted = (home.read_json("city.json") or {}).get("folder") or os.environ.get("LINLI_CITY")
    if noted:
        return Path(noted)
    cities = Path(__file__).resolve().parents[1] / "cities"
    return next(path.parent for path in sorted(cities.glob("*/city.json")))


if __name__ == "__main__":
    sys.exit(main())
