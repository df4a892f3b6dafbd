"""Log-in, log-out and failed log-in leave record entries."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from linli.registers.access.models import Account
from linli.registers.bus.actions import act
from linli.registers.record.types import Actor, Subject


def connect() -> None:
    """Connect the three handlers once. The account's `last_login` is not kept: the record has it."""
    from django.contrib.auth.models import update_last_login

    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    user_logged_in.connect(_logged_in, dispatch_uid="access.in")
    user_logged_out.connect(_logged_out, dispatch_uid="access.out")
    user_login_failed.connect(_failed, dispatch_uid="access.failed")


def _logged_in(user: Account, **_: Any) -> None:
    _enter("login", user.username)


def _logged_out(user: Account | None, **_: Any) -> None:
    if user is not None:
        _enter("logout", user.username)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed may be a password put in the wrong box: only a name we know enters the record.
    typed = str(credentials.get("username", ""))[:64]
    known = Account.objects.filter(username=typed).exists()
    # Who failed to log in is nobody yet: the account is what they tried, not who acted.
    _enter("login_failed", typed if known else "?", Actor("citizen", ""))


def _enter(action: str, username: str, actor: Actor | None = None) -> None:
    with act(actor or Actor("account", username), action, Subject("account", username)):
        pass
