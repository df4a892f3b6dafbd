"""Files in and out: bounded, stored once, served to those who may see them."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.client import MULTIPART_CONTENT
from PIL import Image

from linli.kernel import clock
from linli.registers.bus.actions import act
from linli.registers.files import store, uploads
from linli.registers.files.actions import file_store
from linli.registers.files.models import StoredFile
from linli.registers.files.queries import photo_url, signed_url
from linli.registers.files.types import PHOTO_LIMIT_BYTES, REQUEST_LIMIT_BYTES
from linli.registers.record.models import Entry
from linli.registers.record.types import Actor, Subject
from tests.registers.files.photos import TAKEN, jpeg, png, upload

HANDLER = Actor("account", "handler")


def test_a_photo_is_stored_under_the_hash_of_its_content(db: None) -> None:
    data = jpeg(taken=TAKEN)
    row = file_store(None, upload(data), actor=HANDLER)
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert store.path_of(row.sha256).read_bytes() == data
    assert (row.media_type, row.width, row.height, row.size_bytes) == ("image/jpeg", 64, 48, len(data))
    assert row.taken_at is not None
    assert row.stored_by == "account:handler"
    assert Entry.objects.filter(action="file_store", subject_keys=[row.sha256]).count() == 1


def test_the_same_photo_again_is_the_same_file(db: None) -> None:
    first, second = (file_store(None, upload(jpeg(), name), actor=HANDLER) for name in ("a.jpg", "b.jpg"))
    assert first.id == second.id
    assert Entry.objects.filter(action="file_store").count() == 1


def test_inside_an_act_the_photo_is_part_of_it(db: None) -> None:
    with act(HANDLER, "case_finish", Subject("case", "x")) as deed:
        row = file_store(deed, upload(png(), "a.png"))
    assert deed.payload["files"] == [row.sha256]
    assert Entry.objects.filter(action="file_store").count() == 0


def test_a_renamed_program_is_refused_by_name(db: None, refused: Any) -> None:
    with refused("not_a_photo_executable") as caught:
        file_store(None, upload(b"MZ\x90\0" * 40, "假期.jpg"))
    assert "假期.jpg" in str(caught.value.what)
    assert "程序" in str(caught.value.what)
    assert caught.value.status == 422
    assert StoredFile.objects.count() == 0


def test_a_heic_photo_is_refused_with_how_to_mend_it(db: None, refused: Any) -> None:
    with refused("not_a_photo_heic") as caught:
        file_store(None, upload(b"\x00\x00\x00\x18ftypheic" + b"\0" * 30, "IMG_1.HEIC"))
    assert "兼容性最佳" in str(caught.value.mend)


def request_with(parts: dict[str, Any], length: int | None = None) -> HttpRequest:
    """Build a form request that is parsed by our upload handlers."""
    factory = RequestFactory()
    body = factory._encode_data(parts, MULTIPART_CONTENT)  # type: ignore[attr-defined]
    extra = {"CONTENT_LENGTH": str(length)} if length is not None else {}
    request = factory.generic("POST", "/x", body, MULTIPART_CONTENT, **extra)
    request.upload_handlers = [
        uploads.LimitedUpload(request),
        MemoryFileUploadHandler(request),
        TemporaryFileUploadHandler(request),
    ]
    return request


def test_a_file_over_the_limit_is_not_kept_while_it_is_read(
    db: None, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PHOTO_LIMIT_BYTES", 100_000)
    request = request_with({"photos": upload(b"\xff\xd8\xff" + b"\0" * 250_000, "big.jpg"), "text": "kept"})
    big = request.FILES["photos"]
    assert isinstance(big, uploads.OversizedUpload)
    assert big.size == 250_003
    assert big.read() == b""
    assert request.POST["text"] == "kept"
    big.size = PHOTO_LIMIT_BYTES + 1
    with refused("file_too_large") as caught:
        file_store(None, big)
    assert "big.jpg" in str(caught.value.what)
    assert caught.value.status == 413


def test_a_request_over_the_limit_is_refused_before_it_is_read(refused: Any, db: None) -> None:
    request = request_with({"photos": upload(jpeg())}, length=2_000_000_000)
    refusal = uploads.too_large(request)
    assert refusal is not None
    assert refusal.status == 413
    with refused("request_too_large"):
        _ = request.FILES
    assert request._read_started is False  # type: ignore[attr-defined]
    assert uploads.too_large(request_with({"text": "x"})) is None
    assert REQUEST_LIMIT_BYTES > PHOTO_LIMIT_BYTES


def test_many_writers_of_one_content_leave_one_whole_file(tmp_path: Any) -> None:
    path, data = tmp_path / "ab" / "photo", jpeg()
    threads = [threading.Thread(target=store.put, args=(path, data)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() == data
    assert [file.name for file in path.parent.iterdir()] == ["photo"]


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Stand in for the rooms' guards: everybody may, or nobody."""
    from linli.registers.files import views

    class Room:
        answer = False

        @staticmethod
        def may_read(request: HttpRequest, sha256: str) -> bool:
            return Room.answer

    monkeypatch.setattr(views, "offered", lambda kind: iter([(None, Room)]))
    yield lambda answer: setattr(Room, "answer", answer)


def test_a_photo_is_served_upright_without_metadata_to_whom_a_room_lets(
    db: None, client: Client, guarded: Callable[[bool], None]
) -> None:
    row = file_store(None, upload(jpeg(taken=TAKEN, orientation=6)))
    assert client.get(photo_url(row.sha256)).status_code == 404
    guarded(True)
    answer = client.get(photo_url(row.sha256))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert b"2026:03:08" not in body
    with Image.open(io.BytesIO(body)) as image:
        assert image.size == (48, 64)
    again = client.get(photo_url(row.sha256), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_thumbnails_come_in_two_sizes_only(db: None, client: Client, guarded: Callable[[bool], None]) -> None:
    guarded(True)
    row = file_store(None, upload(jpeg(1000, 500)))
    for width in (320, 960):
        answer = client.get(photo_url(row.sha256, width))
        assert answer["Content-Type"] == "image/webp"
        with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:  # type: ignore[attr-defined]
            assert image.width == width
    assert client.get(f"/files/{row.sha256}/thumb-5000").status_code == 404
    assert client.get(f"/files/{'0' * 64}").status_code == 404


def test_somebody_logged_in_without_right_is_told_so(
    db: None, cast: Any, client_of: Any, guarded: Callable[[bool], None]
) -> None:
    row = file_store(None, upload(jpeg()))
    answer = client_of(cast.stranger).get(photo_url(row.sha256), headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "file_not_yours"


def test_a_signed_link_opens_one_file_for_a_while(
    db: None, client: Client, guarded: Callable[[bool], None]
) -> None:
    row, other = (file_store(None, upload(data)) for data in (jpeg(), png()))
    link = signed_url(row.sha256, 320)
    assert client.get(link).status_code == 200
    assert signed_url(row.sha256, 320) == link
    assert client.get(link.replace(row.sha256, other.sha256)).status_code == 404
    assert client.get(link.replace("signature=", "signature=0")).status_code == 404
    assert client.get(link.replace("until=", "until=9")).status_code == 404
    with clock.shifted(timedelta(hours=3)):
        assert client.get(link).status_code == 404
