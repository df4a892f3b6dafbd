"""What the engine announces: `case.opened`, `.changed`, `.rated`, `.escalated`. No personal data rides on them."""

from __future__ import annotations

from typing import Any

from linli.engines.cases.models import Case
from linli.engines.cases.types import Category, State
from linli.registers.bus.types import Labels

OPENED = "case.opened"
CHANGED = "case.changed"
RATED = "case.rated"
ESCALATED = "case.escalated"


def case_data(case: Case, state: State, category: Category, action: str) -> dict[str, Any]:
    """Say what a case is now. SHAPE: plain JSON; times RFC 3339, coordinates in degrees, names in both languages."""
    return {
        "code": case.code,
        "action": action,
        "state": state.code,
        "state_name_zh": state.name_zh,
        "state_name_en": state.name_en,
        "tone": state.tone,
        "final": state.final,
        "category": category.code,
        "category_name_zh": category.name_zh,
        "category_name_en": category.name_en,
        "icon": category.icon,
        "priority": case.priority,
        "lon": case.lon,
        "lat": case.lat,
        "area": case.area_code,
        "department": case.department_code,
        "holder": case.holder_code,
        "due_at": case.due_at,
        "at": case.changed_at,
        "source": case.source,
    }


def case_labels(case: Case, *former_departments: str) -> Labels:
    """Say who may hear of a case: its area, the departments concerned (also one that just lost it), its follower."""
    departments = dict.fromkeys(
        code for code in (case.department_code, case.holder_code, *former_departments) if code
    )
    return Labels(kind="case", area=case.area_code, departments=tuple(departments), subject=case.code)
