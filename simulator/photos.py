"""The pictures people send: few thousand different ones, so that a city of weeks does not fill its disk.

A picture is the same bytes for four hours: the house stores a content once, however many cases show it.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from simulator.scenes.photo import Scene, jpeg, paint

VARIANTS = 8
BLOCK_HOURS = 4
KEPT = 24


class Shelf:
    """Draws pictures when they are wanted and keeps the last few."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[tuple[Scene, bool, datetime], bytes] = OrderedDict()

    def picture(self, scene: Scene, *, mended: bool, at: datetime) -> bytes:
        """Return the JPEG of a scene as taken in the four hours around `at` (aware, local)."""
        taken_at = at.replace(hour=at.hour - at.hour % BLOCK_HOURS, minute=0, second=0, microsecond=0)
        key = (scene, mended, taken_at)
        if key not in self._pictures:
            self._pictures[key] = jpeg(paint(scene, mended=mended), taken_at)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        return self._pictures[key]
