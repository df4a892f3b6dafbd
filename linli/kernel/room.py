"""How a room registers what crosses the house, so that doors and config never import by name.

A room lists in `offers` the submodules it registers; `offered()` yields them in floor order.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from django.apps import AppConfig, apps
from django.http import HttpRequest

OFFERS = frozenset(
    {
        "access_rules",
        "city",
        "clocks",
        "consumers",
        "endpoints",
        "file_guards",
        "menu",
        "panels",
        "search",
        "tiles",
        "tour",
        "urls",
    }
)


class RoomConfig(AppConfig):
    """One room of the house. `offers` names the submodules it registers (a subset of `OFFERS`)."""

    # Django takes the one AppConfig of an apps.py whose `default` holds; this class is imported there too.
    default = False
    offers: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def offered(kind: str) -> Iterator[tuple[RoomConfig, ModuleType]]:
    """Yield each room that offers `kind` with that submodule, lowest floor first.

    ERRORS: ValueError for a kind no contract knows; ImportError when a room offers what it does not have.
    """
    if kind not in OFFERS:
        raise ValueError(f"no room can offer {kind!r}; known: {', '.join(sorted(OFFERS))}")
    for config in apps.get_app_configs():
        if isinstance(config, RoomConfig) and kind in config.offers:
            yield config, importlib.import_module(f"{config.name}.{kind}")


@dataclass(frozen=True)
class Clock:
    """Work a room does by itself, in the worker, every so often and once at its start.

    `run` does a batch and says whether more is waiting; then it is called again at once. It may be killed at any
    point and run in two workers at a time: what it does, it does in a transaction, over rows it has locked.
    """

    name: str
    every_s: float
    run: Callable[[], bool]


@dataclass(frozen=True)
class MenuItem:
    """One line of the staff menu. `permission` is empty when every member of staff may see it."""

    label: Any  # lazily translated
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100


@dataclass(frozen=True)
class Panel:
    """One part of the wall: rendered by doors from the room's own template and context."""

    key: str
    side: str  # left | right | bottom
    title: Any  # lazily translated
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]
    order: int = 100
    refresh_on: tuple[str, ...] = field(default=())  # event names after which the panel is fetched again


@dataclass(frozen=True)
class TileSource:
    """Vector tiles a room serves at /tiles/<name>/<z>/<x>/<y>.mvt. `read` returns MVT bytes or None when empty."""

    name: str
    read: Callable[[HttpRequest, int, int, int], bytes | None]
    public: bool = False
    max_age_s: int = 0
