"""Floors and order, by import-linter on the contracts of pyproject.toml."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.architecture.tree import Finding, Tree

RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports('pyproject.toml', no_cache=True))"


def check(tree: Tree) -> Iterator[Finding]:
    """Yield the broken contracts. COST: one process of some seconds."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tree.root,
        env={**os.environ, "PYTHONPATH": str(tree.root)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = [
            line
            for line in done.stdout.splitlines()
            if "BROKEN" in line or "->" in line or "not allowed" in line
        ]
        yield Finding("pyproject.toml", 1, "; ".join(said) or (done.stdout + done.stderr)[-2000:])


def ignored(tree: Tree) -> Iterator[Finding]:
    """Yield contracts that look away: the house starts empty, so it needs no exceptions."""
    for contract in contracts(tree):
        for name in ("ignore_imports", "unmatched_ignore_imports_alerting", "exhaustive_ignores"):
            if contract.get(name):
                yield Finding("pyproject.toml", 1, f"{contract['name']!r} has {name}")


def uncovered(tree: Tree) -> Iterator[Finding]:
    """Yield rooms of floors 1 and 2 that no contract puts in order."""
    named = {
        part.strip(" ()")
        for contract in contracts(tree)
        for layer in contract.get("layers", [])
        for part in layer.replace("|", ":").split(":")
    }
    for room in tree.rooms():
        if room.startswith(("linli.registers.", "linli.engines.")) and room not in named:
            yield Finding("pyproject.toml", 1, f"{room} stands in no contract's layers")


def contracts(tree: Tree) -> list[dict[str, Any]]:
    """Read the contracts."""
    settings = tomllib.loads((tree.root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found
