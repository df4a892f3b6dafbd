"""Who may not, cannot: by page, API, tile, export and stream alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import mapbox_vector_tile
import pytest

from simulator.client import Desk, Refused
from tests.e2e.person import PLACE, Person
from tests.e2e.staged import TO_HANDLING, desk, move, open_case
from tests.live_ear import Ear
from tests.running_home import RunningHome

ZOOM = 16


@pytest.fixture(scope="module")
def code(house: RunningHome) -> str:
    """A case in the hands of Urban Management: no business of the Water Bureau, a doctor, a resident, a visitor."""
    opened, _secret = open_case(house, "只归城管看的一件事。")
    dispatcher = desk(house, "dispatcher")
    for action in TO_HANDLING:
        move(
            dispatcher, opened, action, **({"department": "urban-management"} if action == "dispatch" else {})
        )
    return opened


@pytest.fixture(scope="module")
def desks(house: RunningHome) -> Iterator[Callable[[str], Desk]]:
    known: dict[str, Desk] = {}

    def of(username: str) -> Desk:
        if username not in known:
            known[username] = desk(house, username)
        return known[username]

    yield of
    for one in known.values():
        one.close()


def status(who: Desk, path: str) -> int:
    return who.http.get(path, headers={"Accept": "text/html"}).status_code


@pytest.mark.parametrize("path", ["/work/cases/", "/work/cases/export.csv?scope=open", "/wall/"])
@pytest.mark.parametrize("username", ["doctor", "resident"])
def test_without_the_post_a_page_is_403(desks: Callable[[str], Desk], username: str, path: str) -> None:
    assert status(desks(username), path) == 403


@pytest.mark.parametrize("path", ["/work/cases/", "/work/cases/export.csv", "/wall/"])
def test_a_stranger_is_sent_to_the_log_in(house: RunningHome, path: str) -> None:
    answer = httpx.get(house.url + path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_without_the_post_the_window_says_so_in_words(person: Callable[..., Person]) -> None:
    doctor = person("doctor")
    answer = doctor.go("/work/cases/")
    assert answer.status == 403
    assert "您的岗位没有这项权限" in doctor.page.locator("main").inner_text()


def test_the_page_of_a_case_of_others_does_not_exist(desks: Callable[[str], Desk], code: str) -> None:
    assert status(desks("handler"), f"/work/cases/{code}/") == 200
    assert status(desks("handler-water"), f"/work/cases/{code}/") == 404


def test_the_api_refuses_or_is_empty(house: RunningHome, desks: Callable[[str], Desk], code: str) -> None:
    for username in ("doctor", "resident"):
        with pytest.raises(Refused) as refused:
            desks(username).json("GET", "/api/cases")
        assert refused.value.status == 403
    assert httpx.get(f"{house.url}/api/cases").status_code == 401
    found = desks("handler-water").json("GET", "/api/cases", params={"q": code})
    assert (found["total"], found["items"]) == (0, [])
    assert desks("handler").json("GET", "/api/cases", params={"q": code})["total"] == 1
    for path, body in (
        (f"/api/cases/{code}", None),
        (f"/api/cases/{code}/transitions", {"action": "finish", "note": "x"}),
    ):
        with pytest.raises(Refused) as refused:
            desks("handler-water").json("POST" if body else "GET", path, **({"json": body} if body else {}))
        assert refused.value.status == 404


def test_a_step_beyond_the_post_is_403(desks: Callable[[str], Desk], code: str) -> None:
    with pytest.raises(Refused) as refused:
        move(desks("handler"), code, "close")
    assert refused.value.status in (403, 409)


def test_tiles_are_empty_or_refused(house: RunningHome, desks: Callable[[str], Desk], code: str) -> None:
    x, y = tile_of(*PLACE)
    path = f"/tiles/cases/{ZOOM}/{x}/{y}.mvt"
    assert httpx.get(house.url + path).status_code == 403
    assert code in codes_on(desks("handler").http.get(path))
    assert code not in codes_on(desks("handler-water").http.get(path))
    for username in ("doctor", "resident"):
        assert codes_on(desks(username).http.get(path)) == set()


def test_exports_are_refused_and_hold_only_ones_own(desks: Callable[[str], Desk], code: str) -> None:
    assert status(desks("handler-water"), "/work/cases/export.csv?scope=open") == 403
    assert code in desks("dispatcher").http.get(f"/work/cases/export.csv?scope=open&q={code}").text


def test_the_stream_tells_each_only_their_own(
    house: RunningHome, desks: Callable[[str], Desk], code: str
) -> None:
    visitor = httpx.Client(base_url=house.url)
    ears = {
        name: Ear(desks(name).http, house.live_url)
        for name in ("handler", "handler-water", "doctor", "resident")
    }
    ears["visitor"] = Ear(visitor, house.live_url)
    try:
        move(desks("handler"), code, "finish", note="已清理。")
        assert ears["handler"].wait_for(code, "case.changed")
        # The same moment has passed for everybody: what they were to hear, they have heard.
        for name in ("handler-water", "doctor", "resident", "visitor"):
            assert code not in ears[name].codes("case.changed"), name
        assert not [
            text for one in ears["handler"].heard for text in ("13900001111", "只归城管") if text in str(one)
        ]
    finally:
        for ear in ears.values():
            ear.close()


def tile_of(lon: float, lat: float) -> tuple[int, int]:
    """Return the tile of a point at ZOOM."""
    import math

    side = 1 << ZOOM
    turn = math.radians(lat)
    return int((lon + 180) / 360 * side), int((1 - math.asinh(math.tan(turn)) / math.pi) / 2 * side)


def codes_on(answer: httpx.Response) -> set[str]:
    """Return the case codes on a tile; a group counts as hidden codes and fails the test."""
    if answer.status_code in (204, 403):
        return set()
    assert answer.status_code == 200, answer.text
    layers = mapbox_vector_tile.decode(answer.content)
    return {
        feature["properties"].get("code", "") for layer in layers.values() for feature in layer["features"]
    }
