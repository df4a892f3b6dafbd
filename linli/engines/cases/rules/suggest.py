"""Guess the category of a text by the catalogue's keywords: plain, explainable, no model."""

from __future__ import annotations

from dataclasses import dataclass

from linli.engines.cases.types import CatalogueTable

CITIZEN_BONUS = 0.5


@dataclass(frozen=True, slots=True)
class Guess:
    """One suggested 小类; `words` are the keywords found in the text."""

    category: str
    score: float
    words: tuple[str, ...]


def guesses(catalogue: CatalogueTable, text: str, limit: int = 3) -> list[Guess]:
    """Rank the 小类 whose keywords occur in `text`, best first.

    A keyword counts by its length, once, and not inside a longer keyword of the same category; the choices
    citizens are offered win ties. COST: O(keywords · text).
    """
    folded = text.casefold()
    offered = {choice.category for choice in catalogue.citizen}
    found = []
    for code in catalogue.leaves:
        words = [word for word in catalogue.by_code[code].keywords if word.casefold() in folded]
        words = [word for word in words if not any(word != other and word in other for other in words)]
        if words:
            score = sum(len(word) for word in words) + (CITIZEN_BONUS if code in offered else 0)
            found.append(Guess(code, score, tuple(words)))
    return sorted(found, key=lambda guess: (-guess.score, guess.category))[:limit]
