"""The nouns of the engine. Only the room's own actions write them."""

from linli.engines.cases.models.case import Case
from linli.engines.cases.models.facts import (
    CaseAssignment,
    CaseAttachment,
    CaseDeadline,
    CaseEscalation,
    CaseLocation,
    CaseNote,
    CaseRating,
    CaseReporter,
    CaseStatus,
)
from linli.engines.cases.models.indicators import Indicators
from linli.engines.cases.models.tables import Catalogue, Procedure, PublishedTable, Routing
from linli.engines.cases.models.tallies import CaseDay

__all__ = [
    "Case",
    "CaseAssignment",
    "CaseAttachment",
    "CaseDay",
    "CaseDeadline",
    "CaseEscalation",
    "CaseLocation",
    "CaseNote",
    "CaseRating",
    "CaseReporter",
    "CaseStatus",
    "Catalogue",
    "Indicators",
    "Procedure",
    "PublishedTable",
    "Routing",
]
