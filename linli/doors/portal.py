"""The city's front page: report, follow, and what the city did lately. It links to nothing that does not exist."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.engines.cases.forms import TrackForm
from linli.engines.cases.queries.open_to_all import PublicFigures, public_figures
from linli.engines.cases.views.public import map_config
from linli.kernel.errors import Refusal
from linli.ui.times import span_words

FIGURES_KEPT_S = 15


@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Show the front page. COST: two queries a quarter of a minute in each process."""
    found = figures()
    context: dict[str, Any] = {
        "figures": found,
        "median": span_words(found.median.total_seconds()) if found and found.median else "",
        "track_form": TrackForm(auto_id="portal_%s"),
        "map_config": map_config(),
        "is_demo": settings.LINLI_DEMO,
    }
    return render(request, "doors/portal.html", context)


def figures() -> PublicFigures | None:
    """Return the public figures, at most a quarter of a minute old; None before the city's tables are loaded."""
    try:
        return cache.get_or_set("portal-figures", public_figures, FIGURES_KEPT_S)
    except Refusal:
        return None
