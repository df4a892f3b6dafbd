"""What waits for somebody: cases in whose state they may take a step, as far as they see them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from linli.engines.cases.models import Case
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.queries.visible import Caller, cases_visible
from linli.engines.cases.rules.procedure import transitions_from
from linli.engines.cases.types import ProcedureTable, Transition
from linli.registers.access.queries import held_posts, may


def held_by_department(procedure: ProcedureTable) -> frozenset[str]:
    """Return the states in which a case lies with its own department, not with a fixed one."""
    return frozenset(row.to for row in procedure.transitions if procedure.holders[row.holder] == "$case")


def usual_steps(caller: Caller) -> dict[str, Transition]:
    """Return the usual step the caller may take, by the state it leaves. COST: no query of cases."""
    return {state: row for state, rows in _steps(caller).items() for row in rows[:1] if row.usual}


def waiting_states(caller: Caller) -> tuple[str, ...]:
    """Return the states out of which the caller may take any step, in the procedure's order."""
    return tuple(_steps(caller))


def waiting(caller: Caller) -> Q:
    """Return the predicate of what waits for the caller.

    A case lying with a department waits for that department's people only; in the other states, for everybody
    who may take the step.
    """
    states = set(waiting_states(caller))
    held = held_by_department(rulebook().procedure) & states
    own = {post.department for post in held_posts(caller)}
    free = Q(closed_at__isnull=True, state__in=sorted(states - held))
    return free | Q(closed_at__isnull=True, state__in=sorted(held), holder_code__in=sorted(own))


def next_waiting(caller: Caller, code: str) -> str | None:
    """Return the code of the case that waits most urgently for the caller, apart from `code`. COST: one query."""
    found = cases_visible(caller).filter(waiting(caller)).exclude(code=code)
    return found.order_by("due_at", "id").values_list("code", flat=True).first()


def count_scopes(cases: QuerySet[Case], scopes: dict[str, Q]) -> dict[str, int]:
    """Count a list once for each scope. COST: one query; the counts are of the very rows a list would show."""
    return cases.order_by().aggregate(**{name: Count("id", filter=scope) for name, scope in scopes.items()})


def _steps(caller: Caller) -> dict[str, list[Transition]]:
    """Return the steps the caller may take, usual ones first, by the state they leave; states without are absent."""
    procedure = rulebook().procedure
    allowed = {row.permission: may(caller, row.permission) for row in procedure.transitions}
    found = {}
    for state in procedure.states:
        rows = [row for row in transitions_from(procedure, state) if allowed[row.permission]]
        if rows:
            found[state] = sorted(rows, key=lambda row: not row.usual)
    return found
