"""What the API gives, for its documentation and checks. Apart from the endpoints for length."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

from linli.engines.cases.types import (
    CaseDetail,
    CasePage,
    CaseRow,
    Category,
    Moved,
    NearCase,
    Photo,
    PublicCase,
    StoryLine,
    TransitionOption,
)


class OpenedOut(Schema):
    code: str
    secret: str
    track_url: str


class RatingOut(Schema):
    code: str
    score: int


class ContactOut(Schema):
    name: str
    phone: str
    given: bool


class MovedOut(Schema):
    code: str
    state: str
    department: str
    holder: str
    due_at: datetime
    at: datetime

    @classmethod
    def of(cls, moved: Moved) -> dict[str, Any]:
        return {name: getattr(moved, name) for name in cls.model_fields}


class NamedOut(Schema):
    code: str
    name_zh: str
    name_en: str


class StateOut(NamedOut):
    tone: str
    icon: str
    final: bool


class CategoryOut(NamedOut):
    icon: str

    @classmethod
    def of(cls, category: Category) -> dict[str, Any]:
        return {name: getattr(category, name) for name in CategoryOut.model_fields}


class BigCategoryOut(CategoryOut):
    children: list[CategoryOut]

    @classmethod
    def of(cls, category: Category, small: list[Category] | None = None) -> dict[str, Any]:
        return CategoryOut.of(category) | {"children": [CategoryOut.of(one) for one in small or []]}


class GuessOut(Schema):
    category: CategoryOut
    words: list[str]

    @classmethod
    def of(cls, category: Category, words: tuple[str, ...]) -> dict[str, Any]:
        return {"category": CategoryOut.of(category), "words": list(words)}


class NearOut(Schema):
    category: CategoryOut
    state: StateOut
    distance_m: float
    lon: float
    lat: float
    opened_at: datetime

    @classmethod
    def of(cls, case: NearCase) -> dict[str, Any]:
        return _taken(case, cls, "category", "state") | {
            "category": CategoryOut.of(case.category),
            "state": _state(case.state),
        }


class PhotoOut(Schema):
    sha256: str
    stage: str
    at: datetime
    url: str
    thumb_url: str

    @classmethod
    def of(cls, photo: Photo) -> dict[str, Any]:
        return _taken(photo, cls)


class CaseOut(Schema):
    code: str
    state: StateOut
    category: CategoryOut
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
    supervised: bool
    paused: bool

    @classmethod
    def of(cls, row: CaseRow) -> dict[str, Any]:
        return _taken(row, CaseOut, "state", "category") | {
            "state": _state(row.state),
            "category": CategoryOut.of(row.category),
        }


class CasePageOut(Schema):
    items: list[CaseOut]
    total: int
    page: int
    pages: int
    page_size: int

    @classmethod
    def of(cls, page: CasePage) -> dict[str, Any]:
        return _taken(page, cls, "items") | {"items": [CaseOut.of(row) for row in page.rows]}


class StoryOut(Schema):
    kind: str
    at: datetime
    actor: str
    title_zh: str
    title_en: str
    text: str
    department_code: str
    state: StateOut | None
    photos: list[PhotoOut]

    @classmethod
    def of(cls, line: StoryLine) -> dict[str, Any]:
        return _taken(line, cls, "state", "photos") | {
            "state": _state(line.state) if line.state else None,
            "photos": [PhotoOut.of(photo) for photo in line.photos],
        }


class OptionOut(Schema):
    action: str
    name_zh: str
    name_en: str
    to: StateOut
    needs: list[str]
    asks: list[str]
    usual: bool

    @classmethod
    def of(cls, option: TransitionOption) -> dict[str, Any]:
        return _taken(option, cls, "to") | {"to": _state(option.to)}


class CaseDetailOut(CaseOut):
    story: list[StoryOut]
    photos: list[PhotoOut]
    contact: ContactOut
    reason_zh: str
    reason_en: str
    due_explanation: dict[str, Any]
    due_sentences: list[str]
    urban_unit: str
    dedicated: str
    procedure_version: int
    options: list[OptionOut]

    @classmethod
    def of(cls, detail: CaseDetail) -> dict[str, Any]:  # type: ignore[override]
        plain = ("reason_zh", "reason_en", "due_explanation", "urban_unit", "dedicated", "procedure_version")
        return (
            CaseOut.of(detail.row)
            | {name: getattr(detail, name) for name in plain}
            | {
                "story": [StoryOut.of(line) for line in detail.story],
                "photos": [PhotoOut.of(photo) for photo in detail.photos],
                "contact": _taken(detail.contact, ContactOut),
                "due_sentences": list(detail.due_sentences),
                "options": [OptionOut.of(option) for option in detail.options],
            }
        )


class StepOut(Schema):
    state: str
    name_zh: str
    name_en: str
    tone: str
    icon: str
    at: datetime
    note: str
    department_code: str


class PublicCaseOut(Schema):
    code: str
    state: str
    name_zh: str
    name_en: str
    tone: str
    icon: str
    category: CategoryOut
    description: str
    address: str
    lon: float
    lat: float
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    rating: int | None
    may_rate: bool
    steps: list[StepOut]
    photos: list[PhotoOut]

    @classmethod
    def of(cls, case: PublicCase) -> dict[str, Any]:
        return _taken(case, cls, "category", "steps", "photos") | {
            "category": CategoryOut.of(case.category),
            "steps": [_taken(step, StepOut) for step in case.steps],
            "photos": [PhotoOut.of(photo) for photo in case.photos],
        }


def _state(state: Any) -> dict[str, Any]:
    return {name: getattr(state, name) for name in StateOut.model_fields}


def _taken(value: Any, schema: type[Schema], *but: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in schema.model_fields if name not in but}
