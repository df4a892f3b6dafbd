"""Which department a case goes to: category × area × scheme, first match wins, with the reason.

SOURCE: the principle 部件先属主后属地, 事件先属地后属主 is common practice; the rows are city data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from linli.engines.cases.types import Flaw, Routed, RoutingRule, RoutingTable

SCHEMES = ("", "urban_unit", "dedicated")
TOWN_DIGITS = 9


class NoRoute(LookupError):
    """No row matches: the table lacks its default row."""


def routing_table(table: Mapping[str, Any], version: int, leaves: Collection[str]) -> RoutingTable:
    """Build a routing table from its published rows for the 小类 of a catalogue."""
    rules = tuple(
        RoutingRule(
            id=row["id"],
            categories=tuple(row["categories"]),
            areas=tuple(row["areas"]),
            scheme=row["scheme"],
            department=row["department"],
            reason_code=row["reason_code"],
            reason_zh=row["reason_zh"],
            reason_en=row["reason_en"],
        )
        for row in table["rules"]
    )
    by_leaf = {leaf: tuple(rule for rule in rules if covers(rule.categories, leaf)) for leaf in leaves}
    return RoutingTable(code=table["code"], version=version, rules=rules, by_leaf=by_leaf)


def route(routing: RoutingTable, category: str, area_code: str, schemes: Collection[str]) -> Routed:
    """Return the department of the first row that matches, and why.

    `schemes` are the grid schemes the place lies in besides its general grid.
    ERRORS: NoRoute when no row matches. COST: O(rules that concern the category).
    """
    rules = routing.by_leaf.get(category)
    if rules is None:
        rules = tuple(rule for rule in routing.rules if covers(rule.categories, category))
    for rule in rules:
        if (not rule.areas or area_code.startswith(rule.areas)) and (
            not rule.scheme or rule.scheme in schemes
        ):
            department = rule.department.replace("{town}", area_code[:TOWN_DIGITS])
            return Routed(department, rule.id, rule.reason_code, rule.reason_zh, rule.reason_en)
    raise NoRoute(category)


def covers(categories: Collection[str], code: str) -> bool:
    """Tell whether a row's categories (codes, 大类 or `*`) include `code`."""
    return any(category == "*" or code.startswith(category) for category in categories)


def flaws(table: Mapping[str, Any], leaves: Collection[str], departments: Collection[str]) -> list[Flaw]:
    """Check a routing table against the catalogue's 小类 and the city's departments.

    A row that can never match, because earlier rows take all it could, is a warning.
    """
    if "rules" not in table or not table["rules"]:
        return [Flaw("rules", "没有派遣规则", '至少写一条兜底规则，categories 为 ["*"]')]
    found = [
        flaw
        for index, row in enumerate(table["rules"])
        for flaw in _row_flaws(index, row, leaves, departments)
    ]
    if any(flaw.severity == "error" for flaw in found):
        return found
    last = table["rules"][-1]
    if last["categories"] != ["*"] or last["areas"] or last["scheme"]:
        found.append(
            Flaw("rules", "最后一条不是兜底规则", '最后加一条 categories ["*"]、areas []、scheme "" 的规则')
        )
    return [*found, *_dead_rows(table["rules"], leaves)]


def _row_flaws(
    index: int, row: Mapping[str, Any], leaves: Collection[str], departments: Collection[str]
) -> Iterator[Flaw]:
    where = f"rules[{index}] {row.get('id', '')}"
    keys = ("id", "categories", "areas", "scheme", "department", "reason_code", "reason_zh", "reason_en")
    if absent := [key for key in keys if key not in row]:
        yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
        return
    for category in row["categories"]:
        if category != "*" and not any(leaf.startswith(category) for leaf in leaves):
            yield Flaw(where, f"类别 {category} 不在目录中", "改为已有的大类、小类代码或 *")
    if not row["categories"]:
        yield Flaw(where, "没有写类别", '写类别代码，或 ["*"] 表示全部')
    for area in row["areas"]:
        if not (isinstance(area, str) and area.isdigit() and len(area) in (6, 9, 12, 15)):
            yield Flaw(where, f"地区码 {area} 不是 6、9、12 或 15 位数字", "写行政区划代码或网格编码")
    if row["scheme"] not in SCHEMES:
        yield Flaw(where, f"网格体系 {row['scheme']} 不认识", "留空，或写 urban_unit、dedicated")
    department = row["department"]
    known = any(code.startswith(department.split("{town}")[0]) for code in departments)
    if departments and not (known if "{town}" in department else department in departments):
        yield Flaw(where, f"部门 {department} 不在部门名录中", "改为 access/departments.csv 中的代码")


def _dead_rows(rows: list[Mapping[str, Any]], leaves: Collection[str]) -> Iterator[Flaw]:
    for index, row in enumerate(rows):
        mine = [leaf for leaf in leaves if covers(row["categories"], leaf)]
        areas = row["areas"] or [""]
        if all(
            any(_takes(other, leaf, area, row) for other in rows[:index]) for leaf in mine for area in areas
        ):
            yield Flaw(
                f"rules[{index}] {row['id']}",
                "永远轮不到：前面的规则已把它的情形全部取走",
                "上移、收窄前面的规则，或删去",
                "warning",
            )


def _takes(other: Mapping[str, Any], leaf: str, area: str, row: Mapping[str, Any]) -> bool:
    """Tell whether an earlier row takes every case of `leaf` in `area` that `row` could take."""
    return (
        covers(other["categories"], leaf)
        and (not other["areas"] or any(area.startswith(prefix) for prefix in other["areas"]))
        and other["scheme"] in ("", row["scheme"])
    )
