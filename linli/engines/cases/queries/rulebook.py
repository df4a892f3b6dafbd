"""The city's tables as this process knows them: current ones checked once a second, old versions kept."""

from __future__ import annotations

import time
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import Catalogue, Procedure, Routing
from linli.engines.cases.rules.catalogue import catalogue_table
from linli.engines.cases.rules.procedure import procedure_table
from linli.engines.cases.rules.routing import routing_table
from linli.engines.cases.types import CatalogueTable, ProcedureTable, RoutingTable, Rulebook
from linli.kernel.errors import Unprocessable

FAMILY = "urban"
FRESH_S = 1.0
_current: dict[str, tuple[float, Rulebook]] = {}


def rulebook(family: str = FAMILY) -> Rulebook:
    """Return the tables in force for new cases of a family.

    ERRORS: Unprocessable city_not_loaded. COST: at most three indexed queries a second in each process.
    """
    cached = _current.get(family)
    if cached and time.monotonic() - cached[0] < FRESH_S:
        return cached[1]
    versions = [_latest(model, family) for model in (Procedure, Catalogue, Routing)]
    book = Rulebook(
        procedure_version(family, versions[0]),
        catalogue_version(family, versions[1]),
        routing_version(family, versions[2], versions[1]),
    )
    _current[family] = (time.monotonic(), book)
    return book


@lru_cache(maxsize=64)
def procedure_version(code: str, version: int) -> ProcedureTable:
    """Return one published procedure; published tables never change, so it is read once."""
    return procedure_table(Procedure.objects.get(code=code, version=version).table, version)


@lru_cache(maxsize=64)
def catalogue_version(code: str, version: int) -> CatalogueTable:
    """Return one published catalogue."""
    return catalogue_table(Catalogue.objects.get(code=code, version=version).table, version)


@lru_cache(maxsize=64)
def routing_version(code: str, version: int, catalogue: int) -> RoutingTable:
    """Return one published routing table, laid out for the 小类 of a catalogue version."""
    leaves = catalogue_version(code, catalogue).leaves
    return routing_table(Routing.objects.get(code=code, version=version).table, version, leaves)


def forget() -> None:
    """Drop what this process remembers: after publishing, and between tests."""
    _current.clear()
    for remembered in (procedure_version, catalogue_version, routing_version):
        remembered.cache_clear()


def _latest(model: type[Procedure | Catalogue | Routing], code: str) -> int:
    found = model.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    if found is None:
        raise Unprocessable(
            "city_not_loaded",
            _("城市数据还没有装入，不能登记案件。"),
            _("请管理员运行 linli load-city。"),
            status=503,
        )
    return int(found)
