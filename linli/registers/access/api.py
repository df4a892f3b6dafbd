"""Authentication of API callers: the session of a logged-in account, with the CSRF token on writes."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import SessionAuth


class AccountAuth(SessionAuth):
    """Accept a logged-in account."""

    def authenticate(self, request: HttpRequest, key: str | None) -> object | None:
        """Return the account, or None for a stranger."""
        return request.user if request.user.is_authenticated else None


api_auth = AccountAuth(csrf=True)
