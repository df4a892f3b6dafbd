"""What a check of the doctor found: good, worth a note, or wrong, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from linli.config.processes.words import say


class Grade(Enum):
    """`note` needs no action today; only `wrong` makes the doctor's exit code 1."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence on one thing, and how to mend it. `check` names the check for programs."""

    check: str
    grade: Grade
    chinese: str
    english: str
    mend_chinese: str = ""
    mend_english: str = ""

    @property
    def sentence(self) -> str:
        return say(self.chinese, self.english)

    @property
    def mend(self) -> str:
        return say(self.mend_chinese, self.mend_english)


def good(check: str, chinese: str, english: str) -> Finding:
    return Finding(check, Grade.GOOD, chinese, english)


def note(check: str, chinese: str, english: str, mend_chinese: str = "", mend_english: str = "") -> Finding:
    return Finding(check, Grade.NOTE, chinese, english, mend_chinese, mend_english)


def wrong(check: str, chinese: str, english: str, mend_chinese: str, mend_english: str) -> Finding:
    return Finding(check, Grade.WRONG, chinese, english, mend_chinese, mend_english)
