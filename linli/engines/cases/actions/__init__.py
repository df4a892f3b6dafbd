"""Every write of the engine, one verb family a file."""

from linli.engines.cases.actions.escalate import cases_escalate
from linli.engines.cases.actions.notes import case_attach, case_note, case_rate, case_reporter_reveal
from linli.engines.cases.actions.open import case_open
from linli.engines.cases.actions.replan import cases_replan
from linli.engines.cases.actions.tables import table_publish
from linli.engines.cases.actions.transition import case_transition

__all__ = [
    "case_attach",
    "case_note",
    "case_open",
    "case_rate",
    "case_reporter_reveal",
    "case_transition",
    "cases_escalate",
    "cases_replan",
    "table_publish",
]
