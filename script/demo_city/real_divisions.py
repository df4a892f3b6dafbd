"""Make `divisions.csv` of the city from the public tables named in cities/jianyang/README.md.

    python -m script.demo_city.real_divisions FOLDER_OF_TABLES > cities/jianyang/places/divisions.csv

Codes, names, kinds and town centres are facts carried over as they stand. What this file adds: English names,
the day the lists change over, successors of equal name inside the same town's succession, and who manages a town.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from linli.kernel.coordinates import gcj_to_wgs
from script.demo_city.romanise import name_en

OLD_FROM, CHANGED_ON = "2016-05-01", "2019-12-01"
EAST_ZONE, EAST_ZONE_FROM = "成都东部新区", "2020-05-06"
EAST_ZONE_TOWNS = re.findall(r"\d{3}", "009 010 011 012 013 014 015 016 017 122 126 127 128 131 132")
OLD_SOURCE, NEW_SOURCE = "Vonng/adcode 2020 (CC-BY-4.0)", "china-division 2.7.0 (MIT)"
MISPLACED = (
    "510185214",
)  # 灵仙乡: the public point lies beyond two other towns from the one that took it over
BY_HAND = {("510185004", "510185008")}
COLUMNS = re.findall(
    r"\w+",
    "code valid_from valid_to level name_zh name_en parent_code successor_codes governed_by governed_from "
    "governed_to urban_rural_class lon lat source",
)


@dataclass
class Row:
    code: str
    name: str
    parent: str
    kind: str = ""
    lon: str = ""
    lat: str = ""


def clean(name: str) -> str:
    """Drop the word for the committee or the office from a unit's official name."""
    name = re.sub(r"(街道)办事处$", r"\1", name)
    name = re.sub(r"社区(居民委员会|居委会)?$", "社区", name)
    name = re.sub(r"村?(村民委员会|村委会)$", "村", name)
    return re.sub(r"(居民委员会|居委会)$", "社区", name)


def core(name: str) -> str:
    """Return the part of a village's name that stays when a village becomes a community."""
    short = re.sub(r"(社区|村)$", "", name)
    return re.sub(r"村$", "", short) if len(short) > 2 else short


def read_old(path: Path) -> tuple[list[Row], list[Row]]:
    towns, villages = [], []
    for record in csv.reader(path.open(encoding="utf-8")):
        code, name, kind = record[0], clean(record[2]), record[8]
        lon = lat = ""
        if record[12] and code[:9] not in MISPLACED:
            x, y = gcj_to_wgs(float(record[12]), float(record[13]))
            lon, lat = f"{float(x):.6f}", f"{float(y):.6f}"
        if record[3] == "town":
            towns.append(Row(code[:9], name, code[:6], "", lon, lat))
        elif record[3] == "village":
            villages.append(Row(code, name, code[:9], kind, lon, lat))
    return towns, villages


def read_new(folder: Path) -> tuple[list[Row], list[Row]]:
    towns: dict[str, Row] = {}
    villages = []
    for record in csv.DictReader((folder / "jianyang_510185_villages.csv").open(encoding="utf-8")):
        town = record["street_code"]
        towns.setdefault(town, Row(town, record["street_name"], town[:6]))
        villages.append(Row(record["village_code12"], clean(record["village_name"]), town))
    return list(towns.values()), villages


def succession(old: list[Row], new: list[Row]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return (old village → new codes, old town → new towns) by equal names.

    A name counts only where at least four villages of the old town went to the same new town, or most did:
    common names (红旗, 平泉 …) recur all over the county.
    """
    by_core = defaultdict(list)
    for row in new:
        by_core[core(row.name)].append(row)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in old:
        for match in by_core[core(row.name)]:
            votes[row.parent][match.parent] += 1
    towns = {
        town: [
            t
            for t, n in count.most_common()
            if n >= 4 or t == count.most_common(1)[0][0] or (town, t) in BY_HAND
        ]
        for town, count in votes.items()
    }
    villages = {}
    for row in old:
        matches = [m for m in by_core[core(row.name)] if m.parent in towns[row.parent]]
        exact = [m for m in matches if m.name == row.name]
        villages[row.code] = [m.code for m in (exact or matches)[:1]]
    return villages, towns


def main(folder: Path) -> None:
    old_towns, old_villages = read_old(folder / "jianyang_divisions_2019_villages.csv")
    new_towns, new_villages = read_new(folder)
    village_heirs, town_heirs = succession(old_villages, new_villages)
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n", restval="")
    out.writeheader()
    city = {
        "level": "city",
        "name_zh": "简阳市",
        "name_en": "Jianyang",
        "valid_from": OLD_FROM,
        "code": "510185",
    }
    out.writerow({**city, "parent_code": "510100", "lon": "104.5444", "lat": "30.4136", "source": OLD_SOURCE})
    for level, rows, heirs in (("town", old_towns, town_heirs), ("village", old_villages, village_heirs)):
        for row in rows:
            shared = {"valid_from": OLD_FROM, "valid_to": CHANGED_ON, "source": OLD_SOURCE, "level": level}
            out.writerow({**shared, **plain(row), "successor_codes": " ".join(heirs[row.code])})
    for row in new_towns:
        seat = seat_of(row, old_towns, town_heirs)
        governed = row.code[6:] in EAST_ZONE_TOWNS
        managed = {"governed_by": EAST_ZONE, "governed_from": EAST_ZONE_FROM} if governed else {}
        place = {"lon": seat.lon, "lat": seat.lat} if seat else {}
        shared = {"valid_from": CHANGED_ON, "level": "town", "source": NEW_SOURCE}
        out.writerow({**shared, **plain(row), **managed, **place})
    for row in new_villages:
        out.writerow({"valid_from": CHANGED_ON, "level": "village", "source": NEW_SOURCE, **plain(row)})


def seat_of(town: Row, old_towns: list[Row], heirs: dict[str, list[str]]) -> Row | None:
    """Return the old town whose seat a new town keeps: the one of its name, else its only predecessor.

    Names alone mislead: 新市街道 is not the heir of 新市镇 (that is 杨家镇) but of 十里坝街道.
    """
    before = [row for row in old_towns if town.code in heirs[row.code]]
    same_name = [row for row in before if clean_town(row.name) == clean_town(town.name)]
    found = same_name or (before if len(before) == 1 else [])
    return found[0] if found and found[0].lon else None


def clean_town(name: str) -> str:
    """Drop the kind of a town unit from its name."""
    return re.sub(r"(街道|镇|乡)$", "", name)


def plain(row: Row) -> dict[str, str]:
    fields = {"code": row.code, "name_zh": row.name, "name_en": name_en(row.name), "parent_code": row.parent}
    return {**fields, "urban_rural_class": row.kind, "lon": row.lon, "lat": row.lat}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
