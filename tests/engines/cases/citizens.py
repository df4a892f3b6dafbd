"""What citizens send, and how their pages are read in tests."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

from linli.registers.places.types import AddressHit
from tests.engines.cases.conftest import HERE

JSON = {"HTTP_ACCEPT": "application/json"}
HITS = {
    "白塔路": [AddressHit("白塔路", *HERE, "road")],
    "幸福": [AddressHit("幸福小区", *HERE, "estate"), AddressHit("幸福路", 104.56, 30.42, "road")],
}


def search(text: str, limit: int) -> list[AddressHit]:
    """Stand in for the places register: the label itself first, else what begins like it."""
    exact = [hit for hits in HITS.values() for hit in hits if hit.label == text]
    return exact or HITS.get(text, [])[:limit]


def said(**changed: Any) -> dict[str, Any]:
    """A whole report as the form sends it."""
    report: dict[str, Any] = {
        "submission_id": str(uuid4()),
        "kind": "event.0102",
        "description": "垃圾三天没人清",
        "lon": HERE[0],
        "lat": HERE[1],
    }
    return {key: value for key, value in (report | changed).items() if value is not None}


def text_of(response: Any) -> str:
    """The words of a page, tags and scripts left out."""
    html = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def opened_at(response: Any) -> tuple[str, str]:
    """Code and secret of the confirmation a report led to."""
    found = re.fullmatch(r"/report/sent/([^/]+)/\?s=(\w+)", response["Location"])
    assert found, response["Location"]
    return found[1], found[2]
