"""The city's indicators, published version by version."""

from __future__ import annotations

from linli.engines.cases.models.tables import PublishedTable


class Indicators(PublishedTable):
    """One version of the indicators: what is counted, its 口径, weights and grades."""
