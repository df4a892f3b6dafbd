"""Refusals: what is wrong, where, and how to mend it, in the caller's language.

Actions and queries raise them; one middleware turns them into a page, a fragment or JSON.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request the house cannot carry out. `what` and `mend` are lazily translated sentences."""

    status = 400

    def __init__(
        self, code: str, what: Any, mend: Any = "", *, field: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.what, self.mend, self.field = code, what, mend, field
        if status is not None:
            self.status = status

    def as_dict(self) -> dict[str, Any]:
        """SHAPE: {code, what, mend, field}, all text."""
        return {"code": self.code, "what": str(self.what), "mend": str(self.mend), "field": self.field}

    def __str__(self) -> str:
        return f"{self.code}: {self.what} {self.mend}".strip()


class Forbidden(Refusal):
    """The caller is known and may not."""

    status = 403


class NotFound(Refusal):
    """There is nothing here, or nothing the caller may know of."""

    status = 404


class Conflict(Refusal):
    """Somebody was faster, or the thing is in another state by now."""

    status = 409


class TooLarge(Refusal):
    """More bytes than we take."""

    status = 413


class Unprocessable(Refusal):
    """Well-formed but impossible, such as a place outside the city."""

    status = 422


class TooMany(Refusal):
    """Over the rate that one caller may use."""

    status = 429
