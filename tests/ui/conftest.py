"""Pages served by a thread of the test run, looked at by a real browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from linli.ui import assets

CHROMIUM = os.environ.get("LINLI_CHROMIUM", "/usr/bin/chromium")
# Software rendering: the machines that run tests have no graphics.
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the test says what failed."""


@pytest.fixture(scope="session")
def gallery_url(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a server of our pages. Skips, visibly, without a built front end."""
    if not assets.current().hash:
        pytest.skip("the front end is not built: run script/frontend")
    with django_db_blocker.unblock():
        server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """A headless Chromium. Skips, visibly, where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium, or set LINLI_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
