"""What the simulator remembers from one run to the next: which report comes next, and which cases are its own.

Cases of visitors are not the simulator's: it leaves them to the visitors for half an hour after each change.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict

from linli.kernel.home import Home
from simulator.scenes.photo import Scene

FILE = "simulator.json"
CASES_KEPT = 3_000


class Diary:
    """The diary of one home. `life` sets apart the submissions of one life of a city from those of another."""

    def __init__(self, home: Home | None, seed: int) -> None:
        found = (home.read_json(FILE) if home else None) or {}
        if found.get("seed") != seed:
            found = {}
        self._home, self.seed = home, seed
        self.life: str = found.get("life") or secrets.token_hex(8)
        self.next_number: int = int(found.get("next_number", 0))
        self._cases: OrderedDict[str, Scene | None] = OrderedDict(
            (code, Scene(row[0], row[1]) if row else None) for code, row in found.get("cases", {}).items()
        )

    def note(self, code: str, scene: Scene | None) -> None:
        """Note a report the house took. EFFECTS: replaces the file of the home."""
        self._cases[code] = scene
        while len(self._cases) > CASES_KEPT:
            self._cases.popitem(last=False)
        self.pass_over()

    def pass_over(self) -> None:
        """Go on to the next report."""
        self.next_number += 1
        if self._home is not None:
            cases = {
                code: [scene.trouble, scene.variant] if scene else None for code, scene in self._cases.items()
            }
            facts = {"seed": self.seed, "life": self.life, "next_number": self.next_number, "cases": cases}
            self._home.write_json(FILE, facts)

    def is_own(self, code: str) -> bool:
        return code in self._cases

    def scene_of(self, code: str) -> Scene | None:
        return self._cases.get(code)
