"""What queries return: cases as those who may see them see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.engines.cases.types.tables import Category, State

SORTS: Mapping[str, tuple[str, ...]] = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "opened": ("opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
    "changed": ("changed_at", "id"),
    "-changed": ("-changed_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is asked for. Empty means no condition; `area` and `category` are code prefixes.

    `open` None is both. `holder` is the department in whose queue a case lies, `department` whose case it is.
    """

    states: tuple[str, ...] = ()
    department: str = ""
    holder: str = ""
    area: str = ""
    category: str = ""
    source: str = ""
    priority: str = ""
    overdue: bool = False
    open: bool | None = None
    q: str = ""
    sort: str = "due"
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list. `overdue` is judged at the moment of the query; final cases never are.

    `supervised` is 督办 of an open case; of a `paused` one (挂账) the clock stands, so it is not overdue.
    """

    code: str
    state: State
    category: Category
    area_code: str
    address: str
    description: str
    department_code: str
    holder_code: str
    priority: str
    source: str
    lon: float
    lat: float
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    changed_at: datetime
    overdue: bool
    rating: int | None
    supervised: bool = False
    paused: bool = False

    @property
    def town_code(self) -> str:
        """Nine digits of the town."""
        return self.area_code[:9]

    @property
    def village_code(self) -> str:
        """Twelve digits of the village or community."""
        return self.area_code[:12]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list; `total` counts exactly the rows all pages hold."""

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    page_size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a case: the step it came with, and where to fetch it and its thumbnail."""

    sha256: str
    stage: str
    at: datetime
    url: str
    thumb_url: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One entry of a case's story, newest first. `kind` is status, note, escalation, deadline or rating."""

    kind: str
    at: datetime
    actor: str
    title_zh: str
    title_en: str
    text: str = ""
    state: State | None = None
    department_code: str = ""
    photos: tuple[Photo, ...] = ()

    @property
    def name_zh(self) -> str:
        """The title, under the name that the `named` filter reads."""
        return self.title_zh

    @property
    def name_en(self) -> str:
        """The title in English, likewise."""
        return self.title_en


@dataclass(frozen=True, slots=True)
class TransitionOption:
    """One action this person may take now; `usual` is the primary one."""

    action: str
    name_zh: str
    name_en: str
    to: State
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    usual: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """The reporter as this person may see them: masked, or "" where the field is hidden or not given."""

    name: str = ""
    phone: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Everything one person may see of one case."""

    row: CaseRow
    story: tuple[StoryLine, ...]
    photos: tuple[Photo, ...]
    contact: Contact
    reason_zh: str
    reason_en: str
    due_explanation: Mapping[str, Any]
    due_sentences: tuple[str, ...]
    urban_unit: str
    dedicated: str
    procedure_version: int
    options: tuple[TransitionOption, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step as the reporter reads it: plain words, the department that then had it, no names of staff."""

    state: str
    name_zh: str
    name_en: str
    tone: str
    icon: str
    at: datetime
    note: str = ""
    department_code: str = ""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as its reporter follows it. `steps` are oldest first."""

    code: str
    state: str
    name_zh: str
    name_en: str
    tone: str
    icon: str
    category: Category
    description: str
    address: str
    lon: float
    lat: float
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    rating: int | None
    may_rate: bool
    steps: tuple[PublicStep, ...]
    photos: tuple[Photo, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NearCase:
    """An open case near a point, told to anybody: what, how far, in which state; none of its words."""

    code: str
    category: Category
    state: State
    distance_m: float
    lon: float
    lat: float
    opened_at: datetime
