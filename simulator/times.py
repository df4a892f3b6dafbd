"""The time on the phones of this city."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from linli.kernel import clock

ZONE = ZoneInfo("Asia/Shanghai")


def now_here() -> datetime:
    """Return the present as people here read it."""
    return clock.now().astimezone(ZONE)
