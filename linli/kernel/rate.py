"""Token buckets: how often one caller may knock. In this process only; nothing is shared, so nothing can block."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

KEPT_CALLERS = 50_000


class RateLimit:
    """So many calls at once, refilled evenly. With several web processes a caller has one bucket in each.

    UNITS: `refill_per_s` calls a second, `burst` calls. Memory is bounded: the callers longest silent are forgotten,
    which only fills their buckets again.
    """

    def __init__(
        self,
        burst: int,
        refill_per_s: float,
        clock: Callable[[], float] = time.monotonic,
        kept: int = KEPT_CALLERS,
    ) -> None:
        if burst < 1 or refill_per_s <= 0:
            raise ValueError("a rate limit lets something through")
        self.burst, self.refill_per_s, self.kept = burst, refill_per_s, kept
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> float:
        """Take one call of `caller`: 0.0 when it may go on, else how many seconds to wait. COST: O(1)."""
        now_s = self._clock()
        with self._lock:
            left, at_s = self._buckets.pop(caller, (float(self.burst), now_s))
            left = min(self.burst, left + (now_s - at_s) * self.refill_per_s)
            allowed = left >= 1.0
            self._buckets[caller] = (left - 1.0 if allowed else left, now_s)
            while len(self._buckets) > self.kept:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - left) / self.refill_per_s

    def forget(self) -> None:
        """Fill every bucket (between tests)."""
        with self._lock:
            self._buckets.clear()
