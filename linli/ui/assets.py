"""Find what script/frontend built: scripts, styles, fonts and the icon sprite.

The builder writes `build/frontend/<hash>/` and `build/frontend/current.json`
({"hash": …, "manifest": {"base.js": "base-ABC.js", …}}). Every file name but the maps' carries its own hash,
so a file may be cached for ever. Before the first build the plain names are used: a page still renders.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

FRONTEND_DIR = Path(__file__).resolve().parents[2] / "build" / "frontend"


@dataclass(frozen=True)
class Build:
    """One build of the front end. `manifest` maps a plain name to the hashed file name."""

    hash: str = ""
    manifest: dict[str, str] = field(default_factory=dict)

    @property
    def directory(self) -> Path | None:
        """The folder of the built files, or None before the first build."""
        return FRONTEND_DIR / self.hash if self.hash else None


_read: tuple[int, Build] = (0, Build())


def current() -> Build:
    """Return the newest build. COST: one stat; the file is read again only when it changed."""
    global _read
    path = FRONTEND_DIR / "current.json"
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError:
        return Build()
    if _read[0] != changed_ns:
        data = json.loads(path.read_text("utf-8"))
        _read = (changed_ns, Build(data["hash"], data["manifest"]))
    return _read[1]


def url(name: str) -> str:
    """Return the address of the asset `name`, such as "base.js"."""
    return settings.STATIC_URL + current().manifest.get(name, name)


def has(name: str) -> bool:
    """Say whether the current build holds `name`; True before the first build, when nothing is known."""
    build = current()
    return not build.manifest or name in build.manifest
