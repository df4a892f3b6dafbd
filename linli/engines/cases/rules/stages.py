"""Limits of the stages and the escalation table: read from a published procedure, and checked before it is.

SOURCE: GB/T 30428.8 for the names of the stages; every amount is the city's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linli.engines.cases.types import EscalationStep, EscalationTarget, Flaw, Limit, Stage
from linli.registers.calendar.types import UNITS

CATEGORY = "category"
STEP_KEYS = ("id", "stages", "share", "unowned", "tell", "takes_over", "supervise", "name_zh", "name_en")


def parts(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a procedure table says of clocks; nothing for one published before clocks were its part."""
    found: dict[str, Any] = {}
    if limits := table.get("limits"):
        stages = [_stage(row) for row in limits["stages"]]
        found["stages"] = {state: stage for stage in stages for state in stage.states}
        found["delay_share"] = float(limits["delay"]["share"])
    if escalation := table.get("escalation"):
        found["escalation"] = tuple(_step(row) for row in escalation["steps"])
        found["targets"] = {
            key: EscalationTarget(key, row["department"], row["name_zh"], row["name_en"])
            for key, row in escalation["targets"].items()
        }
        found["unowned_states"] = frozenset(escalation["unowned_states"])
    return found


def flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong with the limits and the escalation of a procedure."""
    states = {row.get("code") for row in table["states"]}
    stages: set[str] = set()
    if limits := table.get("limits"):
        yield from _limit_flaws(limits, states, stages)
    if escalation := table.get("escalation"):
        yield from _escalation_flaws(escalation, states, stages)


def _stage(row: Mapping[str, Any]) -> Stage:
    limit = row["limit"]
    counted = None if limit == CATEGORY else Limit(**{key: limit[key] for key in LIMIT_KEYS})
    return Stage(row["code"], row["name_zh"], row["name_en"], tuple(row["states"]), counted)


LIMIT_KEYS = ("amount", "unit", "source", "certainty")


def _step(row: Mapping[str, Any]) -> EscalationStep:
    return EscalationStep(
        **{key: row[key] for key in STEP_KEYS if key not in ("stages", "tell")},
        stages=tuple(row["stages"]),
        tell=tuple(row["tell"]),
    )


def _limit_flaws(limits: Mapping[str, Any], states: set[Any], stages: set[str]) -> Iterator[Flaw]:
    timed: set[str] = set()
    share = limits.get("delay", {}).get("share", 0)
    if not isinstance(share, int | float) or not share > 0:
        yield Flaw("limits delay.share", "延期的份额不是正数", "例如 1，即再加一个处置时限")
    for index, row in enumerate(limits.get("stages", ())):
        where = f"limits stages[{index}] {row.get('code', '')}"
        keys = ("code", "name_zh", "name_en", "states", "limit")
        if absent := [key for key in keys if key not in row]:
            yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
            continue
        for state in row["states"]:
            if state not in states:
                yield Flaw(where, f"状态 {state} 不在 states 中", "改为已有的状态代码")
            if state in timed:
                yield Flaw(where, f"状态 {state} 属于两个环节", "一个状态只归一个环节")
            timed.add(state)
        stages.add(row["code"])
        if row["limit"] != CATEGORY:
            yield from _amount_flaws(where, row["limit"])


def _amount_flaws(where: str, limit: Any) -> Iterator[Flaw]:
    if not isinstance(limit, Mapping) or any(not limit.get(key) for key in LIMIT_KEYS):
        yield Flaw(where, "时限不完整", f"写 {', '.join(LIMIT_KEYS)}，或写 {CATEGORY}(用类别的时限)")
        return
    if limit["unit"] not in UNITS:
        yield Flaw(where, f"时限单位 {limit['unit']} 不认识", f"只能是 {', '.join(UNITS)}")
    if not isinstance(limit["amount"], int | float) or not limit["amount"] > 0:
        yield Flaw(where, "时限不是正数", "改为大于零的数")


def _escalation_flaws(table: Mapping[str, Any], states: set[Any], stages: set[str]) -> Iterator[Flaw]:
    if absent := [key for key in ("unowned_states", "targets", "steps") if key not in table]:
        yield Flaw("escalation", f"缺少 {', '.join(absent)}", "补上这些字段")
        return
    for state in table["unowned_states"]:
        if state not in states:
            yield Flaw("escalation unowned_states", f"状态 {state} 不在 states 中", "改为已有的状态代码")
    seen: set[str] = set()
    for index, row in enumerate(table["steps"]):
        where = f"escalation steps[{index}] {row.get('id', '')}"
        if absent := [key for key in STEP_KEYS if key not in row]:
            yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
            continue
        if row["id"] in seen:
            yield Flaw(where, "步骤代码重复", "每个步骤只写一次")
        seen.add(row["id"])
        if not isinstance(row["share"], int | float) or not row["share"] > 0:
            yield Flaw(where, "share 不是正数", "0.8 是时限过了八成，1 是到期时，2 是超期一倍")
        for stage in row["stages"]:
            if stage not in stages:
                yield Flaw(where, f"环节 {stage} 不在 limits 中", "改为已有的环节，留空为全部", "warning")
        for target in (*row["tell"], *filter(None, [row["takes_over"]])):
            if target not in table["targets"]:
                yield Flaw(where, f"对象 {target} 不在 targets 中", "改为已有的对象")
