"""What an event says, and to whom it may be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from linli.registers.record.types import Subject


@dataclass(frozen=True)
class Labels:
    """The audience of an event, set in the action that tells it.

    `kind` is the class of thing (case, access…), `area` a code of which prefixes are areas, `departments`
    and `accounts` who is concerned, `public` whether anybody may hear it. Never personal data.
    """

    kind: str
    area: str = ""
    departments: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    subject: str = ""
    public: bool = False

    def as_dict(self) -> dict[str, Any]:
        """SHAPE: {kind, area, departments, accounts, subject, public}."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Labels:
        """Read what `as_dict` wrote."""
        return cls(
            kind=data["kind"],
            area=data.get("area", ""),
            departments=tuple(data.get("departments", ())),
            accounts=tuple(data.get("accounts", ())),
            subject=data.get("subject", ""),
            public=bool(data.get("public", False)),
        )


@dataclass(frozen=True)
class Grant:
    """One thing somebody may see: all of a kind, or what fits every condition that is not None."""

    kind: str
    area_prefix: str | None = None
    department: str | None = None
    account: str | None = None
    subject: str | None = None


@dataclass(frozen=True)
class Told:
    """An event as it lies in the outbox."""

    event: str
    key: str
    data: dict[str, Any]
    labels: Labels


@dataclass(frozen=True)
class Event:
    """An event as a consumer or a browser receives it. `seq` is its place in the stream."""

    id: str
    seq: int
    event: str
    at: datetime
    subject: Subject
    labels: Labels
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Consumer:
    """A room's ear: `handle` runs in one transaction with the inbox rows, so it takes effect exactly once.

    It is handed one or more events in the order of the stream, each only once.
    `events` are names or patterns of NATS (`case.*`). `handle` must do all its writes through the database.
    """

    name: str
    events: tuple[str, ...]
    handle: Callable[[Sequence[Event]], None]
