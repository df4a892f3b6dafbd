"""The fixed small cast of every test. All of them are invented; 戴爷爷 is the resident of the project's story.

Codes are those of the demonstration city, so a test may load that city on top without a clash.
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.registers.access.actions import account_create, organisation_load
from linli.registers.access.models import Account
from linli.registers.record.types import SYSTEM

PASSWORD = "a-password-of-the-tests"

DEPARTMENTS = (
    ("command", "智慧城市指挥中心", "Smart City Command Centre", "centre"),
    ("urban-management", "综合行政执法局(城管)", "Urban Management Bureau", "bureau"),
    ("water", "水务局", "Water Bureau", "bureau"),
    ("town-510185001", "简城街道办事处", "Jiancheng Subdistrict Office", "town"),
)
ROLES = (
    ("grid", "网格员", "Grid worker"),
    ("dispatcher", "派遣员", "Dispatcher"),
    ("handler", "部门处置员", "Department handler"),
    ("leader", "领导", "Leader"),
    ("auditor", "审计员", "Auditor"),
)
POSTS = (
    ("grid-001001001", "网格员岗", "Grid worker post", "town-510185001", "grid", ["510185001002"]),
    ("dispatcher-1", "指挥中心派遣岗", "Dispatcher post", "command", "dispatcher", []),
    ("handler-um-1", "城管处置岗", "Urban management handler", "urban-management", "handler", []),
    ("handler-water-1", "水务处置岗", "Water handler", "water", "handler", []),
    ("leader-1", "市领导", "City leader", "command", "leader", []),
    ("auditor-1", "审计岗", "Audit post", "command", "auditor", []),
)
# attribute of Cast → (user name, name, English name, kind, posts)
PEOPLE: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "resident": ("resident", "戴爷爷", "Grandpa Dai", "citizen", ()),
    "grid": ("grid", "吴小河", "Wu Xiaohe", "staff", ("grid-001001001",)),
    "dispatcher": ("dispatcher", "林晚晴", "Lin Wanqing", "staff", ("dispatcher-1",)),
    "handler": ("handler", "陈大川", "Chen Dachuan", "staff", ("handler-um-1",)),
    "other_handler": ("handler-water", "江一平", "Jiang Yiping", "staff", ("handler-water-1",)),
    "leader": ("leader", "方致远", "Fang Zhiyuan", "staff", ("leader-1",)),
    "auditor": ("auditor", "严明", "Yan Ming", "staff", ("auditor-1",)),
    "stranger": ("stranger", "无岗", "Nobody Atall", "staff", ()),
}


@dataclass(frozen=True)
class Cast:
    """Who plays. `stranger` has an account and no post; `other_handler` works for another department."""

    resident: Account
    grid: Account
    dispatcher: Account
    handler: Account
    other_handler: Account
    leader: Account
    auditor: Account
    stranger: Account


def organisation_rows() -> dict[str, list[dict[str, object]]]:
    """Give departments, roles and posts in the form `organisation_load` takes."""
    return {
        "departments": [
            {"code": code, "name_zh": zh, "name_en": en, "kind": kind, "parent_code": ""}
            for code, zh, en, kind in DEPARTMENTS
        ],
        "roles": [{"code": code, "name_zh": zh, "name_en": en} for code, zh, en in ROLES],
        "posts": [
            {
                "code": code,
                "name_zh": zh,
                "name_en": en,
                "department_id": department,
                "role_id": role,
                "area_codes": areas,
            }
            for code, zh, en, department, role, areas in POSTS
        ],
    }


def assemble() -> Cast:
    """Create the organisation and the cast in the database, through the actions everybody uses."""
    organisation_load("tests", organisation_rows())
    return Cast(
        **{
            part: account_create(SYSTEM, username, PASSWORD, name_zh=zh, name_en=en, kind=kind, posts=posts)
            for part, (username, zh, en, kind, posts) in PEOPLE.items()
        }
    )
