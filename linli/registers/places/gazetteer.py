"""Finding places by words, in memory. Pure: entries in, positions out.

Twenty thousand names are one text of a quarter of a million characters; looking through it takes less than a
millisecond, finds any part of a name, and needs no word breaking, which Chinese addresses do not have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

CANDIDATES_MAX = 3000
SHORTEST_PIECE, LONGEST_TEXT = 2, 40
KIND_ORDER = {"town": 0, "village": 1, "road": 2, "estate": 3, "building": 9}
OTHER_KIND = 4


@dataclass(frozen=True)
class Entry:
    """One name: what is shown, what it is also found by, what it is and where."""

    name: str
    name_en: str
    kind: str
    lon: float
    lat: float
    area: str = ""  # the town whose name stands before it

    @property
    def label(self) -> str:
        """What a person reads and can search again."""
        return self.name if self.kind in ("town", "city") else f"{self.area}{self.name}"


def plain(text: str) -> str:
    """Bring what is typed and what is stored to one form: half width, lower case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


class Gazetteer:
    """Names of one version of the city's data, ready to search."""

    def __init__(self, entries: Sequence[Entry], prefixes: Sequence[str]) -> None:
        self.entries = list(entries)
        texts = [f"{plain(e.name)}\t{plain(e.name_en)}" for e in self.entries]
        self._text = "\n".join(texts)
        lengths = np.array([len(t) + 1 for t in texts], np.int64)
        self._starts = np.cumsum(lengths) - lengths
        self._names = [plain(e.name) for e in self.entries]
        self._english = [plain(e.name_en) for e in self.entries]
        self._areas = [plain(e.area) for e in self.entries]
        self._prefixes = sorted((plain(p) for p in prefixes if p), key=len, reverse=True)
        self._towns = sorted({a for a in self._areas if a}, key=len, reverse=True)

    def search(self, text: str, limit: int) -> list[Entry]:
        """Return entries that contain the text, else the longest piece of it that any name contains; best first.

        Names of the province and the city before the address are dropped; a town's name before it prefers that town.
        COST: under a millisecond for a name that is there, some milliseconds for one that is not.
        """
        variants = list(self._variants(plain(text)[:LONGEST_TEXT]))
        if not variants or limit < 1:
            return []
        hits = ((wanted, town, self._containing(wanted)) for wanted, town in variants)
        wanted, town, found = next((hit for hit in hits if hit[2]), (*variants[-1], []))
        if not found:
            wanted, found = self._longest_piece(wanted)
        ranked = sorted(found, key=lambda k: self._rank(k, wanted, town))
        return [self.entries[k] for k in ranked[:limit]]

    def _variants(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (text, town before it): as typed, then without province and city, then without the town."""
        if not text:
            return
        yield text, ""
        while prefix := next((p for p in self._prefixes if text.startswith(p) and len(text) > len(p)), ""):
            text = text[len(prefix) :]
            yield text, ""
        for town in self._towns:
            if text.startswith(town) and len(text) > len(town):
                yield text[len(town) :], town

    def _containing(self, piece: str) -> list[int]:
        positions: list[int] = []
        at = self._text.find(piece)
        while at >= 0 and len(positions) < CANDIDATES_MAX:
            positions.append(at)
            at = self._text.find(piece, at + 1)
        if not positions:
            return []
        return np.unique(np.searchsorted(self._starts, positions, side="right") - 1).tolist()

    def _longest_piece(self, text: str) -> tuple[str, list[int]]:
        for length in range(len(text) - 1, SHORTEST_PIECE - 1, -1):
            for start in range(len(text) - length + 1):
                piece = text[start : start + length]
                if not piece.isdigit() and (found := self._containing(piece)):
                    return piece, found
        return text, []

    def _rank(self, k: int, wanted: str, town: str) -> tuple[bool, bool, bool, int, int, int]:
        name, english = self._names[k], self._english[k]
        kind = KIND_ORDER.get(self.entries[k].kind, OTHER_KIND)
        return (
            town != "" and self._areas[k] != town,
            wanted not in (name, english),
            not (name.startswith(wanted) or english.startswith(wanted)),
            kind,
            len(name),
            k,
        )
