"""Taking files in."""

from __future__ import annotations

import errno
import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Refusal, Unprocessable
from linli.registers.bus.actions import Deed, act
from linli.registers.files import engine, store, uploads
from linli.registers.files.models import StoredFile
from linli.registers.files.types import PHOTO_LIMIT_BYTES, NotAPhoto, PhotoFacts
from linli.registers.record.types import SYSTEM, Actor, Subject

TAKE_THESE = _("请上传 JPEG、PNG 或 WebP 照片。")
REASONS: dict[str, tuple[Any, Any]] = {
    "empty": (_("“%(name)s”是空文件。"), _("请重新选择照片。")),
    "executable": (_("“%(name)s”不是照片，而是一个程序。改了扩展名也不能上传。"), TAKE_THESE),
    "heic": (
        _("“%(name)s”是 HEIC 照片，本系统还读不了。"),
        _("请在手机“设置 › 相机 › 格式”选择“兼容性最佳”后重拍，或先转成 JPEG。"),
    ),
    "avif": (_("“%(name)s”是 AVIF 图片，本系统还读不了。"), _("请先转成 JPEG 再上传。")),
    "other": (_("“%(name)s”不是能识别的照片。"), TAKE_THESE),
    "damaged": (_("“%(name)s”不完整或已损坏，打不开。"), _("请重新拍摄或重新选择后再上传。")),
    "huge": (_("“%(name)s”的像素太多，打不开。"), _("请选用一亿像素以内的照片。")),
}


def file_store(
    deed: Deed | None, upload: UploadedFile, kind: str = "photo", *, actor: Actor = SYSTEM
) -> StoredFile:
    """Take in one photo and return its row; the same content again returns the row there is.

    Inside an act its `deed` is given and notes the hash; without one, an act of `actor` is opened.
    EFFECTS: the original on disk, synced, before the row exists; at most one row a content; idempotent.
    ERRORS: TooLarge; Unprocessable not_a_photo_<why> naming the file and how to mend it; Refusal disk_full.
    COST: one full decode, two statements.
    """
    name = (upload.name or "photo")[-80:]
    if (upload.size or 0) > PHOTO_LIMIT_BYTES:
        raise uploads.file_too_large(name, upload.size or 0)
    data = upload.read(PHOTO_LIMIT_BYTES + 1)
    if len(data) > PHOTO_LIMIT_BYTES:
        raise uploads.file_too_large(name, len(data))
    try:
        facts = engine.inspect(data, timezone.get_default_timezone())
    except NotAPhoto as error:
        what, mend = REASONS[error.code]
        raise Unprocessable(
            f"not_a_photo_{error.code}", what % {"name": name}, mend, field="photos"
        ) from error
    sha256 = hashlib.sha256(data).hexdigest()
    _put(sha256, data)
    if deed is not None:
        return _row(deed, sha256, kind, len(data), facts)
    if (known := StoredFile.objects.filter(sha256=sha256).first()) is not None:
        return known
    with act(actor, "file_store", Subject("file", sha256), payload={"bytes": len(data), "kind": kind}) as own:
        return _row(own, sha256, kind, len(data), facts)


def _put(sha256: str, data: bytes) -> None:
    """Write the original. ERRORS: Refusal disk_full (507), and then nothing of it is left behind."""
    try:
        store.put(store.path_of(sha256), data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refusal(
            "disk_full",
            _("存放照片的磁盘满了，照片没有收下。"),
            _("请稍后再试，或先不带照片提交；急事请打 12345。"),
            field="photos",
            status=507,
        ) from error


def _row(deed: Deed, sha256: str, kind: str, size_bytes: int, facts: PhotoFacts) -> StoredFile:
    """Insert the row unless somebody was faster; both then read the same one."""
    fresh = StoredFile(
        sha256=sha256,
        kind=kind,
        media_type=facts.media_type,
        size_bytes=size_bytes,
        width=facts.width,
        height=facts.height,
        taken_at=facts.taken_at,
        lon=facts.lon,
        lat=facts.lat,
        stored_at=deed.at,
        stored_by=f"{deed.actor.kind}:{deed.actor.key}",
    )
    StoredFile.objects.bulk_create([fresh], ignore_conflicts=True)
    deed.payload.setdefault("files", []).append(sha256)
    return StoredFile.objects.get(sha256=sha256)
