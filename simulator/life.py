"""The rhythm of the city: when somebody reports, when staff take the next case, and how all stays in balance.

Stock keeps the balance: every state has a stock at which it is content; staff work where stock is largest beside it.
So as many cases are closed as are opened, whatever the speed, and after a stop of any length the rest is worked off.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel import clock
from simulator.citizens import Citizens
from simulator.client import Refused
from simulator.staff import Staff
from simulator.times import ZONE

REPORT_EVERY_S = (5.0, 8.0)
STEPS_PER_REPORT = 9
LOOK_EVERY_S = 20.0
OPEN_LIMIT = 400
# How busy each hour of the day is beside the mean: quiet nights, a morning and an evening peak.
RHYTHM = (
    *(0.55, 0.5, 0.45, 0.45, 0.5, 0.6, 0.8, 1.1, 1.3, 1.3, 1.2, 1.1),
    *(0.95, 0.9, 1.0, 1.1, 1.15, 1.2, 1.3, 1.3, 1.15, 0.95, 0.8, 0.65),
)


@dataclass(frozen=True)
class Pace:
    """How fast life goes: the mean of reports, and the stock at which staff are content (1 is the usual)."""

    report_every_s: tuple[float, float]
    stock: float
    rhythm: bool = True


# Barely above the stock that history leaves, so that cases are closed from the first minute on.
STEADY = Pace(REPORT_EVERY_S, 0.5)
# The first minute of an empty city: many reports, gently enough for two cores that other work shares.
HISTORY = Pace((0.18, 0.32), 0.45, rhythm=False)


class Life:
    """One run of the city's life, in one thread."""

    def __init__(
        self, citizens: Citizens, staff: Staff, stop: threading.Event, speed: float, seed: int
    ) -> None:
        self.citizens, self.staff, self.stop = citizens, staff, stop
        self.speed = speed
        self.rng = random.Random(f"{seed} life")
        self.began_at, self.began_s = clock.now(), time.monotonic()
        self.refused_in_a_row = 0

    def city_time(self) -> datetime:
        """Return the time of day people live by: the clock, faster by `speed` since the start."""
        passed = timedelta(seconds=(time.monotonic() - self.began_s) * self.speed)
        return (self.began_at + passed).astimezone(ZONE)

    def history(self, count: int) -> None:
        """Let `count` reports come in and be worked on, in about a minute."""
        last = self.citizens.sent + count
        self._run(HISTORY, until=lambda: self.citizens.sent >= last)

    def live(self) -> None:
        """Live until stopped."""
        self._run(STEADY, until=lambda: False)

    def once(self, count: int) -> None:
        """Send `count` reports one after the other and do nothing else."""
        for _ in range(count):
            if self.stop.is_set():
                return
            self._dare(self.citizens.report)

    def _run(self, pace: Pace, until: Callable[[], bool]) -> None:
        next_report = next_step = next_look = time.monotonic()
        step_every_s = sum(pace.report_every_s) / 2 / STEPS_PER_REPORT / self.speed
        while not self.stop.is_set() and not until():
            now = time.monotonic()
            if now >= next_look:
                self._dare(self.staff.look)
                next_look = time.monotonic() + LOOK_EVERY_S / min(self.speed, 4)
            if now >= next_report:
                if self.staff.open_cases() < OPEN_LIMIT:
                    self._dare(self.citizens.report)
                next_report = self._after(next_report, self._interval(pace))
            for _ in range(STEPS_PER_REPORT):
                if self.stop.is_set() or time.monotonic() < next_step:
                    break
                self._dare(lambda: self.staff.step(pace.stock))
                self._dare(self.citizens.rate_one)
                latest = time.monotonic() - step_every_s * STEPS_PER_REPORT
                next_step = max(next_step + step_every_s, latest)
            self.stop.wait(max(0.0, min(next_report, next_step, next_look) - time.monotonic()))

    def _interval(self, pace: Pace) -> float:
        hour = self.city_time().hour
        return self.rng.uniform(*pace.report_every_s) / self.speed / (RHYTHM[hour] if pace.rhythm else 1.0)

    def _after(self, due: float, interval: float) -> float:
        """Return when the next one is due; what a busy house delayed is not made up for in a rush."""
        return max(due + interval, time.monotonic() + interval / 2)

    def _dare(self, deed: Callable[[], object]) -> None:
        """Do it; a refusal is noted by whoever was refused, and many in a row slow everything down."""
        try:
            deed()
            self.refused_in_a_row = 0
        except Refused:
            self.refused_in_a_row += 1
            self.stop.wait(min(10.0, 0.2 * self.refused_in_a_row))
