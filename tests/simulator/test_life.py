"""Life in the house of cards: nothing lost, nothing doubled, and in balance for as long as one likes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from linli.kernel import clock
from linli.kernel.home import Home
from simulator.client import Refused, Stopped
from simulator.life import OPEN_LIMIT, STEPS_PER_REPORT, Life
from simulator.staff import STOCK
from tests.simulator.conftest import Town


def busy(status: int, times: int, headers: dict[str, str] | None = None):
    """Answer the first `times` reports with a status, then let them through."""
    left = [times]

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/api/cases/reports" and left[0]:
            left[0] -= 1
            return httpx.Response(status, headers=headers)
        return None

    return answer


def test_what_was_sent_was_accepted(town: Town) -> None:
    for _ in range(30):
        town.citizens.report()
    assert town.manifest.sent == town.manifest.accepted == len(town.fake.cases) == 30
    assert [row["code"] for row in town.manifest.reports] == list(town.fake.cases)


def test_a_lost_answer_is_asked_for_again_and_makes_no_second_case(town: Town) -> None:
    lost = iter([True, True, False] * 20)

    def lose(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/cases/reports" and next(lost):
            raise httpx.ReadError("gone")
        return answer

    town.fake.after = lose
    for _ in range(20):
        town.citizens.report()
    assert town.manifest.accepted == len(town.fake.cases) == 20
    assert town.manifest.repeated == 20


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_house_is_tried_again(town: Town, status: int) -> None:
    town.fake.before = busy(status, 3)
    town.citizens.report()
    assert town.manifest.accepted == 1
    assert town.street.waited == 3


def test_the_house_says_how_long_to_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(town.stop, "wait", lambda seconds: waits.append(seconds))
    town.fake.before = busy(429, 1, {"Retry-After": "4"})
    town.citizens.report()
    assert waits == [4.0]


def test_a_refused_report_is_counted_and_the_next_one_follows(town: Town) -> None:
    town.fake.before = busy(422, 1)
    with pytest.raises(Refused):
        town.citizens.report()
    town.citizens.report()
    assert (town.manifest.sent, town.manifest.accepted, dict(town.manifest.refused)) == (2, 1, {"422": 1})


def test_stopping_while_it_waits_ends_at_once_and_the_report_comes_first_next_time(
    town: Town, home: Home
) -> None:
    def stop(request: httpx.Request) -> httpx.Response:
        town.stop.set()
        return httpx.Response(503)

    town.fake.before = stop
    with pytest.raises(Stopped):
        town.citizens.report()
    town.fake.before = lambda request: None
    assert Town(home, house=town.fake).diary.next_number == 0


def test_the_next_run_goes_on_where_the_last_ended(town: Town, home: Home) -> None:
    codes = [town.citizens.report() for _ in range(5)]
    again = Town(home, house=town.fake)
    assert again.diary.next_number == 5
    assert all(again.diary.is_own(code) for code in codes)
    again.citizens.report()
    assert len(town.fake.cases) == 6


def test_the_city_stays_in_balance(town: Town) -> None:
    most = 0
    for _ in range(500):
        town.citizens.report()
        for _step in range(STEPS_PER_REPORT):
            town.staff.step()
            town.citizens.rate_one()
        most = max(most, town.staff.open_cases())
    assert most < sum(STOCK.values()) * 1.35 < OPEN_LIMIT
    states = Counter(case["state"] for case in town.fake.cases.values())
    assert states["closed"] > 200
    assert states["rejected"] > 5
    assert set(STOCK) <= set(states) | {"returned", "rework"}
    assert {"return", "check_fail", "finish", "close"} <= set(town.manifest.steps)
    assert not town.manifest.steps_refused
    assert town.manifest.ratings == len(town.fake.ratings) > 80


def test_visitors_cases_are_left_to_them_for_half_an_hour(town: Town) -> None:
    for _ in range(60):
        town.citizens.report()
    visitors = [f"C{n:05d}" for n in range(60)]
    town.diary._cases.clear()
    town.staff.look()
    assert all(not town.staff.step(stock=0.01) for _ in range(20))
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert town.staff.step(stock=0.01)
    assert sum(town.fake.cases[code]["state"] != "registered" for code in visitors) == 1


def test_a_lost_session_is_opened_again(town: Town) -> None:
    town.citizens.report()
    town.staff.look()
    town.fake.logged_in.clear()
    town.staff.look()
    assert town.fake.asked["POST /login"] == 2


def test_a_history_fills_an_empty_city_and_ends(town: Town) -> None:
    life = Life(town.citizens, town.staff, town.stop, speed=400.0, seed=7)
    life.history(220)
    states = Counter(case["state"] for case in town.fake.cases.values())
    assert town.manifest.accepted == 220
    assert states["closed"] > 20
    assert len(states) >= 6


def test_once_sends_the_given_number_and_nothing_else(town: Town) -> None:
    Life(town.citizens, town.staff, town.stop, speed=1.0, seed=7).once(12)
    assert len(town.fake.cases) == 12
    assert not town.manifest.steps
