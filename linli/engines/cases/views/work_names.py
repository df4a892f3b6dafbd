"""Names of codes on staff pages: departments, towns and villages, states, categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.engines.cases.queries.near import categories
from linli.engines.cases.queries.rulebook import rulebook
from linli.registers.access.queries import department_names, departments
from linli.registers.places.queries import division_names, towns
from linli.ui.templatetags.ui import named

KIND_ORDER = ("bureau", "company", "centre", "town")


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; an empty heading is none."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter a person can choose a value for."""

    name: str
    label: str
    groups: tuple[Group, ...]
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The chosen value when it is a single one."""
        return self.values[0] if len(self.values) == 1 else ""

    @property
    def kept(self) -> tuple[str, ...]:
        """Several values chosen by address: kept when the form is sent."""
        return self.values if len(self.values) > 1 else ()


class Names:
    """The names a page needs. COST: one query for departments, when first asked for; places answer from memory."""

    def __init__(self) -> None:
        self._departments: dict[str, str] | None = None

    def department(self, code: str) -> str:
        """Return a department's name; its code when there is no such department, "" for none."""
        if self._departments is None:
            self._departments = department_names()
        return self._departments.get(code, code)

    def division(self, code: str) -> str:
        """Return what a town or village is called today, "" when unknown."""
        return named(division_names([code]).get(code))

    def without_town(self, address: str, code: str) -> str:
        """Return an address without the town it begins with: the town is said beside it."""
        town = division_names([code]).get(code)
        return address.removeprefix(town.name_zh).strip() if town else address

    def place(self, area_code: str) -> str:
        """Say in which town and village an area lies."""
        parts = (self.division(area_code[:9]), self.division(area_code[:12]))
        return " · ".join(dict.fromkeys(part for part in parts if part))


def town_options() -> tuple[Option, ...]:
    """Return the towns there are now, in the order of their codes. COST: no query."""
    return tuple(Option(town.code, named(town)) for town in towns())


def department_groups() -> tuple[Group, ...]:
    """Return the departments in groups by kind. COST: one query."""
    labels = {"bureau": _("部门"), "company": _("企业"), "centre": _("中心"), "town": _("镇街")}
    kinds: dict[str, list[Option]] = {kind: [] for kind in KIND_ORDER}
    for row in departments():
        kinds.setdefault(row.kind, []).append(Option(row.code, named(row)))
    return tuple(Group(labels.get(kind, kind), tuple(rows)) for kind, rows in kinds.items() if rows)


def state_options() -> tuple[Option, ...]:
    """Return the states of the procedure in force, in its order."""
    return tuple(Option(code, named(state)) for code, state in rulebook().procedure.states.items())


def category_groups() -> tuple[Group, ...]:
    """Return the catalogue: each 大类, which can be chosen as a whole, with its 小类."""
    return tuple(
        Group(
            named(big),
            (
                Option(big.code, _("%(name)s（全部）") % {"name": named(big)}),
                *(Option(s.code, named(s)) for s in small),
            ),
        )
        for big, small in categories()
    )


def flat(groups: Iterable[Group]) -> dict[str, str]:
    """Return value → label of every option."""
    return {option.value: option.label for group in groups for option in group.options}


def one_group(options: tuple[Option, ...]) -> tuple[Group, ...]:
    """Put options under no heading."""
    return (Group("", options),)
