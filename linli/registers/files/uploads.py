"""How bytes come in: bounded by the request's stated length, then file by file while they are read."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import TooLarge
from linli.registers.files.types import PHOTO_LIMIT_BYTES, REQUEST_LIMIT_BYTES

MEBIBYTE = 1024 * 1024


class OversizedUpload(UploadedFile):
    """What stands for a file that went over the limit: its name and true size, none of its bytes."""


class LimitedUpload(FileUploadHandler):
    """First of the upload handlers: keeps no byte beyond the limit of a file.

    An oversized file still arrives in `request.FILES`, as an `OversizedUpload`, so that whoever takes it in
    (`file_store`) refuses it in the ordinary way, with its name.
    """

    def handle_raw_input(  # type: ignore[override]  # the stubs say the length is text
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django names it so)
        content_length: int,
        boundary: bytes,
        encoding: Any = None,
    ) -> None:
        if content_length > REQUEST_LIMIT_BYTES:
            raise request_too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received_bytes += len(raw_data)
        return raw_data if self.received_bytes <= PHOTO_LIMIT_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.received_bytes <= PHOTO_LIMIT_BYTES:
            return None
        return OversizedUpload(BytesIO(), self.file_name, self.content_type, self.received_bytes)


def too_large(request: HttpRequest) -> TooLarge | None:
    """Judge a request by its stated length, before a byte of it is read; None when it may be read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    return request_too_large() if length > REQUEST_LIMIT_BYTES else None


def request_too_large() -> TooLarge:
    """Say that a whole request is over the limit."""
    return TooLarge(
        "request_too_large",
        _("上传的内容超过 %(limit)s MB，没有接收。") % {"limit": REQUEST_LIMIT_BYTES // MEBIBYTE},
        _("请减少照片张数，或选用较小的照片。"),
        field="photos",
    )


def file_too_large(name: str, size_bytes: int) -> TooLarge:
    """Say that one file is over the limit."""
    return TooLarge(
        "file_too_large",
        _("“%(name)s”有 %(size)s MB，超过每张 %(limit)s MB 的上限。")
        % {"name": name, "size": round(size_bytes / MEBIBYTE, 1), "limit": PHOTO_LIMIT_BYTES // MEBIBYTE},
        _("请在手机上选择“中等”大小，或截取一部分后再上传。"),
        field="photos",
    )
