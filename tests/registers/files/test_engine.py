"""Photos judged by what they contain, read, and copied without what they betray."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from linli.registers.files.engine import inspect, media_type_of, thumbnail, upright_copy
from linli.registers.files.rules import opens, signature
from linli.registers.files.types import NotAPhoto
from tests.registers.files.photos import TAKEN, jpeg, png

ZONE = ZoneInfo("Asia/Shanghai")
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
BLUEFIELD = ("E", (104.0, 32.0, 47.4)), ("N", (30.0, 24.0, 41.4))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 60, "executable"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "executable"),
        (b"#!/bin/sh\nrm -rf /\n", "executable"),
        (HEIC, "heic"),
        (b"\x00\x00\x00\x1cftypavif" + b"\0" * 20, "avif"),
        (b"GIF89a" + b"\0" * 30, "other"),
        (b"%PDF-1.7\n", "other"),
        (b"PK\x03\x04" + b"\0" * 30, "other"),
        (b"<svg onload=alert(1)>", "other"),
        (jpeg()[:200], "damaged"),
        (jpeg()[: len(jpeg()) // 2], "damaged"),
        (b"\xff\xd8\xff\xe0" + b"MZ" * 200, "damaged"),
        (png()[:60], "damaged"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(NotAPhoto) as caught:
        inspect(data, ZONE)
    assert caught.value.code == why


def test_a_photo_that_claims_to_be_enormous_is_refused_before_it_is_decoded() -> None:
    flat = png()
    width = (60_000).to_bytes(4, "big")
    bomb = flat[:16] + width + width + flat[24:]
    with pytest.raises(NotAPhoto) as caught:
        inspect(bomb, ZONE)
    assert caught.value.code in ("huge", "damaged")


def test_time_and_place_are_read_from_exif() -> None:
    facts = inspect(jpeg(taken=TAKEN, gps=BLUEFIELD), ZONE)
    assert facts.taken_at == datetime(2026, 3, 8, 7, 45, 10, tzinfo=ZONE)
    assert facts.lon == pytest.approx(104.5465, abs=1e-4)
    assert facts.lat == pytest.approx(30.4115, abs=1e-4)
    assert inspect(jpeg(taken=TAKEN, offset="+00:00"), ZONE).taken_at == datetime(
        2026, 3, 8, 7, 45, 10, tzinfo=timezone(timedelta(0))
    )


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "", "2026:13:40 99:99:99"])
def test_an_impossible_time_is_dropped(taken: str) -> None:
    assert inspect(jpeg(taken=taken), ZONE).taken_at is None


@pytest.mark.parametrize(
    "gps",
    [(("E", (0.0, 0.0, 0.0)), ("N", (0.0, 0.0, 0.0))), (("E", (999.0, 0.0, 0.0)), ("N", (30.0, 0.0, 0.0)))],
)
def test_an_impossible_place_is_dropped(gps: object) -> None:
    assert inspect(jpeg(gps=gps), ZONE).lon is None


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (64, 48)), (3, (64, 48)), (6, (48, 64)), (8, (48, 64))]
)
def test_a_turned_photo_is_served_upright_in_the_size_it_is_said_to_have(
    orientation: int, size: tuple[int, int]
) -> None:
    data = jpeg(orientation=orientation, taken=TAKEN, gps=BLUEFIELD)
    facts = inspect(data, ZONE)
    assert (facts.width, facts.height) == size
    with Image.open(io.BytesIO(upright_copy(data))) as copy:
        assert copy.size == size


@pytest.mark.parametrize("make", [upright_copy, lambda data: thumbnail(data, 320)])
def test_no_copy_betrays_when_and_where_it_was_taken(make: object) -> None:
    copy = make(jpeg(orientation=6, taken=TAKEN, gps=BLUEFIELD))  # type: ignore[operator]
    assert b"2026:03:08" not in copy
    assert b"secret comment" not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert not dict(image.getexif())
        assert "comment" not in image.info


def test_a_thumbnail_fits_its_width_and_never_grows() -> None:
    with Image.open(io.BytesIO(thumbnail(jpeg(1200, 800), 320))) as small:
        assert (small.format, small.size) == ("WEBP", (320, 213))
    with Image.open(io.BytesIO(thumbnail(jpeg(100, 400), 320))) as small:
        assert small.size == (80, 320)
    with Image.open(io.BytesIO(thumbnail(png(), 960))) as small:
        assert small.size == (32, 32)


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_without_harm(data: bytes) -> None:
    try:
        media_type_of(data[:32])
        inspect(data, ZONE)
    except NotAPhoto as refusal:
        assert refusal.code


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**33), st.floats(0, 2**33), st.text(max_size=50))
def test_a_link_opens_its_file_until_its_time_and_no_other(
    key: bytes, until_s: int, now_s: float, guess: str
) -> None:
    one, other = "a" * 64, "b" * 64
    made = signature(key, one, until_s)
    assert opens(key, one, until_s, made, now_s) == (now_s < until_s)
    assert not opens(key, other, until_s, made, 0)
    assert not opens(key, one, until_s + 1, made, 0)
    if guess != made:
        assert not opens(key, one, until_s, guess, 0)
