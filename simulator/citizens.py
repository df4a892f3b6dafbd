"""Citizens: they report what is wrong, and later say what they think of the outcome."""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from simulator.client import Door, Refused
from simulator.diary import Diary
from simulator.house import House
from simulator.manifest import Manifest
from simulator.photos import Shelf
from simulator.plan import Plan, PlannedReport
from simulator.times import now_here
from simulator.words import judgement

REMEMBERED = 800
RATE_SHARE = 0.6


def _nobody_listens(_code: str) -> None:
    return None


@dataclass
class Citizens:
    """Everybody who reports in one run. `secrets` lets them rate; only the newest are remembered."""

    house: House
    door: Door
    plan: Plan
    shelf: Shelf
    diary: Diary
    manifest: Manifest

    def __post_init__(self) -> None:
        self.on_opened: Callable[[str], None] = _nobody_listens
        self.secrets: OrderedDict[str, str] = OrderedDict()
        self.to_rate: list[str] = []
        self.rng = random.Random(f"{self.plan.seed} ratings")

    @property
    def sent(self) -> int:
        return self.manifest.sent

    def report(self) -> str:
        """Send the next report and return its code.

        EFFECTS: one case, however often it must be sent; the diary moves on after the house answered.
        ERRORS: Refused, noted in the manifest; Stopped, and then the same report comes first next time.
        """
        planned = self.plan.report(self.diary.next_number)
        self.manifest.sent += 1
        submission_id = str(planned.submission_id(self.diary.life))
        try:
            opened, status = self.house.report(self.door, planned, submission_id, self._photo(planned))
        except Refused as refused:
            self.manifest.refused[refused.code or str(refused.status)] += 1
            self.diary.pass_over()
            raise
        self.manifest.note_accepted(planned.number, submission_id, opened.code, status)
        self.diary.note(opened.code, planned.scene)
        self.secrets[opened.code] = opened.secret
        while len(self.secrets) > REMEMBERED:
            self.secrets.popitem(last=False)
        self.on_opened(opened.code)
        return opened.code

    def case_closed(self, code: str) -> None:
        """Hear that a case was closed; most reporters will say what they think."""
        if code in self.secrets and self.rng.random() < RATE_SHARE and len(self.to_rate) < REMEMBERED:
            self.to_rate.append(code)

    def rate_one(self) -> None:
        """Let one reporter in six rate now, so that ratings come some time after closing."""
        if not self.to_rate or self.rng.random() > 0.17:
            return
        code = self.to_rate.pop(self.rng.randrange(len(self.to_rate)))
        secret = self.secrets.pop(code, "")
        score, words = judgement(self.rng)
        self.house.rate(self.door, code, secret, score, words)
        self.manifest.ratings += 1

    def _photo(self, planned: PlannedReport) -> bytes | None:
        if planned.scene is None:
            return None
        return self.shelf.picture(planned.scene, mended=False, at=now_here())
