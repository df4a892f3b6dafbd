"""How tests read and press the pages of staff."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from PIL import Image

Pages = Callable[[Any], Client]
QUEUE = "/work/cases/"
HTMX = {"HX-Request": "true"}


def case_url(code: str) -> str:
    return reverse("cases:work_case", args=[code])


def act_url(code: str, action: str) -> str:
    return reverse("cases:work_act", args=[code, action])


def codes_in(response: Any) -> list[str]:
    """The codes of the lines, in their order."""
    return re.findall(r'<tr[^>]* data-code="([^"]+)"', response.content.decode())


def text_of(response: Any, part: str = "html") -> str:
    """What a person reads: no tags, no scripts."""
    html = response.content.decode()
    if found := re.search(rf"<{part}.*</{part}>", html, re.S):
        html = found[0]
    html = re.sub(r"<script.*?</script>", " ", html, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def tab_counts(response: Any) -> list[int]:
    tabs = re.search(r'<nav class="tabs queue-tabs".*?</nav>', response.content.decode(), re.S)
    assert tabs
    return [
        int(number.replace(",", "")) for number in re.findall(r'<span class="count">([\d,]+)</span>', tabs[0])
    ]


def photo(name: str = "现场.jpg") -> io.BytesIO:
    """A small photo, as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    file.name = name
    file.seek(0)
    return file


def exported(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def buttons(response: Any) -> list[str]:
    group = re.search(r'<div class="case-actions".*?</div>', response.content.decode(), re.S)
    return re.sub(r"<[^>]+>", " ", group[0]).split() if group else []
