"""The city's tables of the engine, as frozen values: procedure, catalogue, routing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.registers.calendar.types import Unit

TONES = ("new", "active", "waiting", "danger", "done", "muted")
NEEDS = ("reason", "department", "photo", "note")
CLOCKS = ("start", "extend", "pause", "resume")
PRIORITIES = ("normal", "urgent")
SOURCES = ("web", "app", "collector", "hotline", "video", "sensor", "kiosk", "open311")


@dataclass(frozen=True, slots=True)
class State:
    """One state of a case. `public_*` is what the reporter reads; `tone` and `icon` are how it looks."""

    code: str
    name_zh: str
    name_en: str
    public_zh: str
    public_en: str
    tone: str
    icon: str
    final: bool


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the transition table.

    `needs` must be given, `asks` may be (the form offers it). `usual` is the primary button.
    `holder` says whose queue the case then lies in: a key of `ProcedureTable.holders`.
    `clock` says what the step does to the handling deadline: one of CLOCKS, or nothing.
    `by` "holder" leaves the step to the department that holds the case; else the permission alone decides.
    """

    action: str
    from_states: tuple[str, ...]
    to: str
    permission: str
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    usual: bool
    holder: str
    name_zh: str
    name_en: str
    clock: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit of a category or a stage with where it comes from."""

    amount: float
    unit: Unit
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the steps with a clock of its own. `limit` is None where the category's limit is the stage's (处置)."""

    code: str
    name_zh: str
    name_en: str
    states: tuple[str, ...]
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One row of the escalation table: at which share of a deadline who is told, and what becomes of the case.

    `share` 1 is the due time itself, 2 twice the limit. `unowned` rows are for cases nobody has taken.
    """

    id: str
    stages: tuple[str, ...]
    share: float
    unowned: bool
    tell: tuple[str, ...]
    takes_over: str
    supervise: bool
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class EscalationTarget:
    """Somebody a case climbs to. An empty `department` is whoever holds the case."""

    key: str
    department: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ProcedureTable:
    """One version of a procedure. `holders` maps a holder to a department, `$case` being the case's own.

    `stages` are by state. `delay_share` is how much of the category's limit a granted delay adds.
    `unowned_states` are those in which nobody has taken a case yet.
    """

    code: str
    version: int
    initial: str
    initial_holder: str
    clock_action: str
    holders: Mapping[str, str]
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    by_state: Mapping[str, Mapping[str, Transition]] = field(repr=False)
    stages: Mapping[str, Stage] = field(default_factory=dict, repr=False)
    delay_share: float = 1.0
    escalation: tuple[EscalationStep, ...] = field(default=(), repr=False)
    targets: Mapping[str, EscalationTarget] = field(default_factory=dict, repr=False)
    unowned_states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Category:
    """One 大类 or 小类. A 小类 without a limit of its own carries its 大类's.

    `control` is the time to make a danger safe, where the city sets one beside the limit to mend it.
    """

    code: str
    parent: str
    name_zh: str
    name_en: str
    icon: str
    limit: Limit
    control: Limit | None
    priority: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitizenChoice:
    """One choice on the report page, in plain words, and the 小类 it is registered as."""

    key: str
    category: str
    name_zh: str
    name_en: str
    icon: str


@dataclass(frozen=True, slots=True)
class CatalogueTable:
    """One version of the catalogue. `leaves` are the 小类 codes a case may have, in order."""

    code: str
    version: int
    by_code: Mapping[str, Category]
    leaves: tuple[str, ...]
    citizen: tuple[CitizenChoice, ...]


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One row of the routing table. Empty `areas` is the whole city, empty `scheme` any place.

    `department` may hold `{town}`, replaced by the nine digits of the case's town.
    """

    id: str
    categories: tuple[str, ...]
    areas: tuple[str, ...]
    scheme: str
    department: str
    reason_code: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """One version of the routing table; `by_leaf` are the rules that can concern each 小类, in order."""

    code: str
    version: int
    rules: tuple[RoutingRule, ...]
    by_leaf: Mapping[str, tuple[RoutingRule, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Routed:
    """Which department, and why."""

    department: str
    rule_id: str
    reason_code: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The three tables in force now."""

    procedure: ProcedureTable
    catalogue: CatalogueTable
    routing: RoutingTable


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in a table: where, what, how to mend it; a warning does not stop loading."""

    where: str
    what: str
    mend: str
    severity: str = "error"
