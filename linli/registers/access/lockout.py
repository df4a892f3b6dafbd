"""What a locked-out person reads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Answer 429 with when to try again (GB/T 22239 §8: failures lock)."""
    return render(request, "access/locked.html", status=429)
