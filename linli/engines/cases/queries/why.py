"""What stands behind a case's story: why this department, why this due time, and by whom in which post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from linli.engines.cases.models import CaseAssignment, CaseDeadline, CaseNote, CaseStatus
from linli.engines.cases.queries.due_words import due_sentences
from linli.registers.access.queries import post_names

WHOLE = ("expected", "handling")
"""The deadlines of the whole case; the others are of its stages."""


@dataclass(slots=True)
class Behind:
    """What was decided at one moment of a case. `due` are sentences; `post` that of the member of staff."""

    department: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    due_at: datetime | None = None
    due: list[str] = field(default_factory=list)
    post: str = ""


def behind(code: str) -> dict[datetime, Behind]:
    """Return what was decided in a case, by the moment of its story. COST: five queries, whatever its length.

    For callers that were shown the case already: `case_detail` checks that.
    """
    found: dict[datetime, Behind] = {}
    for row in CaseAssignment.objects.filter(case__code=code):
        one = found.setdefault(row.at, Behind())
        one.department, one.reason_zh, one.reason_en = row.department_code, row.reason_zh, row.reason_en
    for due in CaseDeadline.objects.filter(case__code=code, kind__in=WHOLE):
        one = found.setdefault(due.at, Behind())
        one.due_at, one.due = due.due_at, due_sentences(due.kind, due.explanation)
    acts = [
        pair
        for model in (CaseStatus, CaseNote)
        for pair in model.objects.filter(case__code=code, actor_kind="account").values_list("at", "actor_key")
    ]
    posts = post_names({key for _at, key in acts})
    for at, key in acts:
        found.setdefault(at, Behind()).post = posts.get(key, "")
    return found
