"""Rules a room declares about its things: who sees which rows and fields, who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Reach = Literal["all", "area", "department", "area_or_department", "own", "none"]
Sight = Literal["show", "mask", "hide"]


@dataclass(frozen=True)
class RoomRules:
    """The access rules of one kind of thing. What is not named is denied.

    `rows`: role → how far it sees. `permissions`: permission → roles. `fields`: field → role → sight; the
    role "*" is every role not named.
    """

    kind: str
    rows: Mapping[str, Reach]
    permissions: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Mapping[str, Sight]] = field(default_factory=dict)


@dataclass(frozen=True)
class DepartmentRow:
    """A department as others see it."""

    code: str
    kind: str
    name_zh: str
    name_en: str
