"""Every test of files reads Chinese, whatever a page before it left active."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Speak the source language."""
    with translation.override("zh-hans"):
        yield
