"""How often anybody may knock at the public doors. Apart from the endpoints, because pages knock at the same doors."""

from __future__ import annotations

import hmac
from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import TooMany
from linli.kernel.home import Home
from linli.kernel.rate import RateLimit

KEY_HEADER = "X-Linli-Key"
REPORTS = RateLimit(burst=20, refill_per_s=1 / 3)
LOOKUPS = RateLimit(burst=40, refill_per_s=1.0)
QUESTIONS = RateLimit(burst=80, refill_per_s=4.0)


def admit(request: HttpRequest, door: RateLimit) -> None:
    """Let a call through or refuse it: counted per account, else per address; an issued key is not counted.

    ERRORS: TooMany with how long to wait.
    """
    if holds_key(request):
        return
    wait_s = door.take(_caller(request))
    if wait_s:
        raise TooMany(
            "too_many",
            _("提交得太频繁。"),
            _("请等 %(seconds)s 秒再试；紧急情况请直接拨打 12345 或 110、119。")
            % {"seconds": int(wait_s) + 1},
        )


def holds_key(request: HttpRequest) -> bool:
    """Tell whether a call carries the key this home issues to its own programs. Compares in constant time."""
    given = request.headers.get(KEY_HEADER, "")
    return bool(given) and hmac.compare_digest(given.encode(), _door_key())


def _caller(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"account {request.user.get_username()}"
    return f"address {_network(request.META.get('REMOTE_ADDR', ''))}"


def _network(address: str) -> str:
    """A household shares one IPv6 network of 64 bits; an IPv4 address counts as itself."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else address


@lru_cache(maxsize=1)
def _door_key() -> bytes:
    return Home.current().secret("door-key").hex().encode()
