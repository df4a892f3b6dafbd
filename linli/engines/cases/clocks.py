"""What the engine does by itself: climb with cases that are late, and follow a republished calendar."""

from __future__ import annotations

from linli.engines.cases.actions.escalate import cases_escalate
from linli.engines.cases.actions.replan import cases_replan
from linli.kernel.room import Clock

clocks = [
    Clock("cases-replan", 30, lambda: cases_replan() > 0),
    Clock("cases-escalate", 15, lambda: cases_escalate() > 0),
]
