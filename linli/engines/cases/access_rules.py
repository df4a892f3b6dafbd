"""Who sees which cases, and who may do what with them. What is not named here is denied."""

from __future__ import annotations

from linli.registers.access.types import RoomRules

READERS = (
    "grid",
    "community",
    "town",
    "committee",
    "callee",
    "dispatcher",
    "handler",
    "contractor",
    "traffic",
    "gas",
    "leader",
    "auditor",
)
HANDLERS = ("handler", "contractor", "town", "traffic", "gas")
COLLECTORS = ("grid", "community", "dispatcher")

rules = RoomRules(
    kind="case",
    rows={
        "grid": "area",
        "community": "area",
        "town": "area_or_department",
        "committee": "all",
        "callee": "all",
        "dispatcher": "all",
        "handler": "department",
        "contractor": "department",
        "traffic": "department",
        "gas": "department",
        "leader": "all",
        "auditor": "all",
    },
    permissions={
        "case.read": READERS,
        "case.export": ("dispatcher", "committee", "leader"),
        "case.figures": ("dispatcher", "committee", "leader", "auditor", "town"),
        "case.note": (
            "grid",
            "community",
            "town",
            "callee",
            "dispatcher",
            "handler",
            "contractor",
            "traffic",
            "gas",
            "leader",
        ),
        "case.reveal": ("dispatcher", "callee"),
        "case.accept": ("dispatcher",),
        "case.verify": COLLECTORS,
        "case.file": ("dispatcher",),
        "case.reject": ("dispatcher",),
        "case.dispatch": ("dispatcher",),
        "case.return": HANDLERS,
        "case.finish": HANDLERS,
        "case.check": COLLECTORS,
        "case.close": ("dispatcher",),
        "case.delay": HANDLERS,
        "case.delay_decide": ("dispatcher",),
        "case.suspend": ("dispatcher",),
    },
    fields={
        "reporter_name": {"dispatcher": "mask", "callee": "mask", "handler": "mask", "*": "hide"},
        "reporter_phone": {"dispatcher": "mask", "callee": "mask", "handler": "mask", "*": "hide"},
    },
)
