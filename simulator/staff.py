"""Staff: they look at the queue, take the next case where work piles up most, and do what the house lets them do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from linli.kernel import clock
from simulator.client import Desk, Refused
from simulator.diary import Diary
from simulator.house import Card, House, Option
from simulator.manifest import Manifest
from simulator.photos import Shelf
from simulator.scenes.photo import Scene
from simulator.times import now_here
from simulator.words import remark

# The stock of each state at which staff are content, at the usual pace of reports.
STOCK: Mapping[str, float] = {
    "registered": 14,
    "to_verify": 12,
    "to_file": 8,
    "to_dispatch": 10,
    "returned": 3,
    "in_handling": 120,
    "rework": 6,
    "to_check": 16,
    "to_close": 9,
}
# What is done in each state and how often; what the house does not offer is left out.
HABITS: Mapping[str, Mapping[str, float]] = {
    "registered": {"accept": 97, "reject": 3},
    "to_verify": {"verify": 96, "reject": 4},
    "to_file": {"file": 99, "reject": 1},
    "to_dispatch": {"dispatch": 1},
    "returned": {"dispatch": 1},
    "in_handling": {"finish": 95, "return": 5},
    "rework": {"finish": 1},
    "to_check": {"check_pass": 94, "check_fail": 6},
    "to_close": {"close": 1},
}
REMARKS: Mapping[str, str] = {
    "verify": "verified",
    "reject": "rejected",
    "finish": "handled",
    "return": "returned",
    "check_pass": "checked",
    "check_fail": "rework",
}
VISITORS_TIME = timedelta(minutes=30)
# One case in this many is left lying, so that the wall also shows what it is for: cases overdue.
LEFT_LYING_ONE_IN = 29
LEFT_LYING_FOR = timedelta(hours=5)
FIRST_IN_QUEUE = 8
HANDLED_PHOTO_SHARE = 0.9


@dataclass
class Staff:
    """All staff of one run. `open_desk` logs a user in; `handlers` gives the user of each department."""

    house: House
    open_desk: Callable[[str], Desk]
    dispatcher: str
    handlers: Mapping[str, str]
    shelf: Shelf
    diary: Diary
    manifest: Manifest
    on_closed: Callable[[str], None]
    rng: random.Random
    cards: dict[str, Card] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    options: dict[tuple[str, str], list[Option]] = field(default_factory=dict)

    def open_cases(self) -> int:
        """Return how many of our own cases were open at the last look, changed by what was done since."""
        return sum(self.diary.is_own(code) for code in self.cards)

    def look(self) -> None:
        """Read the queue of open cases. COST: one request for 200 of them, six at most.

        Beyond that, our own that are not among them are taken to be as we left them.
        """
        found, is_all = self.house.open_cases(self.desk(self.dispatcher))
        own = {} if is_all else {code: card for code, card in self.cards.items() if self.diary.is_own(code)}
        self.cards = own | {card.code: card for card in found}

    def opened(self, code: str) -> None:
        """Hear of a case that was just reported, without looking."""
        self.cards[code] = Card(code, "registered", "", clock.now())

    def step(self, stock: float = 1.0) -> str:
        """Do the next piece of work; return its action, "" when everybody is content.

        ERRORS: Refused, noted in the manifest; the case is then looked at again with the next look.
        """
        card = self._next_card(stock)
        if card is None:
            return ""
        desk = self.desk(self._who(card))
        action = ""
        try:
            option = self._choose(card, self._options(desk, card))
            if option is None:
                self.cards.pop(card.code, None)
                return ""
            action = option.action
            moved = self.house.step(desk, card, action, self._form(desk, card, option))
        except Refused as refused:
            self.options.pop((desk.username, card.state), None)
            self.manifest.steps_refused[refused.code or str(refused.status)] += 1
            self.cards.pop(card.code, None)
            raise
        self._note(card.code, action, moved)
        return action

    def desk(self, username: str) -> Desk:
        """Return the desk of a user, logged in when first needed."""
        if username not in self.desks:
            self.desks[username] = self.open_desk(username)
        return self.desks[username]

    def _next_card(self, stock: float) -> Card | None:
        """Pick one of the oldest cases of the state that is fullest beside its stock."""
        waiting: Counter[str] = Counter(card.state for card in self.cards.values())
        excess = {state: waiting[state] / (limit * stock) for state, limit in STOCK.items() if waiting[state]}
        full = [state for state, share in excess.items() if share > 1.0]
        if not full:
            return None
        state = self.rng.choices(full, weights=[excess[one] ** 2 for one in full])[0]
        now = clock.now()
        ready = [card for card in self.cards.values() if card.state == state and self._is_ours(card, now)]
        ready.sort(key=lambda card: card.changed_at)
        return self.rng.choice(ready[:FIRST_IN_QUEUE]) if ready else None

    def _is_ours(self, card: Card, now: datetime) -> bool:
        """Leave visitors' cases to the visitors, and let some of our own lie."""
        if not self.diary.is_own(card.code):
            return now - card.changed_at > VISITORS_TIME
        lies = crc32(card.code.encode()) % LEFT_LYING_ONE_IN == 0 and card.state in {
            "registered",
            "in_handling",
        }
        return not lies or now - card.changed_at > LEFT_LYING_FOR

    def _who(self, card: Card) -> str:
        if card.state in {"in_handling", "rework"}:
            return self.handlers.get(card.department, self.dispatcher)
        return self.dispatcher

    def _options(self, desk: Desk, card: Card) -> list[Option]:
        """Ask the house what this desk may do in the case's state; it answers the same until it refuses."""
        key = (desk.username, card.state)
        if key not in self.options:
            fresh, options = self.house.case(desk, card.code)
            if fresh.state != card.state:
                return []
            self.options[key] = options
        return self.options[key]

    def _choose(self, card: Card, options: list[Option]) -> Option | None:
        habits = HABITS.get(card.state, {})
        known = [option for option in options if option.action in habits]
        if not known:
            return None
        return self.rng.choices(known, weights=[habits[option.action] for option in known])[0]

    def _form(self, desk: Desk, card: Card, option: Option) -> dict[str, object]:
        """Fill in what the action needs, and some of what it asks for."""
        words = remark(self.rng, REMARKS[option.action]) if option.action in REMARKS else ""
        form: dict[str, object] = {}
        if "reason" in option.needs:
            form["reason"] = words
        elif words and {"note"} & {*option.needs, *option.asks}:
            form["note"] = words
        if "department" in option.needs:
            form["department"] = self._department(card)
        if option.action == "finish" and self.rng.random() < HANDLED_PHOTO_SHARE:
            scene = self.diary.scene_of(card.code) or Scene("rubbish", crc32(card.code.encode()) % 8)
            picture = self.shelf.picture(scene, mended=True, at=now_here())
            form["photos"] = [self.house.upload(desk, picture)]
        return form

    def _department(self, card: Card) -> str:
        """Dispatch to the department the house proposes, or to the general one where nobody is at work."""
        if card.state != "returned" and card.department in self.handlers:
            return card.department
        others = sorted(set(self.handlers) - {card.department})
        general = [code for code in others if code == "urban-management"]
        return (general or others)[0]

    def _note(self, code: str, action: str, moved: Card) -> None:
        self.manifest.steps[action] += 1
        if moved.is_final:
            self.cards.pop(code, None)
            if action == "close":
                self.on_closed(code)
        else:
            self.cards[code] = moved
