"""What the supervisor and the doctor say: Chinese first, English for whoever asks, without Django."""

from __future__ import annotations

import os


def speaks_english() -> bool:
    """Tell whether this terminal wants English: `LINLI_LANGUAGE=en`, or a locale that is English."""
    chosen = os.environ.get("LINLI_LANGUAGE")
    if chosen:
        return chosen.lower().startswith("en")
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return locale.lower().startswith("en")


def say(chinese: str, english: str) -> str:
    """Choose the sentence for this terminal."""
    return english if speaks_english() else chinese


class Trouble(RuntimeError):
    """Something the operator must mend; both sentences say what is wrong and what to do."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(say(chinese, english))
        self.chinese, self.english = chinese, english
