"""What was sent and what the house answered, so that sent and accepted can be compared."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

KEPT = 2_000


@dataclass
class Manifest:
    """Counts since the start, and the last reports one by one."""

    sent: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    steps_refused: Counter[str] = field(default_factory=Counter)
    ratings: int = 0
    reports: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def note_accepted(self, number: int, submission_id: str, code: str, status: int) -> None:
        """Note a report the house took: 201 for a new case, 200 for one it had already."""
        self.accepted += 1
        self.repeated += status == 200
        self.reports.append({"number": number, "submission_id": submission_id, "code": code})

    def as_dict(self) -> dict[str, Any]:
        """SHAPE: counts, refusals by code, steps by action, the last reports in the order of acceptance."""
        return {
            "sent": self.sent,
            "accepted": self.accepted,
            "repeated": self.repeated,
            "refused": dict(self.refused),
            "steps": dict(self.steps),
            "steps_refused": dict(self.steps_refused),
            "ratings": self.ratings,
            "reports": list(self.reports),
        }

    def line(self) -> str:
        """Return the counts alone, on one line."""
        counts = {key: value for key, value in self.as_dict().items() if key != "reports"}
        return json.dumps(counts, ensure_ascii=False)
