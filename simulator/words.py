"""What citizens and staff say, put together from `words.json` by a seeded generator."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kind:
    """One kind of trouble: the 小类 by its name, its picture, how common it is, what people write."""

    name: str
    scene: str
    weight: float
    texts: tuple[str, ...]


@lru_cache(maxsize=1)
def book() -> Mapping[str, Any]:
    """Read `words.json` once."""
    return json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


def kinds(known: Collection[str] | None = None) -> list[Kind]:
    """Return the kinds, only those whose 小类 the city knows when `known` names them."""
    return [
        Kind(name, row["scene"], float(row["weight"]), tuple(row["texts"]))
        for name, row in book()["kinds"].items()
        if known is None or name in known
    ]


def say(rng: random.Random, kind: Kind) -> str:
    """Return what one citizen writes about this kind of trouble."""
    slots = {name: rng.choice(choices) for name, choices in book()["slots"].items()}
    return rng.choice(kind.texts).format(**slots)


def remark(rng: random.Random, of: str) -> str:
    """Return a remark of staff: handled, verified, checked, rejected, returned, rework."""
    return rng.choice(book()[of])


def judgement(rng: random.Random) -> tuple[int, str]:
    """Return how content a citizen is, 1 to 5, and in which words (often none)."""
    score = rng.choices((5, 4, 3, 2, 1), weights=(52, 28, 12, 5, 3))[0]
    return score, rng.choice(book()["rating"][str(score)]) if rng.random() < 0.6 else ""
