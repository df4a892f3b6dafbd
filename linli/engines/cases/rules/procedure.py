"""The transition table: what may follow what. SOURCE: GB/T 30428.8, seven steps and two axes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from linli.engines.cases.rules import stages
from linli.engines.cases.types import CLOCKS, NEEDS, TONES, Flaw, ProcedureTable, State, Transition


def procedure_table(table: Mapping[str, Any], version: int) -> ProcedureTable:
    """Build a procedure from its published table, which `flaws` found free of errors."""
    transitions = tuple(
        Transition(
            action=row["action"],
            from_states=tuple(row["from"]),
            to=row["to"],
            permission=row["permission"],
            needs=tuple(row["needs"]),
            asks=tuple(row["asks"]),
            usual=row["usual"],
            holder=row["holder"],
            name_zh=row["label_zh"],
            name_en=row["label_en"],
            clock=row.get("clock") or ("start" if row["action"] == table["clock"]["starts_on"] else ""),
            by=row.get("by", ""),
        )
        for row in table["transitions"]
    )
    by_state: dict[str, dict[str, Transition]] = {row["code"]: {} for row in table["states"]}
    for transition in transitions:
        for state in transition.from_states:
            by_state[state][transition.action] = transition
    return ProcedureTable(
        code=table["code"],
        version=version,
        initial=table["initial"],
        initial_holder=table["initial_holder"],
        clock_action=table["clock"]["starts_on"],
        holders={name: row["department"] for name, row in table["holders"].items()},
        states={row["code"]: _state(row) for row in table["states"]},
        transitions=transitions,
        by_state=by_state,
        **stages.parts(table),
    )


def transition_from(procedure: ProcedureTable, state: str, action: str) -> Transition | None:
    """Return the row that `action` takes from `state`, or None when the table has none."""
    return procedure.by_state.get(state, {}).get(action)


def transitions_from(procedure: ProcedureTable, state: str) -> tuple[Transition, ...]:
    """Return the rows that leave `state`, in the table's order."""
    return tuple(procedure.by_state.get(state, {}).values())


def transition_named(procedure: ProcedureTable, action: str) -> Transition | None:
    """Return any row of `action`, whatever state it leaves: the permission of an action is one."""
    return next((row for row in procedure.transitions if row.action == action), None)


def holder_of(procedure: ProcedureTable, holder: str, department: str) -> str:
    """Return the department in whose queue a case lies, "" when in nobody's."""
    held = procedure.holders[holder]
    return department if held == "$case" else held


def missing_needs(transition: Transition, given: Mapping[str, bool]) -> tuple[str, ...]:
    """Return what the row needs and was not given, in the table's order."""
    return tuple(need for need in transition.needs if not given.get(need))


def flaws(table: Mapping[str, Any]) -> list[Flaw]:
    """Check a procedure before it is published; an empty list, or only warnings, means it can be."""
    keys = ("code", "initial", "initial_holder", "holders", "clock", "states", "transitions")
    absent = [key for key in keys if key not in table]
    if absent:
        return [Flaw("", f"缺少 {', '.join(absent)}", "补上这些字段")]
    found = [*_state_flaws(table), *_transition_flaws(table), *stages.flaws(table)]
    return found if any(flaw.severity == "error" for flaw in found) else [*found, *_path_flaws(table)]


def _state(row: Mapping[str, Any]) -> State:
    return State(
        code=row["code"],
        name_zh=row["label_zh"],
        name_en=row["label_en"],
        public_zh=row["public_zh"],
        public_en=row["public_en"],
        tone=row["tone"],
        icon=row["icon"],
        final=row["final"],
    )


def _state_flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, row in enumerate(table["states"]):
        where = f"states[{index}] {row.get('code', '')}"
        keys = ("code", "label_zh", "label_en", "public_zh", "public_en", "tone", "icon", "final")
        if absent := [key for key in keys if key not in row]:
            yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
            continue
        if row["code"] in seen:
            yield Flaw(where, "状态代码重复", "每个状态只写一次")
        if row["tone"] not in TONES:
            yield Flaw(where, f"色调 {row['tone']} 不认识", f"只能是 {', '.join(TONES)}")
        seen.add(row["code"])
    if table["initial"] not in seen:
        yield Flaw("initial", f"起始状态 {table['initial']} 不在 states 中", "改为已有的状态代码")
    if table["initial_holder"] not in table["holders"]:
        yield Flaw("initial_holder", f"承办方 {table['initial_holder']} 不在 holders 中", "改为已有的承办方")
    if not any(row.get("final") for row in table["states"]):
        yield Flaw("states", "没有终结状态", "至少一个状态写 final: true")


def _transition_flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    states = {row.get("code"): row for row in table["states"]}
    taken: set[tuple[str, str]] = set()
    permissions: dict[str, str] = {}
    keys = ("action", "from", "to", "permission", "needs", "asks", "usual", "holder", "label_zh", "label_en")
    for index, row in enumerate(table["transitions"]):
        where = f"transitions[{index}] {row.get('action', '')}"
        if absent := [key for key in keys if key not in row]:
            yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
            continue
        for state in (*row["from"], row["to"]):
            if state not in states:
                yield Flaw(where, f"状态 {state} 不在 states 中", "改为已有的状态代码，或先加上这个状态")
        for state in row["from"]:
            if states.get(state, {}).get("final"):
                yield Flaw(where, f"从终结状态 {state} 出发", "终结状态不能再转换")
            if (row["action"], state) in taken:
                yield Flaw(where, f"{state} 上的 {row['action']} 有两行", "同一状态的同一动作只能去一处")
            taken.add((row["action"], state))
        for need in (*row["needs"], *row["asks"]):
            if need not in NEEDS:
                yield Flaw(where, f"要件 {need} 不认识", f"只能是 {', '.join(NEEDS)}")
        if row["holder"] not in table["holders"]:
            yield Flaw(where, f"承办方 {row['holder']} 不在 holders 中", "改为已有的承办方")
        if row.get("clock", "start") not in CLOCKS:
            yield Flaw(where, f"计时 {row['clock']} 不认识", f"只能是 {', '.join(CLOCKS)}，或不写")
        if row.get("by", "holder") != "holder":
            yield Flaw(where, f"经办人 {row['by']} 不认识", "只能是 holder（限承办单位），或不写")
        if permissions.setdefault(row["action"], row["permission"]) != row["permission"]:
            yield Flaw(where, f"{row['action']} 要求两种权限", "同一动作只用一种权限")
    clock = table["clock"].get("starts_on")
    if clock not in permissions:
        yield Flaw("clock.starts_on", f"计时动作 {clock} 不在 transitions 中", "改为已有的动作")


def _path_flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    onward, backward, usual = defaultdict(set), defaultdict(set), defaultdict(list)
    for row in table["transitions"]:
        for state in row["from"]:
            onward[state].add(row["to"])
            backward[row["to"]].add(state)
            if row["usual"]:
                usual[state].append(row["action"])
    reached = _closure({table["initial"]}, onward)
    ending = _closure({row["code"] for row in table["states"] if row["final"]}, backward)
    for row in table["states"]:
        state = row["code"]
        if state not in ending:
            yield Flaw(f"states {state}", "从这里走不到任何终结状态", "加一条通向结案或不予立案的转换")
        if state not in reached:
            yield Flaw(f"states {state}", "从起始状态走不到这里", "加一条转换，或删去这个状态", "warning")
        if len(usual[state]) > 1:
            yield Flaw(
                f"states {state}", f"有几个常用动作：{', '.join(usual[state])}", "只留一个 usual", "warning"
            )


def _closure(start: set[str], steps: Mapping[str, set[str]]) -> set[str]:
    found, queue = set(start), list(start)
    while queue:
        fresh = steps.get(queue.pop(), set()) - found
        found |= fresh
        queue.extend(fresh)
    return found
