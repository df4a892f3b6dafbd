"""The transition table: what may follow what, for the city's own table and for any table that passes its check."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.access_rules import rules as access
from linli.engines.cases.rules.procedure import (
    flaws,
    holder_of,
    missing_needs,
    procedure_table,
    transition_from,
    transitions_from,
)
from tests.engines.cases.conftest import table

PROCEDURE = procedure_table(table("procedure_urban"), 1)


def test_the_citys_own_table_has_no_flaw() -> None:
    assert flaws(table("procedure_urban")) == []


@given(st.lists(st.sampled_from([row.action for row in PROCEDURE.transitions]), max_size=40))
def test_no_path_of_actions_leaves_the_table(actions: list[str]) -> None:
    state = PROCEDURE.initial
    for action in actions:
        row = transition_from(PROCEDURE, state, action)
        if row is not None:
            assert state in row.from_states
            assert not PROCEDURE.states[state].final
            state = row.to
        assert state in PROCEDURE.states


@given(st.data())
def test_every_state_that_is_not_final_can_reach_a_final_one(data: Any) -> None:
    """From wherever a walk has led, some further walk ends: never a dead end, never a closed ring."""
    state = PROCEDURE.initial
    for _step in range(data.draw(st.integers(0, 30))):
        rows = transitions_from(PROCEDURE, state)
        if not rows:
            break
        state = data.draw(st.sampled_from(rows)).to
    reached, ahead = {state}, [state]
    while ahead:
        fresh = {row.to for row in transitions_from(PROCEDURE, ahead.pop())} - reached
        reached |= fresh
        ahead += fresh
    assert any(PROCEDURE.states[code].final for code in reached)


def test_a_final_state_has_no_way_out() -> None:
    assert {code for code, state in PROCEDURE.states.items() if state.final} == {"closed", "rejected"}
    assert transitions_from(PROCEDURE, "closed") == transitions_from(PROCEDURE, "rejected") == ()


def test_every_permission_of_the_table_is_ruled_by_access() -> None:
    assert {row.permission for row in PROCEDURE.transitions} <= set(access.permissions)


def test_a_dispatched_case_lies_with_its_department_and_a_closed_one_with_nobody() -> None:
    dispatch, close = (
        transition_from(PROCEDURE, "to_dispatch", "dispatch"),
        transition_from(PROCEDURE, "to_close", "close"),
    )
    assert dispatch is not None
    assert close is not None
    assert holder_of(PROCEDURE, dispatch.holder, "water") == "water"
    assert holder_of(PROCEDURE, close.holder, "water") == ""


def test_what_a_step_needs_is_named_until_it_is_given() -> None:
    dispatch = transition_from(PROCEDURE, "to_dispatch", "dispatch")
    assert dispatch is not None
    assert missing_needs(dispatch, {"department": False}) == ("department",)
    assert missing_needs(dispatch, {"department": True}) == ()


def broken(change: Any) -> dict[str, Any]:
    wrong = copy.deepcopy(table("procedure_urban"))
    change(wrong)
    return wrong


def first(rows: list[dict[str, Any]], **having: Any) -> dict[str, Any]:
    return next(row for row in rows if all(row[key] == value for key, value in having.items()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.pop("states"), "缺少 states"),
        (lambda t: t.update(initial="nowhere"), "起始状态"),
        (lambda t: first(t["states"], code="closed").update(tone="pink"), "色调"),
        (lambda t: first(t["states"], code="closed").pop("label_en"), "label_en"),
        (lambda t: t["states"].append(t["states"][0]), "重复"),
        (lambda t: first(t["transitions"], action="close").update(to="nowhere"), "不在 states 中"),
        (lambda t: first(t["transitions"], action="close").update(needs=["money"]), "要件"),
        (lambda t: first(t["transitions"], action="close").update(holder="nobody"), "承办方"),
        (lambda t: first(t["transitions"], action="close").update({"from": ["closed"]}), "终结状态"),
        (lambda t: t["transitions"].append(first(t["transitions"], action="accept")), "有两行"),
        (lambda t: t["clock"].update(starts_on="sleep"), "计时动作"),
        (lambda t: t["transitions"].remove(first(t["transitions"], action="resume")), "走不到任何终结状态"),
    ],
)
def test_a_broken_table_is_refused_with_where_and_how_to_mend_it(change: Any, said: str) -> None:
    found = [flaw for flaw in flaws(broken(change)) if flaw.severity == "error"]
    assert any(said in flaw.what for flaw in found), found
    assert all(flaw.mend for flaw in found)


def test_a_state_nobody_reaches_is_a_warning() -> None:
    wrong = broken(lambda t: t["transitions"].remove(first(t["transitions"], action="suspend")))
    assert [(flaw.where, flaw.severity) for flaw in flaws(wrong)] == [("states suspended", "warning")]
