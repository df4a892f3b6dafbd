"""What helps before a report is sent: the categories, a guess from the text, and what is open nearby."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from linli.engines.cases.models import Case
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version, rulebook
from linli.engines.cases.rules.suggest import guesses
from linli.engines.cases.types import Category, CitizenChoice, NearCase
from linli.kernel import clock
from linli.registers.places.queries import planar

NEAR_M = 150.0
NEAR_DAYS = 30


def categories() -> list[tuple[Category, list[Category]]]:
    """Return the catalogue in force: each 大类 with its 小类, in the city's order."""
    catalogue = rulebook().catalogue
    tree: dict[str, tuple[Category, list[Category]]] = {
        code: (category, []) for code, category in catalogue.by_code.items() if not category.parent
    }
    for code in catalogue.leaves:
        category = catalogue.by_code[code]
        if category.parent in tree:
            tree[category.parent][1].append(category)
    return list(tree.values())


def citizen_choices() -> tuple[CitizenChoice, ...]:
    """Return what citizens choose from, in plain words."""
    return rulebook().catalogue.citizen


def suggest_category(text: str, limit: int = 3) -> list[tuple[Category, tuple[str, ...]]]:
    """Guess the 小类 of a text, best first, each with the words it was guessed from. COST: no query."""
    catalogue = rulebook().catalogue
    return [
        (catalogue.by_code[guess.category], guess.words) for guess in guesses(catalogue, text[:2_000], limit)
    ]


def similar(lon: float, lat: float, category_code: str, limit: int = 5) -> list[NearCase]:
    """Return open cases of the same 大类 within 150 m and 30 days: the same 小类 first, then the nearest.

    Told to anybody before filing, so it holds none of a case's words. COST: one query on a spatial index.
    """
    x_m, y_m = planar(lon, lat)
    catalogue = rulebook().catalogue
    wanted = catalogue.by_code.get(category_code)
    big = (wanted.parent or wanted.code) if wanted else category_code
    found = Case.objects.filter(
        closed_at__isnull=True,
        opened_at__gt=clock.now() - timedelta(days=NEAR_DAYS),
        category_code__startswith=big,
    ).extra(
        where=["point(x_m, y_m) <@ box(point(%s, %s), point(%s, %s))"],
        params=[x_m - NEAR_M, y_m - NEAR_M, x_m + NEAR_M, y_m + NEAR_M],
    )
    near = [(float(np.hypot(case.x_m - x_m, case.y_m - y_m)), case) for case in found[:200]]
    near = [(distance, case) for distance, case in near if distance <= NEAR_M]
    near.sort(key=lambda pair: (pair[1].category_code != category_code, pair[0], pair[1].id))
    return [
        NearCase(
            code=case.code,
            category=catalogue_version(case.family, case.catalogue_version).by_code[case.category_code],
            state=procedure_version(case.family, case.procedure_version).states[case.state],
            distance_m=round(distance, 1),
            lon=case.lon,
            lat=case.lat,
            opened_at=case.opened_at,
        )
        for distance, case in near[:limit]
    ]
