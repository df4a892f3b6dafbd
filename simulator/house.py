"""What one can ask of the house by its HTTP API, as the simulator needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simulator.client import Desk, Door, refusal
from simulator.plan import PlannedReport

KEY_HEADER = "X-Linli-Key"
PAGE_SIZE, PAGES_MOST = 200, 6
FINAL = frozenset({"closed", "rejected"})


@dataclass(frozen=True)
class Opened:
    """A case just opened, with the secret that lets its reporter follow and rate it."""

    code: str
    secret: str


@dataclass(frozen=True)
class Card:
    """A case as the queue shows it."""

    code: str
    state: str
    department: str
    changed_at: datetime

    @property
    def is_final(self) -> bool:
        return self.state in FINAL


@dataclass(frozen=True)
class Option:
    """Something the house lets this member of staff do with a case now."""

    action: str
    needs: tuple[str, ...]
    asks: tuple[str, ...]


class House:
    """The house behind its API. `key` is what it issues to its own programs, so that they are not counted as one
    visitor who knocks too often."""

    def __init__(self, key: str = "") -> None:
        self.headers = {KEY_HEADER: key} if key else {}
        self.categories: dict[str, str] = {}

    def learn_categories(self, door: Door) -> Mapping[str, str]:
        """Read the catalogue: name of each 小类 → code."""
        groups = door.json("GET", "/api/cases/categories")
        self.categories = {small["name_zh"]: small["code"] for big in groups for small in big["children"]}
        return self.categories

    def report(
        self, door: Door, planned: PlannedReport, submission_id: str, photo: bytes | None
    ) -> tuple[Opened, int]:
        """Send one report; return the case and 201 for a new one, 200 for one it had already. ERRORS: Refused."""
        fields = {
            "submission_id": submission_id,
            "category": self.categories[planned.kind],
            "description": planned.text,
            "lon": repr(planned.lon),
            "lat": repr(planned.lat),
            "address": planned.address,
            "phone": planned.phone,
            "source": planned.source if self.headers else "",
        }
        files = {"photos": (f"{planned.number}.jpg", photo, "image/jpeg")} if photo else None
        answer = door.ask(
            "POST",
            "/api/cases/reports",
            data={k: v for k, v in fields.items() if v},
            files=files,
            headers=self.headers,
        )
        if answer.status_code not in (200, 201):
            raise refusal(answer)
        body = answer.json()
        return Opened(body["code"], body["secret"]), answer.status_code

    def open_cases(self, desk: Desk) -> tuple[list[Card], bool]:
        """Return the open cases this desk sees, those left longest first, and whether these are all."""
        cards: list[Card] = []
        page, pages = 1, 1
        while page <= min(pages, PAGES_MOST):
            query = {"open": "1", "sort": "changed", "page": page, "page_size": PAGE_SIZE}
            found = desk.json("GET", "/api/cases", params=query)
            pages = int(found["pages"])
            cards += [_card(row) for row in found["items"]]
            page += 1
        return cards, pages <= PAGES_MOST

    def count(self, desk: Desk) -> int:
        """Return how many cases this desk sees, open or not."""
        return int(desk.json("GET", "/api/cases", params={"page_size": 1})["total"])

    def case(self, desk: Desk, code: str) -> tuple[Card, list[Option]]:
        """Return a case and what this desk may do with it now. ERRORS: Refused."""
        found = desk.json("GET", f"/api/cases/{code}")
        options = [Option(row["action"], tuple(row["needs"]), tuple(row["asks"])) for row in found["options"]]
        return _card(found), options

    def step(self, desk: Desk, card: Card, action: str, form: Mapping[str, object]) -> Card:
        """Take one step with a case; return where it then is. ERRORS: Refused."""
        moved = desk.json("POST", f"/api/cases/{card.code}/transitions", json={"action": action, **form})
        at = datetime.fromisoformat(moved["at"])
        return replace(card, state=moved["state"], department=moved["department"], changed_at=at)

    def upload(self, desk: Desk, picture: bytes) -> str:
        """Store a photo; return its hash. ERRORS: Refused."""
        stored = desk.json("POST", "/api/files", files={"file": ("result.jpg", picture, "image/jpeg")})
        return str(stored["sha256"])

    def rate(self, door: Door, code: str, secret: str, score: int, words: str) -> None:
        """Rate a closed case. ERRORS: Refused."""
        body = {"secret": secret, "score": score, "words": words}
        door.json("POST", f"/api/cases/track/{code}/rating", json=body, headers=self.headers)


def _card(row: Mapping[str, Any]) -> Card:
    changed_at = datetime.fromisoformat(row["changed_at"])
    return Card(row["code"], row["state"]["code"], row["department_code"], changed_at)
