"""Rows, permissions and actors, on a real table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from linli.kernel import clock
from linli.registers.access import queries
from linli.registers.access.actions import account_deactivate, holding_end
from linli.registers.access.models import Account
from linli.registers.access.types import RoomRules
from linli.registers.bus.rules import admits
from linli.registers.bus.types import Grant
from linli.registers.record.types import SYSTEM
from tests.conftest import writing
from tests.registers.access import sightings
from tests.registers.bus.test_rules import codes, grants, names

RULES = RoomRules(
    kind="case",
    rows={"grid": "area", "dispatcher": "all", "handler": "department", "leader": "all", "auditor": "none"},
    permissions={"case.read": ("grid", "dispatcher", "handler", "leader"), "case.dispatch": ("dispatcher",)},
    fields={"phone": {"dispatcher": "mask", "*": "hide"}},
)


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "room_rules", lambda: {"case": RULES})


def seen(caller: object) -> set[str]:
    return {row.code for row in queries.rows(caller, "case", sightings.Sighting.objects.all())}


@pytest.fixture
def stage(cast) -> object:
    with sightings.table() as model, writing():
        model.objects.bulk_create(
            [
                model(code="hole", area_code="510185001002001", department_code="urban-management"),
                model(code="pipe", area_code="510185001002001", department_code="water"),
                model(code="far", area_code="510185002001001", department_code="water"),
                model(code="nowhere", area_code="", department_code=""),
            ]
        )
    return cast


def test_everybody_sees_their_own_rows_and_no_others(stage):
    assert seen(stage.dispatcher) == {"hole", "pipe", "far", "nowhere"}
    assert seen(stage.grid) == {"hole", "pipe"}
    assert seen(stage.handler) == {"hole"}
    assert seen(stage.other_handler) == {"pipe", "far"}
    for nobody in (stage.auditor, stage.stranger, stage.resident, AnonymousUser()):
        assert seen(nobody) == set()


def test_a_kind_without_rules_shows_nothing(stage):
    everything = sightings.Sighting.objects.all()
    assert list(queries.rows(stage.dispatcher, "alarm", everything)) == []


def test_the_filter_costs_no_query_of_its_own(stage, django_assert_num_queries):
    queries.held_posts(stage.handler)
    with django_assert_num_queries(1):
        list(queries.rows(stage.handler, "case", sightings.Sighting.objects.all()))


class TestRowsAndStreamAgree(TestCase):
    """The list and the live stream must never disagree about what somebody may see."""

    rows = st.builds(
        dict,
        area_code=codes,
        department_code=st.just("") | names,
        account_key=st.just("") | names,
        code=st.just("") | names,
    )

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
    @given(st.lists(grants, max_size=4), st.lists(rows, max_size=6))
    def test_the_same_grants_admit_the_same_rows(self, held: list[Grant], made: list[dict[str, str]]):
        with sightings.table() as model, writing():
            model.objects.bulk_create([model(**row) for row in made])
        mine = tuple(grant for grant in held if grant.kind == "case")
        predicate = queries.grants_q(mine, "area_code", "department_code", "account_key", "code")
        by_database = set(model.objects.filter(predicate).values_list("id", flat=True))
        by_stream = {row.id for row in model.objects.all() if admits(mine, row.labels("case"))}
        assert by_database == by_stream

    def test_a_condition_without_a_column_matches_nothing(self):
        with sightings.table() as model, writing():
            model.objects.create(area_code="5", department_code="water")
        for grant in (Grant("case", account="me"), Grant("case", subject="A1")):
            predicate = queries.grants_q((grant,), "area_code", "department_code")
            assert not model.objects.filter(predicate).exists()
        assert model.objects.filter(Q()).exists()


def test_permissions_follow_the_posts(cast):
    assert queries.may(cast.dispatcher, "case.dispatch")
    assert not queries.may(cast.handler, "case.dispatch")
    assert not queries.may(cast.stranger, "case.read")
    assert not queries.may(AnonymousUser(), "case.read")


def test_require_refuses_in_words(cast, refused):
    queries.require(cast.dispatcher, "case.dispatch")
    with refused("not_permitted") as caught:
        queries.require(cast.handler, "case.dispatch")
    assert caught.value.status == 403
    assert str(caught.value.mend)


def test_fields_follow_the_posts(cast):
    assert queries.sight(cast.dispatcher, "case", "phone") == "mask"
    assert queries.sight(cast.handler, "case", "phone") == "hide"
    assert queries.sight(AnonymousUser(), "case", "phone") == "hide"
    assert queries.sight(cast.dispatcher, "alarm", "phone") == "hide"


def fresh(account: Account) -> Account:
    """The account as the next request reads it; what was remembered on the object is gone."""
    return Account.objects.get(pk=account.pk)


def test_a_post_counts_from_its_first_day_to_the_day_before_its_last(cast):
    today = timezone.localdate()
    holding_end(SYSTEM, "handler", "handler-um-1", today + timedelta(days=1), "调岗")
    assert [post.role for post in queries.held_posts(fresh(cast.handler))] == ["handler"]
    with clock.shifted(timedelta(days=1)):
        assert queries.held_posts(fresh(cast.handler)) == ()
        assert queries.grants(fresh(cast.handler), "case") == ()
    with clock.shifted(timedelta(days=-1)):
        assert queries.held_posts(fresh(cast.handler)) == ()


def test_a_deactivated_account_holds_nothing(cast):
    account_deactivate(SYSTEM, "dispatcher", "离职")
    assert queries.held_posts(fresh(cast.dispatcher)) == ()
    assert not queries.may(fresh(cast.dispatcher), "case.dispatch")


def test_the_actor_is_the_account_with_its_post(cast):
    actor = queries.actor_of(cast.handler)
    assert (actor.kind, actor.key, actor.post, actor.department) == (
        "account",
        "handler",
        "handler-um-1",
        "urban-management",
    )
    assert queries.actor_of(cast.stranger).post == ""
    assert queries.actor_of(AnonymousUser()).kind == "citizen"


def test_two_rooms_cannot_rule_one_kind(monkeypatch: pytest.MonkeyPatch):
    from types import SimpleNamespace

    monkeypatch.undo()
    room = SimpleNamespace(rules=RULES)
    monkeypatch.setattr(queries, "offered", lambda kind: [(None, room), (None, room)])
    queries.room_rules.cache_clear()
    with pytest.raises(ValueError, match="case"):
        queries.room_rules()
    queries.room_rules.cache_clear()
