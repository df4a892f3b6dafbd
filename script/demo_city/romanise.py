"""English names from Chinese ones: pinyin joined into words, and the kind of the place translated."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

FACILITIES = (
    ("党群服务中心", "Service Centre"),
    ("便民服务中心", "Citizen Service Point"),
    ("政务服务中心", "Government Service Centre"),
    ("智慧城市指挥中心", "Smart City Command Centre"),
    ("街道办事处", "Subdistrict Office"),
    ("镇人民政府", "Town Government"),
    ("市人民政府", "City Government"),
    ("市人民医院", "People's Hospital"),
    ("市中医医院", "Hospital of Chinese Medicine"),
    ("市人民法院", "People's Court"),
    ("市体育中心", "Sports Centre"),
    ("市文化中心", "Culture Centre"),
    ("汽车客运中心", "Coach Station"),
    ("社区卫生服务中心", "Community Health Centre"),
    ("中心卫生院", "Health Centre"),
    ("应急避难场所", "Emergency Shelter"),
    ("消防救援站", "Fire Station"),
    ("农贸市场", "Market"),
    ("初级中学", "Junior Middle School"),
    ("实验学校", "Experimental School"),
    ("中心小学", "Central Primary School"),
    ("小学", "Primary School"),
    ("中学", "Middle School"),
    ("幼儿园", "Kindergarten"),
    ("汽车站", "Bus Station"),
    ("加油站", "Petrol Station"),
    ("派出所", "Police Station"),
    ("小游园·微绿地", "Pocket Garden"),
    ("湿地公园", "Wetland Park"),
    ("公园", "Park"),
    ("燃气储配站", "Gas Storage Station"),
    ("燃气调压站", "Gas Pressure Station"),
    ("燃气门站", "Gas City Gate"),
    ("国际机场", "International Airport"),
    ("南站", "South Railway Station"),
    ("公厕", "Public Toilet"),
    ("站", "Stop"),
)

KINDS = (
    ("街道", "Subdistrict"),
    ("社区", "Community"),
    ("新区", "New Area"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
    ("市", ""),
    ("大道南段", "Avenue South"),
    ("大道北段", "Avenue North"),
    ("大道", "Avenue"),
    ("路南段", "Road South"),
    ("路北段", "Road North"),
    ("中路", "Road Middle"),
    ("东路", "Road East"),
    ("西路", "Road West"),
    ("南路", "Road South"),
    ("北路", "Road North"),
    ("路", "Road"),
    ("街", "Street"),
    ("巷", "Lane"),
    ("高速", "Expressway"),
    ("铁路", "Railway"),
    ("小区", "Estate"),
    ("花园", "Garden"),
    ("大院", "Compound"),
    ("江", "River"),
    ("河", "River"),
    ("湖", "Lake"),
)


COMPONENTS = {
    "上水井盖": "Water manhole cover",
    "污水井盖": "Sewer manhole cover",
    "雨水井盖": "Storm drain manhole cover",
    "雨水箅子": "Gully grating",
    "电力井盖": "Power manhole cover",
    "通信井盖": "Telecom manhole cover",
    "燃气井盖": "Gas manhole cover",
    "路灯": "Street lamp",
    "果皮箱": "Litter bin",
    "交通标志牌": "Traffic sign",
    "交通警察大队指挥中心": "Traffic Police Command Centre",
}


@lru_cache(maxsize=1)
def table() -> dict[str, str]:
    """Return the readings of the characters that occur in the city's names."""
    return json.loads((Path(__file__).parent / "pinyin.json").read_text(encoding="utf-8"))


def spell(name: str) -> str:
    """Spell a name as one word; an apostrophe parts a syllable that begins with a vowel."""
    word = ""
    for character in name:
        syllable = table().get(character, character)
        word += "'" + syllable if word and syllable[0] in "aoe" and word[-1].isalpha() else syllable
    return word[:1].upper() + word[1:]


def name_en(name: str) -> str:
    """Return the English name: what is its own in pinyin, the kind in English.

    A street's kind inside a community's name stays pinyin (建设路社区 → Jianshelu Community).
    """
    if name in COMPONENTS:
        return COMPONENTS[name]
    stem, number = re.fullmatch(r"(.*?)(\d*)", name).groups()
    if number and stem:
        return f"{name_en(stem)} {number}"
    for ending, english in FACILITIES:
        if name.endswith(ending) and len(name) > len(ending):
            return f"{_own(name[: -len(ending)])} {english}"
    return _own(name)


def _own(name: str) -> str:
    if "·" in name:
        return " / ".join(_own(part) for part in name.split("·") if part)
    for ending, english in KINDS:
        if name.endswith(ending) and len(name) > len(ending):
            return f"{spell(name[: -len(ending)])} {english}".strip()
    return spell(name)
