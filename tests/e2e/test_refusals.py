"""What cannot be taken gets a clear answer, before it is sent where the page can know, and from the server always."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from tests.e2e.person import PHONE, PLACE, Person, photo
from tests.e2e.staged import desk, key_of
from tests.running_home import RunningHome

EXECUTABLE = b"MZ" + bytes(200) + b"This program cannot be run in DOS mode" + bytes(4000)
ELF = b"\x7fELF\x02\x01\x01" + bytes(4000)
MEBIBYTE = 1024 * 1024


def send(
    house: RunningHome, photo_bytes: bytes | None = None, name: str = "photo.jpg", **changes: str
) -> httpx.Response:
    """Report by the API with some fields changed; an empty change leaves the field out."""
    fields = {
        "submission_id": str(uuid4()),
        "category": "event.0102",
        "description": "门口有一堆垃圾。",
        "lon": str(PLACE[0]),
        "lat": str(PLACE[1]),
    } | changes
    files = {"photos": (name, photo_bytes, "image/jpeg")} if photo_bytes is not None else None
    data = {key: value for key, value in fields.items() if value}
    return httpx.post(
        f"{house.url}/api/cases/reports", data=data, files=files, headers=key_of(house), timeout=60
    )


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"lon": "103.95", "lat": "30.66"}, "outside_city", "不在本市范围内"),
        ({"lon": "", "lat": ""}, "no_place", "没有地点"),
        ({"lon": "1e400", "lat": "30.4"}, "", ""),
        ({"category": "event.9999"}, "unknown_category", "没有这个类别"),
        ({"description": ""}, "nothing_said", "没有照片"),
        ({"phone": "139****1111"}, "masked_value", "星号"),
    ],
    ids=("outside", "no-place", "no-number", "kind", "nothing-said", "masked"),
)
def test_a_report_that_cannot_be_taken_is_answered_clearly(
    house: RunningHome, changes: dict[str, str], code: str, says: str
) -> None:
    answer = send(house, **changes)
    assert answer.status_code in (400, 422), answer.text
    body = answer.json()
    assert code in body["code"]
    assert says in body["what"]
    assert body["mend"]


@pytest.mark.parametrize("content", [EXECUTABLE, ELF], ids=("exe", "elf"))
def test_a_renamed_executable_is_refused_by_its_content(house: RunningHome, content: bytes) -> None:
    answer = send(house, content, "holiday.jpg")
    assert answer.status_code == 422
    assert answer.json()["code"] == "not_a_photo_executable"
    assert "holiday.jpg" in answer.json()["what"]


def test_a_photo_over_the_limit_is_413_with_its_size(house: RunningHome) -> None:
    answer = send(house, photo("rubbish") + bytes(21 * MEBIBYTE))
    assert answer.status_code == 413, answer.text
    assert "20 MB" in answer.json()["what"]


def test_two_gigabytes_are_refused_before_a_byte_of_them_is_read(house: RunningHome) -> None:
    head = (
        f"POST /api/cases/reports HTTP/1.1\r\nHost: 127.0.0.1:{house.web_port}\r\nAccept: application/json\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {2 * 1024 * MEBIBYTE}\r\n\r\n--x\r\n"
    )
    with socket.create_connection(("127.0.0.1", house.web_port), timeout=20) as line:
        line.sendall(head.encode())
        answer = line.recv(65_536).decode(errors="replace")
    assert " 413 " in answer.splitlines()[0], answer[:300]


def test_the_page_says_a_photo_is_too_large_before_sending_it(person: Callable[..., Person]) -> None:
    citizen = person(size=PHONE)
    sent: list[str] = []
    citizen.page.on("request", lambda request: sent.append(request.method))
    citizen.go("/report/")
    citizen.page.wait_for_selector("html[data-ready]")
    citizen.page.evaluate(
        """() => {
            const files = new DataTransfer();
            const content = [new Uint8Array([255, 216, 255]), new Uint8Array(21 * 1024 * 1024)];
            files.items.add(new File(content, "large.jpg", { type: "image/jpeg" }));
            const input = document.querySelectorAll("input[type=file]")[1];
            input.files = files.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    citizen.page.get_by_text("超过每张 20 MB 的上限").wait_for()
    assert "POST" not in sent


def test_the_page_refuses_a_pin_outside_the_city(person: Callable[..., Person]) -> None:
    citizen = person(size=PHONE)
    citizen.go("/report/?kind=event.0102&description=外地的垃圾&lon=103.95&lat=30.66")
    citizen.page.wait_for_selector("html[data-ready]")
    citizen.page.locator("[data-next]").click()
    citizen.page.locator("[data-next]").click()
    citizen.page.get_by_text("这里不在本市范围内").first.wait_for()
    citizen.page.locator("[data-next]").click()
    assert not re.search("/report/sent/", citizen.page.url)


def test_a_double_click_makes_one_case(house: RunningHome, person: Callable[..., Person]) -> None:
    citizen = person(size=PHONE)
    words = f"双击也只登记一次 {uuid4().hex[:8]}"
    citizen.go(f"/report/?kind=event.0102&description={words}&lon={PLACE[0]}&lat={PLACE[1]}")
    page = citizen.page
    page.wait_for_selector("html[data-ready]")
    for _ in range(3):
        page.locator("[data-next]").click()
    page.wait_for_selector('[data-step="send"]:not([hidden])')
    with page.expect_navigation(url=re.compile(r"/report/sent/")):
        page.locator("[data-send]").dblclick()
    found = desk(house, "dispatcher").json("GET", "/api/cases", params={"q": words})
    assert found["total"] == 1


def test_the_same_submission_twice_is_the_same_case(house: RunningHome) -> None:
    submission = str(uuid4())
    first, second = (send(house, submission_id=submission) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
