"""May this person take this step with this case? One answer for the buttons shown and for the action itself."""

from __future__ import annotations

from linli.engines.cases.models import Case
from linli.engines.cases.queries.visible import Caller
from linli.engines.cases.types import Transition
from linli.registers.access.queries import may, may_for


def may_take(caller: Caller, transition: Transition, case: Case) -> bool:
    """Tell whether the caller's post allows the step, and where only the holder may take it, is the holder's.

    A town officer sees every case of the town, but what lies with a bureau is the bureau's to finish.
    COST: no query once the caller's posts are known.
    """
    if transition.by == "holder":
        return may_for(caller, transition.permission, case.holder_code)
    return may(caller, transition.permission)
