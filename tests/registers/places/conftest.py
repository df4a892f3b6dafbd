"""A tiny city in a folder, and the same loaded; nothing is remembered from one test to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.registers.places import city, queries
from tests.registers.places.tiny import write_city


def silent(label: str, done: int, total: int) -> None:
    """Take progress and say nothing."""


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The folder of the tiny city."""
    return write_city(tmp_path)


@pytest.fixture
def loaded(tiny: Path, db: None) -> Path:
    """The tiny city, loaded."""
    city.load(tiny, silent)
    return tiny
