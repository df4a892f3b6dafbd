"""Who may read the photos of cases: staff who may see a case that names them."""

from __future__ import annotations

from django.http import HttpRequest

from linli.engines.cases.models import CaseAttachment
from linli.engines.cases.queries.visible import cases_visible


def may_read(request: HttpRequest, sha256: str) -> bool:
    """Tell whether the caller may see any case this photo belongs to. COST: at most two indexed queries."""
    if not request.user.is_authenticated:
        return False
    cases = CaseAttachment.objects.filter(sha256=sha256).values("case_id")
    return cases_visible(request).filter(id__in=cases).exists()
