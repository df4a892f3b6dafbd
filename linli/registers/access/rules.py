"""From posts and room rules to grants: pure functions, the one place where reach is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.registers.access.types import RoomRules, Sight
from linli.registers.bus.types import Grant


@dataclass(frozen=True)
class HeldPost:
    """A post somebody holds today."""

    code: str
    name_zh: str
    name_en: str
    role: str
    department: str
    area_codes: tuple[str, ...]


def grants_of(posts: Iterable[HeldPost], rules: RoomRules, account_key: str) -> tuple[Grant, ...]:
    """Return what a holder of `posts` may see of `rules.kind`; empty means nothing.

    Several posts add up. "area" of a post without areas reaches nothing: no area is never every area.
    """
    found: dict[Grant, None] = {}
    kind = rules.kind
    for post in posts:
        reach = rules.rows.get(post.role, "none")
        if reach == "all":
            return (Grant(kind),)
        if reach in ("area", "area_or_department"):
            found.update(dict.fromkeys(Grant(kind, area_prefix=code) for code in post.area_codes if code))
        if reach in ("department", "area_or_department"):
            found[Grant(kind, department=post.department)] = None
        if reach == "own":
            found[Grant(kind, account=account_key)] = None
    return tuple(found)


def permitted(posts: Iterable[HeldPost], rules: Iterable[RoomRules], permission: str) -> bool:
    """Tell whether any post's role is named for `permission`."""
    roles = {post.role for post in posts}
    return any(roles.intersection(rule.permissions.get(permission, ())) for rule in rules)


def sight_of(posts: Iterable[HeldPost], rules: RoomRules, field: str) -> Sight:
    """Return how a field is seen: the widest sight of any post; a field no rule names is shown."""
    if field not in rules.fields:
        return "show"
    by_role: Mapping[str, Sight] = rules.fields[field]
    order: tuple[Sight, ...] = ("hide", "mask", "show")
    best = max((order.index(by_role.get(p.role, by_role.get("*", "hide"))) for p in posts), default=0)
    return order[best]
