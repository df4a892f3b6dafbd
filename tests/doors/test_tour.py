"""The tour: stories that the city tells, told only in a demo, moved on by nothing but their case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.doors import tour, tour_views
from linli.doors.tour import Progress
from linli.doors.tour_views import page_of
from linli.kernel.home import Home
from linli.registers.record.models import Entry
from tests.cast import Cast

CITY = Path(__file__).resolve().parents[2] / "cities" / "jianyang"
TABLE: dict[str, Any] = json.loads((CITY / "doors" / "tour.json").read_text(encoding="utf-8"))
MANHOLE = next(story for story in tour.read_stories(TABLE) if story.key == "manhole")


@pytest.fixture(autouse=True)
def stories_of_the_city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "tour_file", lambda: CITY / "doors" / "tour.json")
    monkeypatch.setattr(tour_views, "similar", lambda *place, limit: [])


def test_every_story_uses_states_categories_and_accounts_that_exist() -> None:
    states = {row["code"] for row in _table("cases/procedure_urban.json")["states"]}
    categories = {row["code"] for row in _table("cases/catalogue.json")["categories"]}
    accounts = (CITY / "access" / "demo_accounts.csv").read_text(encoding="utf-8")
    for story in tour.read_stories(TABLE):
        assert set(story.path) <= states
        assert set(tour.ASIDE) <= states
        assert story.category in categories
        for step in story.steps:
            assert f"\n{step.account}," in accounts
            assert step.text_zh
            assert step.text_en


@pytest.mark.parametrize(
    ("state", "is_rated", "done"),
    [
        ("", False, 0),
        ("registered", False, 1),
        ("to_verify", False, 2),
        ("to_dispatch", False, 4),
        ("returned", False, 4),
        ("in_handling", False, 5),
        ("rework", False, 5),
        ("to_check", False, 6),
        ("closed", False, 8),
        ("closed", True, 9),
        ("rejected", False, 0),
    ],
)
def test_a_story_stands_where_its_case_stands(state: str, is_rated: bool, done: int) -> None:
    assert MANHOLE.done(state, is_rated) == done


def test_a_table_that_tells_no_story_is_refused() -> None:
    broken = json.loads(json.dumps(TABLE))
    broken["stories"][0]["steps"][0]["done_from"] = "nowhere"
    with pytest.raises(ValueError, match="not on the path"):
        tour.read_stories(broken)


def test_only_those_who_play_may_be_entered_as() -> None:
    assert tour.cast() == {"resident", "dispatcher", "handler"}


def test_a_step_leads_to_its_page() -> None:
    report, accept, rate = MANHOLE.steps[0], MANHOLE.steps[1], MANHOLE.steps[-1]
    assert page_of(MANHOLE, report, Progress()).startswith(f"{reverse('cases:report')}?kind=part.0114&")
    assert page_of(MANHOLE, accept, Progress()) == reverse("cases:work_cases")
    assert page_of(MANHOLE, accept, Progress("20260309-7K2MQ")) == reverse(
        "cases:work_case", args=["20260309-7K2MQ"]
    )
    assert page_of(MANHOLE, rate, Progress()) == reverse("cases:track_find")


def test_outside_a_demo_there_is_no_tour(cast: Cast, client: Client, settings: Any) -> None:
    settings.LINLI_DEMO = False
    assert client.get("/tour").status_code == 404
    form = {"story": "manhole", "step": "accept"}
    assert client.post("/tour/enter/dispatcher", form).status_code == 404
    assert client.post("/tour/again/manhole").status_code == 404
    assert "_auth_user_id" not in client.session


def test_entering_is_a_log_in_on_the_record(cast: Cast, client: Client, settings: Any) -> None:
    settings.LINLI_DEMO = True
    answer = client.post("/tour/enter/dispatcher", {"story": "manhole", "step": "accept"})
    assert answer.status_code == 302
    assert answer["Location"] == "/work/cases/"
    assert client.session["_auth_user_id"] == str(cast.dispatcher.pk)
    assert Entry.objects.filter(action="login", subject_keys=["dispatcher"]).count() == 1
    client.post("/tour/enter/dispatcher", {"story": "manhole", "step": "verify"})
    assert Entry.objects.filter(action="login", subject_keys=["dispatcher"]).count() == 1


@pytest.mark.parametrize(
    ("username", "form"),
    [
        ("admin", {"story": "manhole", "step": "accept"}),
        ("handler", {"story": "manhole", "step": "accept"}),
        ("dispatcher", {"story": "manhole", "step": "nothing"}),
        ("dispatcher", {"story": "nothing", "step": "accept"}),
        ("dispatcher", {}),
    ],
)
def test_nobody_is_entered_as_whom_the_step_does_not_name(
    cast: Cast, client: Client, settings: Any, username: str, form: dict[str, str]
) -> None:
    settings.LINLI_DEMO = True
    assert client.post(f"/tour/enter/{username}", form).status_code == 404
    assert "_auth_user_id" not in client.session


def test_entering_needs_the_form_token(cast: Cast, settings: Any) -> None:
    settings.LINLI_DEMO = True
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/tour/enter/dispatcher", {"story": "manhole", "step": "accept"}).status_code == 403


def test_a_forged_memory_of_the_walk_is_forgotten(cast: Cast, client: Client, settings: Any) -> None:
    settings.LINLI_DEMO = True
    client.cookies["linli_tour"] = "manhole|2020-01-01T00:00:00+00:00|20260309-7K2MQ:forged"
    page = client.get("/tour").content.decode()
    assert 'data-done="0"' in page
    assert "20260309-7K2MQ" not in page


def test_a_city_without_stories_says_so(
    cast: Cast, client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LINLI_DEMO = True
    monkeypatch.setattr(tour, "tour_file", lambda: tmp_path / "tour.json")
    answer = client.get("/tour")
    assert answer.status_code == 200
    assert "这座城市还没有故事" in answer.content.decode()


def test_the_stories_are_those_of_the_city_that_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    Home(tmp_path).write_json("city.json", {"folder": "/somewhere/else", "state": "loaded"})
    assert tour.tour_file() == Path("/somewhere/else/doors/tour.json")


def _table(name: str) -> dict[str, Any]:
    return json.loads((CITY / name).read_text(encoding="utf-8"))
