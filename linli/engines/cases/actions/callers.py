"""Who is acting: an account, a request of one, or an actor the house itself stands for."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import Case
from linli.kernel.errors import NotFound
from linli.registers.access.models import Account
from linli.registers.access.queries import actor_of, require, rows
from linli.registers.record.types import Actor

Who = Actor | Account | AnonymousUser | HttpRequest


def actor_and_caller(who: Who) -> tuple[Actor, Account | AnonymousUser | HttpRequest | None]:
    """Return the actor for the record, and whom to ask access about: None only for the house's own clocks.

    COST: one query when only the actor of an account is given, none otherwise.
    """
    if not isinstance(who, Actor):
        return actor_of(who), who
    if who.kind == "system":
        return who, None
    account = Account.objects.filter(username=who.key).first() if who.kind == "account" else None
    return who, account or AnonymousUser()


def permit(caller: Account | AnonymousUser | HttpRequest | None, permission: str) -> None:
    """ERRORS: Forbidden unless the caller may; the house itself may."""
    if caller is not None:
        require(caller, permission)


def visible_to(caller: Account | AnonymousUser | HttpRequest | None) -> QuerySet[Case]:
    """Return the cases the caller may see; the house sees all."""
    return Case.objects.all() if caller is None else rows(caller, "case", Case.objects.all())


def found(case: Case | None) -> Case:
    """ERRORS: NotFound for a case that is not there, or not to be seen: the two look the same."""
    if case is None:
        raise NotFound(
            "no_case", _("没有这件案件，或您的岗位看不到它。"), _("请检查编号；如工作需要，请联系派遣员。")
        )
    return case
