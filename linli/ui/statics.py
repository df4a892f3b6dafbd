"""Serve what script/frontend built, also after a new build without a restart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from linli.ui import assets

HASHED = re.compile(r"-[0-9A-Za-z]{8,16}\.\w+$")


class BuiltFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise over `build/frontend/<hash>/`. Files of earlier builds stay served while this process lives."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.served: set[str] = set()
        self.take_build()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.static_prefix):
            self.take_build()
        response: HttpResponse = super().__call__(request)
        return response

    def take_build(self) -> None:
        """Add the files of the current build when it is new. COST: one stat otherwise."""
        build = assets.current()
        if build.hash in self.served or build.directory is None or not build.directory.is_dir():
            return
        self.add_files(str(build.directory), prefix=self.static_prefix)
        self.served.add(build.hash)

    def immutable_file_test(self, path: str, url: Any) -> bool:
        """Tell whether a file's name carries its hash, so that it may be kept for ever."""
        return bool(HASHED.search(str(url)))
