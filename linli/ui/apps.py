"""The parts every page is made of."""

from __future__ import annotations

from linli.kernel.room import RoomConfig


class UiConfig(RoomConfig):
    """Templates, tags and styles. No models, no domain words."""

    name = "linli.ui"
    label = "ui"
    verbose_name = "界面"
    offers = ("urls",)
