"""Who may open what doors puts together. Rows and fields stay the rooms' own."""

from __future__ import annotations

from linli.registers.access.types import RoomRules

rules = RoomRules(
    kind="wall",
    rows={},
    permissions={
        "wall.read": (
            "dispatcher",
            "leader",
            "committee",
            "town",
            "community",
            "handler",
            "traffic",
            "gas",
            "callee",
            "auditor",
        ),
    },
)
