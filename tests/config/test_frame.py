"""What every answer of the house has in common."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.test import Client, RequestFactory, override_settings

from linli.config import middleware, pages
from linli.config.middleware import content_security_policy
from linli.config.settings import database


def test_the_policy_allows_no_inline_script_no_eval_and_nobody_else():
    policy = dict(part.split(" ", 1) for part in content_security_policy().split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in content_security_policy()
    hosts = {word for words in policy.values() for word in words.split() if "://" in word}
    assert all(host.startswith(("http://127.0.0.1:", "http://localhost:")) for host in hosts)


def test_a_live_stream_elsewhere_is_the_one_host_that_is_allowed():
    with override_settings(LINLI_LIVE_URL="https://city.example/live"):
        assert "connect-src 'self' https://city.example;" in content_security_policy()
    with override_settings(LINLI_LIVE_URL="/live"):
        assert "connect-src 'self';" in content_security_policy()


@pytest.mark.parametrize("path", ["/login", "/no-such-page/", "/healthz", "/api/openapi.json"])
def test_every_answer_carries_the_safety_headers(db, path: str):
    headers = Client().get(path).headers
    assert headers["Content-Security-Policy"] == content_security_policy()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_health_tells_whether_the_database_answers(db, monkeypatch: pytest.MonkeyPatch):
    assert Client().get("/healthz").json() == {"status": "ok"}

    class Gone:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(pages, "connection", Gone())
    assert Client().get("/healthz").status_code == 503


def test_an_address_that_leads_nowhere_says_so_in_the_caller_s_form(db):
    page = Client().get("/no-such-page/")
    assert page.status_code == 404
    assert "<html" in page.content.decode()
    data = Client().get("/api/no-such-thing").json()
    assert data["code"] == "no_page"
    assert data["mend"]


def test_the_api_describes_itself(db):
    described = json.loads(Client().get("/api/openapi.json").content)
    assert described["openapi"].startswith("3.1")
    assert "/api/cases/reports" in described["paths"]


def test_a_stranger_at_the_api_is_asked_to_log_in(db):
    answer = Client().get("/api/cases")
    assert answer.status_code == 401
    assert answer.json()["code"] == "login_needed"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://linli:p%40ss@db.example:6432/city?sslmode=require",
            {"NAME": "city", "USER": "linli", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": 6432},
        ),
        ("postgresql://linli:x@/city?host=%2Frun%2Fhere", {"HOST": "/run/here", "PORT": "", "NAME": "city"}),
        ("postgresql:///city", {"NAME": "city", "USER": "", "HOST": ""}),
    ],
)
def test_an_address_of_a_database_is_understood(url: str, expected: dict[str, object]):
    settings = database(url)
    assert {key: settings[key] for key in expected} == expected
    assert settings["OPTIONS"].get("sslmode") == ("require" if "sslmode" in url else None)


def test_a_database_may_be_pooled_or_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LINLI_DATABASE_POOL", "7")
    assert database("postgresql:///city")["OPTIONS"]["pool"]["max_size"] == 7
    monkeypatch.setenv("LINLI_DATABASE_POOL", "0")
    assert database("postgresql:///city")["OPTIONS"]["pool"] is False


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_behind_proxies_the_caller_is_who_the_own_proxy_saw(
    settings, rf: RequestFactory, proxies: int, header: str, expected: str
):
    settings.LINLI_PROXIES = proxies
    seen: list[str] = []
    middleware.CallersAddress(lambda request: seen.append(request.META["REMOTE_ADDR"]))(
        rf.get("/", headers={"X-Forwarded-For": header} if header else {})
    )
    assert seen == [expected]


def test_without_proxies_the_header_is_not_even_read(settings):
    settings.LINLI_PROXIES = 0
    with pytest.raises(MiddlewareNotUsed):
        middleware.CallersAddress(lambda request: None)
