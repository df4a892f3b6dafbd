"""Indicators: a closed grammar of measures over three grains that are never mixed.

A numerator is always a part of its denominator, so a share cannot leave 0 to 100 %.
SOURCE: GB/T 30428.4, CJ/T 292.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from linli.engines.cases.types import Flaw
from linli.engines.cases.types.indicators import (
    Grade,
    Indicator,
    IndicatorTable,
    Measure,
    Scored,
    Scoring,
    Share,
)

STEPS = ("respond", "file", "dispatch", "finish", "return", "rework", "delay", "suspend")
BETTER = ("high", "low")
CERTAINTIES = ("confirmed", "local", "assumed")
MEASURES: Mapping[str, Measure] = {
    row[0]: Measure(*row)
    for row in (
        ("accepted", "case", "", "", "受理数", "Cases received"),
        ("filed", "case", "accepted", "", "立案数", "Cases filed"),
        ("responded", "case", "accepted", "response_min", "按时响应数", "Answered in time"),
        ("due", "case", "", "", "应结案数", "Cases due"),
        ("closed", "case", "due", "", "结案数", "Cases closed"),
        ("closed_in_time", "case", "closed", "", "按期结案数", "Closed in time"),
        ("due_handling", "case", "due", "", "应处置数", "Cases due to be handled"),
        ("handled_in_time", "case", "due_handling", "", "按期处置数", "Handled in time"),
        ("delayed", "case", "due", "", "延期数", "Cases delayed"),
        ("suspended", "case", "accepted", "", "挂账数", "Cases suspended"),
        ("rated", "case", "", "", "评价数", "Cases rated"),
        ("satisfied", "case", "rated", "satisfied_from", "满意数", "Rated satisfied"),
        ("due_dispatch", "transition", "", "dispatch_min", "应派遣数", "Dispatches due"),
        (
            "dispatched_in_time",
            "transition",
            "due_dispatch",
            "dispatch_min",
            "按期派遣数",
            "Dispatched in time",
        ),
        ("dispatches", "transition", "", "", "派遣数", "Dispatches"),
        ("dispatches_kept", "transition", "dispatches", "", "准确派遣数", "Dispatches kept"),
        ("dispatches_returned", "transition", "dispatches", "", "退回数", "Dispatches returned"),
        ("handlings", "transition", "", "", "处置数", "Handlings"),
        ("handlings_reworked", "transition", "handlings", "", "返工次数", "Handlings sent back"),
        ("open_days", "open_day", "", "", "在办件日数", "Open case-days"),
        ("overdue_days", "open_day", "open_days", "", "超期件日数", "Overdue case-days"),
    )
}
INDICATOR_KEYS = (
    "code", "name_zh", "name_en", "numerator", "denominator", "better", "parameters",
    "basis_zh", "basis_en", "source", "certainty",
)  # fmt: skip
SCORING_KEYS = ("weights", "grades", "basis_zh", "basis_en", "source", "certainty")


def indicator_table(table: Mapping[str, Any], version: int) -> IndicatorTable:
    """Build the indicators from their published table, which `flaws` found free of errors."""
    rows = (Indicator(**{key: row[key] for key in INDICATOR_KEYS}) for row in table["indicators"])
    scoring = table["scoring"]
    grades = (Grade(row["from"], row["name_zh"], row["name_en"]) for row in scoring["grades"])
    return IndicatorTable(
        code=table["code"],
        version=version,
        steps={name: tuple(actions) for name, actions in table["steps"].items()},
        indicators={row.code: row for row in rows},
        scoring=Scoring(
            weights=scoring["weights"],
            grades=tuple(sorted(grades, key=lambda grade: -grade.from_score)),
            **{key: scoring[key] for key in SCORING_KEYS[2:]},
        ),
    )


def root_of(code: str) -> str:
    """Return the measure that counts all rows of which `code` counts a part; itself when it is no part."""
    return root_of(MEASURES[code].of) if MEASURES[code].of else code


def parts_from_root(code: str) -> tuple[str, ...]:
    """Return the chain of measures from the whole down to `code`."""
    above = MEASURES[code].of
    return (*parts_from_root(above), code) if above else (code,)


def score(
    scoring: Scoring, indicators: Mapping[str, Indicator], shares: Mapping[str, Share]
) -> Scored | None:
    """Weigh the shares into a score of 0 to 100; None when none of them has a denominator.

    An indicator without a figure is left out and its weight carried by the others, and named in `left_out`.
    """
    total = weight_used = 0.0
    left_out = []
    for code, weight in scoring.weights.items():
        percent = shares[code].percent if code in shares else None
        if percent is None:
            left_out.append(code)
            continue
        total += weight * (percent if indicators[code].better == "high" else 100 - percent)
        weight_used += weight
    if not weight_used:
        return None
    reached = total / weight_used
    grade = next((row for row in scoring.grades if reached >= row.from_score), scoring.grades[-1])
    return Scored(reached, grade, tuple(left_out))


def flaws(table: Mapping[str, Any], actions: Collection[str]) -> list[Flaw]:
    """Check the indicators against the grammar and the procedure's actions; empty means they can be published."""
    if absent := [key for key in ("code", "steps", "indicators", "scoring") if key not in table]:
        return [Flaw("", f"缺少 {', '.join(absent)}", "补上这些字段")]
    found = list(_step_flaws(table["steps"], actions))
    seen: set[str] = set()
    for index, row in enumerate(table["indicators"]):
        found += _indicator_flaws(f"indicators[{index}] {row.get('code', '')}".strip(), row)
        if row.get("code") in seen:
            found.append(Flaw(f"indicators[{index}] {row['code']}", "指标代码重复", "改为没有用过的代码"))
        seen.add(row.get("code", ""))
    return [*found, *_scoring_flaws(table["scoring"], seen)]


def _step_flaws(steps: Mapping[str, Any], actions: Collection[str]) -> Iterator[Flaw]:
    for name in STEPS:
        if not steps.get(name):
            yield Flaw(f"steps.{name}", "没有写是流程的哪个动作", "写一个动作代码的列表")
    for name, codes in steps.items():
        if name not in STEPS:
            yield Flaw(f"steps.{name}", "不认识这个环节", f"只能写 {'、'.join(STEPS)}")
        for code in codes:
            if actions and code not in actions:
                yield Flaw(f"steps.{name}", f"流程中没有动作 {code}", "改为 procedure_urban.json 中的动作")


def _indicator_flaws(where: str, row: Mapping[str, Any]) -> Iterator[Flaw]:
    if absent := [key for key in INDICATOR_KEYS if key not in row]:
        yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
        return
    names = (row["numerator"], row["denominator"])
    if unknown := [name for name in names if name not in MEASURES]:
        yield Flaw(where, f"不认识计量 {', '.join(unknown)}", f"只能写 {'、'.join(MEASURES)}")
        return
    numerator, denominator = (MEASURES[name] for name in names)
    if numerator.grain != denominator.grain:
        yield Flaw(
            where,
            f"分子按 {numerator.grain} 计，分母按 {denominator.grain} 计，不能相除",
            "分子、分母选用同一粒度的计量",
        )
    elif names[0] == names[1] or names[1] not in parts_from_root(names[0]):
        yield Flaw(where, f"{names[0]} 不是 {names[1]} 的一部分", "分子必须是分母的一部分")
    needed = {MEASURES[part].parameter for name in names for part in parts_from_root(name)} - {""}
    given = row["parameters"]
    for name in sorted(needed | set(given)):
        value = given.get(name)
        if name not in needed:
            yield Flaw(where, f"参数 {name} 没有用处", "删去")
        elif not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            yield Flaw(where, f"参数 {name} 不是正整数", "写分钟数，或 1–5 的评分")
    for key in ("name_zh", "name_en", "basis_zh", "basis_en", "source"):
        if not row[key]:
            yield Flaw(where, f"{key} 是空的", "名称、口径、来源都要写明")
    yield from _word_flaws(where, row, (("better", BETTER), ("certainty", CERTAINTIES)))


def _scoring_flaws(scoring: Mapping[str, Any], codes: Collection[str]) -> Iterator[Flaw]:
    if absent := [key for key in SCORING_KEYS if key not in scoring]:
        yield Flaw("scoring", f"缺少 {', '.join(absent)}", "补上这些字段")
        return
    for code, weight in scoring["weights"].items():
        if code not in codes:
            yield Flaw(f"scoring.weights.{code}", "没有这个指标", "改为 indicators 中的代码")
        if not isinstance(weight, int | float) or weight <= 0:
            yield Flaw(f"scoring.weights.{code}", "权重不是正数", "写大于 0 的数")
    if not scoring["weights"]:
        yield Flaw("scoring.weights", "没有权重", "至少给一个指标写权重")
    elif all(isinstance(one, int | float) for one in scoring["weights"].values()):
        total = sum(scoring["weights"].values())
        if total != 100:
            yield Flaw("scoring.weights", f"权重之和是 {total:g}，不是 100", "调整到合计 100")
    if not any(row.get("from") == 0 for row in scoring["grades"]):
        yield Flaw("scoring.grades", "没有从 0 分起的等次", '最低一档写 "from": 0')
    for index, row in enumerate(scoring["grades"]):
        if not {"from", "name_zh", "name_en"} <= row.keys() or not 0 <= row["from"] <= 100:
            yield Flaw(f"scoring.grades[{index}]", "等次不完整或分数不在 0–100", "写 from、name_zh、name_en")
    yield from _word_flaws("scoring", scoring, (("certainty", CERTAINTIES),))


def _word_flaws(
    where: str, row: Mapping[str, Any], words: tuple[tuple[str, tuple[str, ...]], ...]
) -> Iterator[Flaw]:
    for key, known in words:
        if row[key] not in known:
            yield Flaw(where, f"{key} 的值 {row[key]} 不认识", f"只能写 {'、'.join(known)}")
