"""Who acts, and on what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Whoever changes or looks at something.

    `kind` is account, citizen, device or system; `key` identifies within the kind (an account's user name, a
    case code for a reporter without an account). `name` is for display and never enters the record's leaf.
    """

    kind: str
    key: str
    name: str = ""
    post: str = ""
    department: str = ""


SYSTEM = Actor("system", "linli", "邻里")


@dataclass(frozen=True)
class Subject:
    """What an act or a look is about: a kind (case, account, dataset…) and its key."""

    kind: str
    key: str
