"""Every write of this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from linli.registers.access.models import Account, AreaMember, Department, Holding, Post, Role
from linli.registers.bus.actions import act
from linli.registers.bus.types import Labels
from linli.registers.record.types import SYSTEM, Actor, Subject


def organisation_load(version: str, rows: dict[str, Sequence[dict[str, Any]]]) -> None:
    """Load departments, roles and posts of a city folder.

    EFFECTS: inserts or updates by code, removes nothing; one record entry for the data set.
    """
    with act(SYSTEM, "organisation_load", Subject("dataset", f"access:{version[:12]}")) as deed:
        tables: tuple[tuple[Any, str], ...] = ((Department, "departments"), (Role, "roles"), (Post, "posts"))
        for model, name in tables:
            model.objects.bulk_create(
                [model(**row) for row in rows[name]],
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=[f.name for f in model._meta.concrete_fields if not f.primary_key],
            )
            deed.payload[name] = len(rows[name])


def account_create(
    actor: Actor, username: str, password: str, *, name_zh: str, name_en: str, kind: str, posts: Sequence[str]
) -> Account:
    """Create an account with its posts from today on. EFFECTS: account, holdings, one entry, `access.changed`.

    ERRORS: django.db.IntegrityError when the user name is taken.
    """
    with act(actor, "account_create", Subject("account", username), payload={"posts": list(posts)}) as deed:
        account = Account.objects.create_user(username, password, name_zh=name_zh, name_en=name_en, kind=kind)
        today = deed.at.date()
        Holding.objects.bulk_create([Holding(account=account, post_id=code, from_on=today) for code in posts])
        _tell_change(deed, username)
    return account


def password_rehash(account: Account, password: str) -> None:
    """Keep the same password under the hash of today. EFFECTS: the account's hash, one entry."""
    with act(SYSTEM, "password_rehash", Subject("account", account.username)):
        account.set_password(password)
        account.save(update_fields=["password"])


def holding_end(actor: Actor, username: str, post_code: str, on: date, reason: str) -> None:
    """End a holding as of `on`. EFFECTS: open live streams of the account are closed (`access.revoked`)."""
    with act(actor, "holding_end", Subject("account", username), reason=reason) as deed:
        Holding.objects.filter(account__username=username, post_id=post_code, to_on__isnull=True).update(
            to_on=on
        )
        _tell_change(deed, username)


def account_deactivate(actor: Actor, username: str, reason: str) -> None:
    """Stop an account from logging in. EFFECTS: its live streams are closed."""
    with act(actor, "account_deactivate", Subject("account", username), reason=reason) as deed:
        Account.objects.filter(username=username).update(is_active=False)
        _tell_change(deed, username)


def area_members_replace(actor: Actor, area: str, codes: Sequence[str]) -> None:
    """Set the codes a named area consists of (called by places when divisions are loaded)."""
    with act(actor, "area_members_replace", Subject("area", area), payload={"codes": len(codes)}):
        AreaMember.objects.filter(area=area).delete()
        AreaMember.objects.bulk_create([AreaMember(area=area, code=code) for code in codes])


def _tell_change(deed: Any, username: str) -> None:
    deed.tell("access.revoked", {"account": username}, Labels(kind="access", accounts=(username,)))
