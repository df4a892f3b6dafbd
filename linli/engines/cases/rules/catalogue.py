"""The catalogue of components 部件 and events 事件. SOURCE: GB/T 30428.2; its 大类 and 小类."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linli.engines.cases.types import PRIORITIES, CatalogueTable, Category, CitizenChoice, Flaw, Limit
from linli.registers.calendar.types import UNITS


def catalogue_table(table: Mapping[str, Any], version: int) -> CatalogueTable:
    """Build a catalogue from its published table, which `flaws` found free of errors."""
    rows = {row["code"]: row for row in table["categories"]}
    by_code = {code: _category(row, rows.get(row["parent"], {})) for code, row in rows.items()}
    parents = {row["parent"] for row in table["categories"]}
    return CatalogueTable(
        code=table["code"],
        version=version,
        by_code=by_code,
        leaves=tuple(code for code in by_code if code not in parents),
        citizen=tuple(CitizenChoice(**row) for row in table["citizen"]),
    )


def is_leaf(catalogue: CatalogueTable, code: str) -> bool:
    """Tell whether a case may be of category `code`: it must be a 小类."""
    category = catalogue.by_code.get(code)
    return category is not None and bool(category.parent)


def flaws(table: Mapping[str, Any]) -> list[Flaw]:
    """Check a catalogue before it is published."""
    absent = [key for key in ("code", "categories", "citizen") if key not in table]
    if absent:
        return [Flaw("", f"缺少 {', '.join(absent)}", "补上这些字段")]
    return [*_category_flaws(table), *_citizen_flaws(table)]


def _category(row: Mapping[str, Any], parent: Mapping[str, Any]) -> Category:
    limit = row.get("limit") or parent["limit"]
    control = row.get("control")
    return Category(
        code=row["code"],
        parent=row["parent"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        icon=row["icon"],
        limit=Limit(**limit),
        control=Limit(**control) if control else None,
        priority=row.get("priority", "normal"),
        keywords=tuple(row.get("keywords", ())),
    )


def _category_flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    codes = [row.get("code") for row in table["categories"]]
    big = {row.get("code"): row for row in table["categories"] if not row.get("parent")}
    for index, row in enumerate(table["categories"]):
        where = f"categories[{index}] {row.get('code', '')}"
        if absent := [key for key in ("code", "parent", "name_zh", "name_en", "icon") if key not in row]:
            yield Flaw(where, f"缺少 {', '.join(absent)}", "补上这些字段")
            continue
        if codes.count(row["code"]) > 1:
            yield Flaw(where, "类别代码重复", "每个类别只写一次")
        if row["parent"] and row["parent"] not in big:
            yield Flaw(where, f"上级 {row['parent']} 不是大类", "改为已有的大类代码")
        elif not row.get("limit") and not (row["parent"] and big[row["parent"]].get("limit")):
            yield Flaw(where, "没有处置时限，大类也没有", "在本类或大类写 limit")
        if row["parent"] and not row["code"].startswith(row["parent"]):
            yield Flaw(where, f"代码不以上级 {row['parent']} 开头", "小类代码 = 大类代码 + 两位序号")
        if row.get("priority", "normal") not in PRIORITIES:
            yield Flaw(where, f"优先级 {row['priority']} 不认识", f"只能是 {', '.join(PRIORITIES)}")
        for name in ("limit", "control"):
            if row.get(name):
                yield from _limit_flaws(f"{where} {name}", row[name])


def _limit_flaws(where: str, limit: Mapping[str, Any]) -> Iterator[Flaw]:
    if absent := [key for key in ("amount", "unit", "source", "certainty") if key not in limit]:
        yield Flaw(where, f"缺少 {', '.join(absent)}", "补上；时限必须写明来源")
        return
    if limit["unit"] not in UNITS:
        yield Flaw(where, f"单位 {limit['unit']} 不认识", f"只能是 {', '.join(UNITS)}")
    if not isinstance(limit["amount"], int | float) or not 0 < limit["amount"] <= 366:
        yield Flaw(where, f"时限 {limit['amount']} 不合理", "写大于 0、不超过 366 的数")


def _citizen_flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    leaves = {row.get("code") for row in table["categories"] if row.get("parent")}
    seen: set[str] = set()
    for index, row in enumerate(table["citizen"]):
        where = f"citizen[{index}] {row.get('key', '')}"
        if set(row) != {"key", "category", "name_zh", "name_en", "icon"}:
            yield Flaw(where, "字段不对", "恰好写 key、category、name_zh、name_en、icon")
            continue
        if row["category"] not in leaves:
            yield Flaw(where, f"类别 {row['category']} 不是小类", "改为已有的小类代码")
        if row["key"] in seen:
            yield Flaw(where, "key 重复", "每个选项用不同的 key")
        seen.add(row["key"])
    if not table["citizen"]:
        yield Flaw("citizen", "市民没有可选的类别", "至少写一项")
