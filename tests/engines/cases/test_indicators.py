"""Indicators: the grammar, honest denominators, totals that hold, and one real month."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.cases.actions import table_publish
from linli.engines.cases.models import Case, CaseStatus
from linli.engines.cases.queries.indicators import (
    Scope,
    indicators,
    rows_behind,
    rows_count,
    shares,
    this_period,
    today,
    total,
)
from linli.engines.cases.rules import indicators as rules
from linli.engines.cases.rules.periods import period_after, period_before, period_of
from linli.engines.cases.types.indicators import PARTS, PERIODS, Share
from linli.kernel import clock
from linli.registers.record.types import SYSTEM
from tests.cast import Cast
from tests.conftest import writing
from tests.engines.cases.conftest import table

DATA = table("indicators")
ACTIONS = {row["action"] for row in table("procedure_urban")["transitions"]}
TOWNS = ("510185001", "510185002", "510185102")
DEPARTMENTS = ("urban-management", "water", "housing")
# 2016-12 began in the city at 16:00 UTC of the day before.
DECEMBER = datetime(2016, 11, 30, 16, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def figures(city: None) -> Any:
    """The city's indicators, published."""
    table_publish(SYSTEM, "indicators", DATA)
    return indicators()


def put(
    opened_at: datetime,
    due_at: datetime,
    closed_at: datetime | None = None,
    *,
    state: str = "",
    town: str = TOWNS[0],
    village: str = "002",
    department: str = DEPARTMENTS[0],
    steps: tuple[tuple[str, datetime], ...] = (),
    rating: int | None = None,
) -> Case:
    """Put a case as history left it: no action can open one in the past."""
    with writing():
        case = Case.objects.create(
            code=f"T{uuid4().hex[:12]}",
            family="urban",
            category_code="event.0102",
            procedure_version=1,
            catalogue_version=1,
            routing_version=1,
            state=state or ("closed" if closed_at else "in_handling"),
            area_code=f"{town}{village}001",
            lon=104.5,
            lat=30.4,
            x_m=0,
            y_m=0,
            department_code=department,
            priority="normal",
            source="web",
            opened_at=opened_at,
            due_at=due_at,
            closed_at=closed_at,
            changed_at=closed_at or opened_at,
            submission_id=uuid4(),
            submission_hash=b"",
            secret_hash=b"",
            rating=rating,
            status_id=0,
            location_id=0,
            assignment_id=0,
            deadline_id=0,
        )
        for action, at in sorted(steps, key=lambda step: step[1]):
            CaseStatus.objects.create(
                case=case,
                at=at,
                actor_kind="system",
                actor_key="",
                action=action,
                state="",
                department_code=department,
            )
    return case


def city_share(caller: Any, figures: Any, code: str, period: Any) -> Share:
    return shares(caller, figures, period, only=[code])[""][code]


def test_the_citys_own_indicators_are_sound() -> None:
    assert rules.flaws(DATA, ACTIONS) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (
            lambda data: data["indicators"][0].update(denominator="handlings"),
            "indicators[0] closed_in_time_rate",
        ),
        (lambda data: data["indicators"][0].update(denominator="rated"), "indicators[0] closed_in_time_rate"),
        (lambda data: data["indicators"][0].update(numerator="due"), "indicators[0] closed_in_time_rate"),
        (lambda data: data["indicators"][1].update(numerator="moon"), "indicators[1] closed_rate"),
        (
            lambda data: data["indicators"][1].update(code="closed_in_time_rate"),
            "indicators[1] closed_in_time_rate",
        ),
        (lambda data: data["indicators"][2].pop("basis_zh"), "indicators[2] filed_rate"),
        (lambda data: data["indicators"][2].update(basis_en=""), "indicators[2] filed_rate"),
        (lambda data: data["indicators"][3].update(parameters={}), "indicators[3] responded_rate"),
        (lambda data: data["indicators"][2].update(parameters={"x_min": 3}), "indicators[2] filed_rate"),
        (lambda data: data["indicators"][2].update(certainty="sure"), "indicators[2] filed_rate"),
        (lambda data: data["steps"].update(file=["fly"]), "steps.file"),
        (lambda data: data["steps"].pop("finish"), "steps.finish"),
        (lambda data: data["scoring"]["weights"].update(closed_rate=19), "scoring.weights"),
        (lambda data: data["scoring"]["weights"].update(moon=1), "scoring.weights.moon"),
        (lambda data: data["scoring"]["grades"].pop(), "scoring.grades"),
        (lambda data: data.pop("scoring"), ""),
    ],
)
def test_a_flaw_names_its_place_and_how_to_mend_it(change: Callable[[Any], Any], where: str) -> None:
    data = copy.deepcopy(DATA)
    change(data)
    found = rules.flaws(data, ACTIONS)
    assert where in [flaw.where for flaw in found]
    assert all(flaw.what and flaw.mend for flaw in found)


def test_grains_are_never_mixed_and_every_numerator_is_a_part_of_its_denominator() -> None:
    for row in DATA["indicators"]:
        chain = rules.parts_from_root(row["numerator"])
        assert row["denominator"] in chain[:-1]
        assert len({rules.MEASURES[part].grain for part in chain}) == 1


@given(st.sampled_from(PERIODS), st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_periods_follow_each_other_without_gap(kind: str, day: date) -> None:
    period = period_of(kind, day)
    assert period.begins_on <= day < period.ends_on
    assert period_before(period).ends_on == period.begins_on
    assert period_after(period).begins_on == period.ends_on
    assert period_before(period_after(period)) == period


@given(st.dictionaries(st.sampled_from(list(DATA["scoring"]["weights"])), st.integers(0, 50)))
def test_a_score_stays_between_0_and_100_and_says_what_it_left_out(numerators: dict[str, int]) -> None:
    figures = rules.indicator_table(DATA, 1)
    given_shares = {code: Share(count, 50) for code, count in numerators.items()}
    scored = rules.score(figures.scoring, figures.indicators, given_shares)
    if scored is None:
        assert not numerators
        return
    assert -1e-9 <= scored.score <= 100 + 1e-9
    assert set(scored.left_out) == set(figures.scoring.weights) - set(numerators)


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "优秀"), (90, "优秀"), (89.9, "良好"), (70, "合格"), (0, "不合格")]
)
def test_grades_begin_at_90_85_and_70(score: float, grade: str) -> None:
    figures = rules.indicator_table(DATA, 1)
    share = Share(int(score * 10), 1000)
    only = rules.Scoring({"filed_rate": 100}, figures.scoring.grades, "", "", "", "")
    scored = rules.score(only, figures.indicators, {"filed_rate": share})
    assert scored and scored.grade.name_zh == grade


def tianmen() -> None:
    """The month of 天门, 2016-12: received 1054, filed 996; due 972, closed 911, of them in time 737."""
    chance = random.Random(12)

    def at(day: float) -> datetime:
        return DECEMBER + DAY * day

    def where() -> dict[str, str]:
        return {"town": chance.choice(TOWNS), "department": chance.choice(DEPARTMENTS)}

    for number in range(1054):
        opened = at(chance.uniform(0, 24))
        if number < 58:
            put(opened, opened + 3 * DAY, opened + DAY, state="rejected", **where())
        elif number < 58 + 737:
            put(opened, opened + 3 * DAY, opened + chance.uniform(0.1, 3) * DAY, **where())
        elif number < 58 + 737 + 150:
            put(opened, opened + 3 * DAY, opened + chance.uniform(3.1, 6.9) * DAY, **where())
        elif number < 58 + 737 + 150 + 45:
            put(opened, opened + 3 * DAY, **where())
        else:
            # Filed in December, due in January.
            put(opened, at(35), at(33), **where())
    # Overdue since November: 24 closed in December, 16 still open. Closed in November: not of this month.
    for number in range(40):
        put(at(-20), at(-10), at(chance.uniform(0, 30)) if number < 24 else None, **where())
    for _number in range(30):
        put(at(-20), at(-10), at(-5), **where())


def test_a_real_month_comes_out_as_it_was_published(figures: Any, cast: Cast) -> None:
    tianmen()
    december = period_of("month", date(2016, 12, 20))
    found = shares(cast.dispatcher, figures, december)[""]
    assert found["filed_rate"] == Share(996, 1054)
    assert found["closed_rate"] == Share(911, 972)
    assert found["closed_in_time_rate"] == Share(737, 972)
    assert [f"{found[code].percent:.2f}" for code in ("closed_rate", "closed_in_time_rate")] == [
        "93.72",
        "75.82",
    ]
    by_town = shares(cast.dispatcher, figures, december, by="town")
    assert set(by_town) == set(TOWNS)
    for code, share in found.items():
        assert total(by_town, code) == share


def test_overdue_open_cases_stay_in_the_denominator_until_they_are_closed(figures: Any, cast: Cast) -> None:
    put(DECEMBER, DECEMBER + DAY)
    for month, expected in ((12, Share(0, 1)), (1, Share(0, 1)), (2, Share(0, 1))):
        period = period_of("month", date(2016 if month == 12 else 2017, month, 1))
        assert city_share(cast.dispatcher, figures, "closed_in_time_rate", period) == expected
    november = period_of("month", date(2016, 11, 30))
    assert city_share(cast.dispatcher, figures, "closed_in_time_rate", november) == Share(0, 0)


def test_a_case_whose_clock_stands_still_is_not_due(figures: Any, cast: Cast) -> None:
    december = period_of("month", date(2016, 12, 1))
    case = put(DECEMBER, DECEMBER + DAY)
    with writing():
        Case.objects.filter(pk=case.pk).update(paused_at=DECEMBER + DAY / 2)
    assert city_share(cast.dispatcher, figures, "closed_rate", december) == Share(0, 0)


def test_a_case_closed_after_the_period_was_not_closed_in_it(figures: Any, cast: Cast) -> None:
    put(DECEMBER, DECEMBER + DAY, DECEMBER + 40 * DAY)
    december, january = (period_of("month", day) for day in (date(2016, 12, 1), date(2017, 1, 1)))
    assert city_share(cast.dispatcher, figures, "closed_rate", december) == Share(0, 1)
    assert city_share(cast.dispatcher, figures, "closed_rate", january) == Share(1, 1)
    assert city_share(cast.dispatcher, figures, "closed_in_time_rate", january) == Share(0, 1)


def test_what_is_not_due_yet_does_not_count(frozen: datetime, figures: Any, cast: Cast) -> None:
    put(frozen - DAY, frozen + timedelta(minutes=1))
    month = this_period("month")
    assert city_share(cast.dispatcher, figures, "closed_in_time_rate", month) == Share(0, 0)
    with clock.frozen(frozen + timedelta(minutes=2)):
        assert city_share(cast.dispatcher, figures, "closed_in_time_rate", month) == Share(0, 1)


def test_today_is_the_citys_calendar_day(frozen: datetime, figures: Any, cast: Cast) -> None:
    # 00:30 in the city on the 10th; still the 9th in UTC.
    with clock.frozen(datetime(2026, 3, 9, 16, 30, tzinfo=UTC)):
        assert today() == date(2026, 3, 10)
        put(datetime(2026, 3, 9, 15, 59, tzinfo=UTC), clock.now() + DAY)
        put(datetime(2026, 3, 9, 16, 1, tzinfo=UTC), clock.now() + DAY)
        assert city_share(cast.dispatcher, figures, "filed_rate", this_period("day")) == Share(1, 1)
        yesterday = period_before(this_period("day"))
        assert city_share(cast.dispatcher, figures, "filed_rate", yesterday) == Share(1, 1)


def test_steps_count_once_each(figures: Any, cast: Cast) -> None:
    def after(hours: float) -> datetime:
        return DECEMBER + timedelta(hours=hours)

    put(
        DECEMBER,
        after(20),
        after(9),
        rating=5,
        steps=(
            ("accept", after(0.2)),
            ("file", after(1)),
            ("dispatch", after(1.2)),
            ("return", after(2)),
            ("dispatch", after(3)),
            ("finish", after(5)),
            ("check_fail", after(6)),
            ("grant_delay", after(6.5)),
            ("finish", after(7)),
            ("close", after(9)),
        ),
    )
    put(
        DECEMBER,
        after(2),
        after(9),
        rating=2,
        steps=(("accept", after(0.6)), ("file", after(1)), ("dispatch", after(2)), ("finish", after(4))),
    )
    found = shares(cast.dispatcher, figures, period_of("month", date(2016, 12, 1)))[""]
    assert {code: (one.numerator, one.denominator) for code, one in found.items()} == {
        "closed_in_time_rate": (1, 2),
        "closed_rate": (2, 2),
        "filed_rate": (2, 2),
        "responded_rate": (1, 2),
        "dispatched_in_time_rate": (1, 2),
        "dispatch_kept_rate": (2, 3),
        "handled_in_time_rate": (1, 2),
        "rework_rate": (1, 3),
        "returned_rate": (1, 3),
        "delayed_rate": (1, 2),
        "suspended_rate": (0, 2),
        "overdue_days_rate": (0, 0),
        "satisfied_rate": (1, 2),
    }


def test_open_days_count_a_case_at_the_end_of_each_day_it_was_open(figures: Any, cast: Cast) -> None:
    # Opened at noon of the 1st, due in the evening of the 2nd, closed at noon of the 5th: open at the end of the
    # 1st to the 4th, overdue at the end of the 2nd to the 4th.
    put(DECEMBER + DAY / 2, DECEMBER + 1.8 * DAY, DECEMBER + 4.5 * DAY)
    december = period_of("month", date(2016, 12, 1))
    assert city_share(cast.dispatcher, figures, "overdue_days_rate", december) == Share(3, 4)
    days = [period_of("day", date(2016, 12, day)) for day in range(1, 8)]
    each = [city_share(cast.dispatcher, figures, "overdue_days_rate", day) for day in days]
    assert [(one.numerator, one.denominator) for one in each] == [
        (0, 1), (1, 1), (1, 1), (1, 1), (0, 0), (0, 0), (0, 0),
    ]  # fmt: skip


def test_a_town_sees_its_own_figures_only(figures: Any, cast: Cast) -> None:
    put(DECEMBER, DECEMBER + DAY, town="510185001", steps=(("dispatch", DECEMBER + DAY),))
    put(DECEMBER, DECEMBER + DAY, town="510185002", steps=(("dispatch", DECEMBER + DAY),))
    december = period_of("month", date(2016, 12, 1))
    assert city_share(cast.dispatcher, figures, "closed_rate", december).denominator == 2
    assert city_share(cast.dispatcher, figures, "dispatch_kept_rate", december).denominator == 2
    for caller in (cast.grid, cast.stranger):
        expected = 1 if caller is cast.grid else 0
        assert city_share(caller, figures, "closed_rate", december).denominator == expected
        assert city_share(caller, figures, "dispatch_kept_rate", december).denominator == expected


MOMENTS = st.integers(-40 * 24, 50 * 24).map(lambda hours: DECEMBER + timedelta(hours=hours, minutes=7))
LATER = st.one_of(st.none(), st.integers(0, 60 * 24))
STEP = st.tuples(
    st.sampled_from(
        ["accept", "file", "dispatch", "return", "finish", "check_fail", "grant_delay", "suspend"]
    ),
    st.integers(0, 30 * 24),
)
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "opened_at": MOMENTS,
            "due_h": st.integers(1, 30 * 24),
            "closed_h": LATER,
            "state": st.sampled_from(["", "", "", "rejected", "registered"]),
            "town": st.sampled_from(TOWNS),
            "village": st.sampled_from(["001", "002"]),
            "department": st.sampled_from(DEPARTMENTS),
            "steps": st.lists(STEP, max_size=8),
            "rating": st.one_of(st.none(), st.integers(1, 5)),
        }
    ),
    max_size=12,
)


@pytest.fixture
def emptied(figures: Any) -> Iterator[Callable[[], None]]:
    """A hand that takes away the cases of the example before."""

    def empty() -> None:
        with writing():
            CaseStatus.objects.all().delete()
            Case.objects.all().delete()

    yield empty


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CASES, st.sampled_from(PERIODS), st.integers(0, 45))
def test_totals_hold_over_every_partition_and_the_rows_behind_are_the_figure(
    figures: Any, emptied: Callable[[], None], cast: Cast, cases: list[Any], kind: str, day: int
) -> None:
    emptied()
    for one in (SimpleNamespace(**case) for case in cases):
        final = one.state != "registered" and one.closed_h is not None
        state = one.state if one.state != "rejected" or final else ""
        put(
            one.opened_at,
            one.opened_at + timedelta(hours=one.due_h),
            one.opened_at + timedelta(hours=one.closed_h) if final else None,
            state=state,
            town=one.town,
            village=one.village,
            department=one.department,
            steps=tuple((action, one.opened_at + timedelta(hours=hours)) for action, hours in one.steps),
            rating=one.rating if final else None,
        )
    period = period_of(kind, date(2016, 12, 1) + timedelta(days=day))
    whole = shares(cast.dispatcher, figures, period)[""]
    for by in ("town", "village", "department"):
        parts = shares(cast.dispatcher, figures, period, by=by)
        for code, share in whole.items():
            assert total(parts, code) == share, (by, code)
    for code, share in whole.items():
        assert 0 <= share.numerator <= share.denominator
        indicator = figures.indicators[code]
        counts = {
            part: rows_count(rows_behind(cast.dispatcher, figures, indicator, part, period, Scope()))
            for part in PARTS
        }
        assert counts == {
            "numerator": share.numerator,
            "denominator": share.denominator,
            "rest": share.denominator - share.numerator,
        }, code
