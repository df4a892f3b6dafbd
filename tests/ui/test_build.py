"""The front end's build: locked without addresses, rebuilt only when something changed, complete."""

from __future__ import annotations

import importlib.util
import json
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from linli.ui import assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    """script/frontend as a module."""
    loader = SourceFileLoader("frontend_build", str(ROOT / "script" / "frontend"))
    spec = importlib.util.spec_from_loader("frontend_build", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    sys.modules["frontend_build"] = module
    loader.exec_module(module)
    sys.path[:] = path
    return module


def test_the_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages and not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for package in packages.values())


def test_versions_are_exact() -> None:
    package = json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)


def test_the_hash_changes_with_icons_and_rare_characters_only(builder: ModuleType) -> None:
    used = builder.font_subset.characters_of([ROOT / "linli" / "ui"])
    first = builder.content_hash(["x"], used)
    assert builder.content_hash(["x"], used) == first
    assert builder.content_hash(["x", "y"], used) != first
    assert builder.content_hash(["x"], used + "的") == first, "a common character needs no new font"
    assert builder.content_hash(["x"], used + "龘") != first


def test_icons_are_found_where_they_are_named(builder: ModuleType) -> None:
    icons = builder.icons_used()
    assert {"menu", "wifi-off", "locate-fixed", "triangle-alert"} <= set(icons) and icons == sorted(icons)


def test_level_one_has_the_standards_number_of_characters(builder: ModuleType) -> None:
    level = builder.font_subset.level_one()
    assert len(level) == 3755 and level[0] == "啊" and level[-1] == "座"


def test_every_character_is_in_exactly_one_slice(builder: ModuleType) -> None:
    slices = builder.font_subset.slices("邻里垚龘")
    together = "".join(slices)
    assert len(together) == len(set(together))
    assert set(builder.font_subset.level_one()) | set("垚龘") <= set(together)


def test_a_range_is_written_as_css_wants_it(builder: ModuleType) -> None:
    assert builder.font_subset.unicode_range("一丁七邻") == "U+4E00-4E01,U+4E03,U+90BB"


def test_what_was_built_is_all_there() -> None:
    build = assets.current()
    if build.directory is None:
        pytest.skip("the front end is not built: run script/frontend")
    for name in (
        "base.js",
        "base.css",
        "map.js",
        "map.css",
        "map-worker.js",
        "chart.js",
        "icons.svg",
        "mark.svg",
    ):
        assert (build.directory / build.manifest[name]).stat().st_size > 0
    css = (build.directory / build.manifest["base.css"]).read_text("utf-8")
    assert '"Linli Sans"' in css or "Linli Sans" in css
    assert (
        list(build.directory.glob("linli-sans-*.woff2"))
        and (build.directory / "linli-sans-LICENSE.txt").exists()
    )
