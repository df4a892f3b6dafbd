"""Logging in, being locked out, and pages that are not for everybody."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from django.test import Client

from linli.kernel.home import Home
from linli.registers.access import queries
from linli.registers.access.models import Account
from linli.registers.access.types import RoomRules
from linli.registers.bus import tokens
from linli.registers.bus.types import Grant
from linli.registers.record.models import Entry
from tests.cast import PASSWORD

RULES = RoomRules("case", {"dispatcher": "all", "handler": "department"}, {"case.dispatch": ("dispatcher",)})


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "room_rules", lambda: {"case": RULES})


def entries(*actions: str) -> list[tuple[str, str]]:
    found = Entry.objects.filter(action__in=actions).order_by("id")
    return [(entry.action, entry.subject_keys[0]) for entry in found]


def log_in(client: Client, username: str = "handler", password: str = PASSWORD, **more: str) -> object:
    return client.post("/login", {"username": username, "password": password, **more})


def test_logging_in_and_out_leaves_entries(cast):
    client = Client()
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/work/")
    assert client.session["_auth_user_id"] == str(cast.handler.pk)
    client.post("/logout")
    assert entries("login", "logout") == [("login", "handler"), ("logout", "handler")]


def test_a_wrong_password_is_told_in_words_and_recorded(cast):
    response = log_in(Client(), password="wrong")
    assert response.status_code == 200
    assert "用户名或密码不对" in response.content.decode()
    assert entries("login", "login_failed") == [("login_failed", "handler")]


def test_a_password_typed_as_a_user_name_never_enters_the_record(cast):
    log_in(Client(), username="my-secret-password", password="x")
    assert entries("login_failed") == [("login_failed", "?")]
    assert not Entry.objects.filter(payload__contains="my-secret-password").exists()


def test_five_failures_lock_and_the_right_password_no_longer_opens(cast):
    client = Client()
    for _ in range(4):
        assert log_in(client, password="wrong").status_code == 200
    assert log_in(client, password="wrong").status_code == 429
    locked = log_in(client)
    assert locked.status_code == 429
    assert "30 分钟" in locked.content.decode()
    assert entries("login") == []


def test_a_lock_holds_for_one_pair_of_account_and_address_only(cast):
    client = Client()
    for _ in range(5):
        log_in(client, password="wrong")
    assert log_in(client, username="dispatcher").status_code == 302
    assert log_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_a_lock_ends_after_half_an_hour(cast, monkeypatch: pytest.MonkeyPatch):
    from datetime import timedelta

    from axes.models import AccessAttempt

    client = Client()
    for _ in range(5):
        log_in(client, password="wrong")
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=31)
        attempt.save()
    assert log_in(client).status_code == 302


def test_four_failures_and_a_success_start_the_count_again(cast):
    client = Client()
    for _ in range(2):
        for _ in range(4):
            log_in(client, password="wrong")
        assert log_in(client).status_code == 302


def test_a_hash_of_an_older_kind_is_replaced_on_the_record(cast):
    from django.contrib.auth.hashers import make_password

    from tests.conftest import writing

    with writing():
        Account.objects.filter(username="handler").update(
            password=make_password(PASSWORD, hasher="pbkdf2_sha256")
        )
    assert log_in(Client()).status_code == 302
    assert Account.objects.get(username="handler").password.startswith("md5$")
    assert entries("password_rehash") == [("password_rehash", "handler")]
    assert log_in(Client()).status_code == 302
    assert len(entries("password_rehash")) == 1


def test_who_fails_to_log_in_is_nobody_yet(cast):
    log_in(Client(), password="wrong")
    entry = Entry.objects.get(action="login_failed")
    assert (entry.actor_kind, entry.actor_key) == ("citizen", "")


def test_a_deactivated_account_cannot_log_in(cast):
    from linli.registers.access.actions import account_deactivate
    from linli.registers.record.types import SYSTEM

    account_deactivate(SYSTEM, "handler", "离职")
    assert log_in(Client()).status_code == 200
    assert entries("login") == []


def test_a_form_without_its_token_is_refused_in_words(cast):
    response = log_in(Client(enforce_csrf_checks=True))
    assert response.status_code == 403
    assert "刷新" in response.content.decode()


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example"])
def test_logging_in_never_leads_to_another_site(cast, where: str):
    assert log_in(Client(), next=where)["Location"] == "/work/"


@pytest.mark.urls("tests.registers.access.pages")
class TestStaffPages:
    """Who gets in."""

    def test_a_visitor_is_led_to_the_log_in_and_back(self, cast):
        response = Client().get("/guarded/?a=1")
        assert response.status_code == 302
        assert response["Location"] == "/login?next=/guarded/%3Fa%3D1"

    def test_the_right_post_enters_and_the_wrong_one_is_refused(self, cast, client_of):
        assert client_of(cast.dispatcher).get("/guarded/").content == b"inside"
        for wrong in (cast.handler, cast.leader, cast.stranger, cast.resident):
            assert client_of(wrong).get("/guarded/").status_code == 403

    def test_a_page_for_all_staff_refuses_citizens_and_people_without_post(self, cast, client_of):
        assert client_of(cast.handler).get("/staff-only/").status_code == 200
        for wrong in (cast.resident, cast.stranger):
            assert client_of(wrong).get("/staff-only/").status_code == 403

    def test_a_refusal_comes_in_the_caller_s_form(self, cast, client_of):
        client = client_of(cast.handler)
        page = client.get("/guarded/")
        assert "text/html" in page["Content-Type"]
        assert "<html" in page.content.decode()
        fragment = client.get("/guarded/", headers={"HX-Request": "true"})
        assert fragment.status_code == 403
        assert "<html" not in fragment.content.decode()
        data = client.get("/guarded/", headers={"Accept": "application/json"})
        assert data.json()["code"] == "not_permitted"

    def test_a_refusal_speaks_english_to_who_asked_for_it(self, cast, client_of):
        client = client_of(cast.handler)
        answer = client.get("/guarded/", headers={"Accept": "application/json", "Accept-Language": "en"})
        assert answer.json()["what"].isascii()


class TestLiveToken:
    """The token a page listens with."""

    def token(self, client: Client) -> tuple[dict[str, str], tokens.Reader]:
        answer = client.get("/live/token")
        assert answer["Cache-Control"].startswith("max-age=0")
        body = answer.json()
        reader = tokens.read(Home.current().secret("live"), body["token"], time.time())
        assert reader is not None
        return body, reader

    def test_it_carries_the_grants_of_the_caller(self, cast, client_of):
        _, reader = self.token(client_of(cast.handler))
        assert reader.account == "handler"
        assert reader.grants == (Grant("case", department="urban-management"),)

    def test_a_visitor_gets_one_for_what_is_public(self, db):
        _, reader = self.token(Client())
        assert (reader.account, reader.grants) == ("", ())

    def test_it_says_when_it_ends_and_where_to_listen(self, db):
        body, reader = self.token(Client())
        ends = datetime.fromisoformat(body["expires_at"])
        assert abs(ends.timestamp() - reader.expires_at) < 1
        assert body["url"] == f"http://testserver:{Home.current().ports().live}/live"

    def test_behind_a_proxy_the_configured_address_is_given(self, db, settings):
        settings.LINLI_LIVE_URL = "https://city.example/live"
        assert self.token(Client())[0]["url"] == "https://city.example/live"


def test_the_last_log_in_is_kept_by_the_record_only(cast):
    log_in(Client())
    assert Account.objects.get(username="handler").last_login is None
