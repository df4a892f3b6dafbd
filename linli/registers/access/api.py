"""How a program or a page proves who asks: the session at the API, a signed token at the live stream."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from ninja.security import SessionAuth

from linli.kernel.home import Home
from linli.registers.bus import tokens
from linli.registers.bus.types import Grant


class AccountAuth(SessionAuth):
    """Accept a logged-in account."""

    def authenticate(self, request: HttpRequest, key: str | None) -> object | None:
        """Return the account, or None for a stranger."""
        return request.user if request.user.is_authenticated else None


api_auth = AccountAuth(csrf=True)


def token_response(request: HttpRequest, account: str, grants: Iterable[Grant]) -> JsonResponse:
    """Return a token for `grants` with the stream's address and its expiry (RFC 3339)."""
    at = time.time()
    token = tokens.issue(Home.current().secret("live"), account, grants, at)
    expires_at = datetime.fromtimestamp(at + tokens.LIFETIME_S, UTC).isoformat()
    return JsonResponse({"token": token, "url": live_url(request), "expires_at": expires_at})


def live_url(request: HttpRequest) -> str:
    """Return where this browser finds the live stream: the configured address, else port N+1 of its own host."""
    if settings.LINLI_LIVE_URL:
        return str(settings.LINLI_LIVE_URL)
    host = request.get_host().rsplit(":", 1)[0]
    return f"{request.scheme}://{host}:{Home.current().ports().live}/live"
