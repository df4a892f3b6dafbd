"""Indicators: what is counted, over which grain, and what it was for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

GRAINS = ("case", "transition", "open_day")
PERIODS = ("day", "week", "month", "quarter", "year")
PARTS = ("numerator", "denominator", "rest")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be counted. `of` is the measure it is a part of, "" for the whole of its kind.

    `grain` is what one row is: a case, a step of a case, or a case open at the end of a day.
    `parameter` names the number an indicator must give with it, "" for none.
    """

    code: str
    grain: str
    of: str
    parameter: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the city: a share of rows of one grain. `basis_*` is its 口径, `better` is high or low.

    `parameters` are the numbers its measures need: minutes, or a rating.
    """

    code: str
    name_zh: str
    name_en: str
    numerator: str
    denominator: str
    better: str
    parameters: Mapping[str, int]
    basis_zh: str
    basis_en: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the score it begins at."""

    from_score: float
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """How indicators make a score of 0 to 100: weights by indicator, grades from the best."""

    weights: Mapping[str, float]
    grades: tuple[Grade, ...]
    basis_zh: str
    basis_en: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """One version of the indicators. `steps` says which actions of the procedure are a step of the measures."""

    code: str
    version: int
    steps: Mapping[str, tuple[str, ...]]
    indicators: Mapping[str, Indicator]
    scoring: Scoring


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the city's calendar, half-open: from `begins_on` up to, not including, `ends_on`."""

    kind: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator and its denominator, both counts of rows, so never outside 0 to 100 %."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """Return the share in percent; None when there is nothing to share."""
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its grade; `left_out` are the indicators without a figure, whose weight the others carry."""

    score: float
    grade: Grade
    left_out: tuple[str, ...]
