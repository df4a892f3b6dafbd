"""Who may hear what: pure functions shared by the live stream, lists, tiles and exports."""

from __future__ import annotations

from collections.abc import Iterable

from linli.registers.bus.types import Grant, Labels


def admits(grants: Iterable[Grant], labels: Labels) -> bool:
    """Tell whether any of `grants` lets its holder hear an event with `labels`. COST: O(grants)."""
    return labels.public or any(fits(grant, labels) for grant in grants)


def fits(grant: Grant, labels: Labels) -> bool:
    """Tell whether one grant covers `labels`: equal kind, and every condition that is set holds."""
    return (
        grant.kind == labels.kind
        and (
            grant.area_prefix is None
            or (grant.area_prefix != "" and labels.area.startswith(grant.area_prefix))
        )
        and (grant.department is None or grant.department in labels.departments)
        and (grant.account is None or grant.account in labels.accounts)
        and (grant.subject is None or grant.subject == labels.subject)
    )
