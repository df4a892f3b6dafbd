"""Reading what is known of files, and links that open one of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from linli.kernel import clock
from linli.kernel.home import Home
from linli.registers.files import rules
from linli.registers.files.models import StoredFile
from linli.registers.files.types import THUMB_WIDTHS

LINK_S = 3_600


def files_known(hashes: Iterable[str]) -> dict[str, StoredFile]:
    """Return the stored files among `hashes`, by hash. COST: one indexed query."""
    wanted = list(hashes)
    return {row.sha256: row for row in StoredFile.objects.filter(sha256__in=wanted)} if wanted else {}


def photo_url(sha256: str, width: int | None = None) -> str:
    """Give the address of a photo, or of its thumbnail of `width` pixels (one of THUMB_WIDTHS)."""
    if width is None:
        return reverse("files:photo", args=[sha256])
    if width not in THUMB_WIDTHS:
        raise ValueError(f"thumbnails are {THUMB_WIDTHS} pixels wide")
    return reverse("files:thumb", args=[sha256, width])


def signed_url(sha256: str, width: int | None = None, lifetime_s: int = LINK_S) -> str:
    """Give an address that opens without an account for about `lifetime_s`.

    The end is rounded up to a whole lifetime, so that a page asked for twice names the same address and a
    browser's cache serves the second.
    """
    until_s = (int(clock.now().timestamp()) // lifetime_s + 2) * lifetime_s
    query = urlencode({"until": until_s, "signature": rules.signature(_key(), sha256, until_s)})
    return f"{photo_url(sha256, width)}?{query}"


def link_opens(sha256: str, until: str, signature: str) -> bool:
    """Tell whether the `until` and `signature` of an address open `sha256` now."""
    if not until.isascii() or not until.isdigit() or len(until) > 12:
        return False
    return rules.opens(_key(), sha256, int(until), signature, clock.now().timestamp())


@lru_cache(maxsize=1)
def _key() -> bytes:
    return Home.current().secret("file-links")
