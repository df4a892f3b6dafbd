"""Addresses of files: content and size are in the address, so what lies there never changes."""

from __future__ import annotations

from django.urls import path, register_converter

from linli.registers.files import views


class Sha256:
    """A SHA-256 in lower-case hex."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

app_name = "files"
urlpatterns = [
    path("files/<sha256:sha256>", views.photo, name="photo"),
    path("files/<sha256:sha256>/thumb-<int:width>", views.thumb, name="thumb"),
]
