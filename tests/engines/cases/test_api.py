"""The doors over HTTP: what they answer to visitors, staff, the wrong role, and people in a hurry."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.engines.cases import admission
from linli.engines.cases.models import Case, CaseAttachment
from linli.kernel.home import Home
from linli.registers.files.models import StoredFile
from tests.engines.cases.conftest import HERE
from tests.registers.files.photos import TAKEN, jpeg, upload


def said(**more: Any) -> dict[str, Any]:
    return {"category": "event.0102", "description": "垃圾没人清", "lon": HERE[0], "lat": HERE[1]} | more


def send(client: Client, body: Any, path: str = "/api/cases/reports", **headers: str) -> Any:
    return client.post(path, json.dumps(body), "application/json", headers=headers)


def test_a_report_by_json_is_acknowledged_and_can_be_followed(city: None, client: Client) -> None:
    answer = send(client, said(submission_id=str(uuid4()), phone="13900001234"))
    assert answer.status_code == 201
    opened = answer.json()
    assert opened["track_url"] == f"/track/{opened['code']}/?s={opened['secret']}"
    seen = client.get(f"/api/cases/track/{opened['code']}?secret={opened['secret']}")
    assert seen.status_code == 200
    assert seen.json()["name_zh"] == "已收到，等待受理"
    assert client.get(f"/api/cases/track/{opened['code']}?secret=WRONG").status_code == 404
    assert client.get("/api/cases/track/20200101-NONE?secret=WRONG").status_code == 404


def test_a_repeat_answers_200_with_the_same_case(city: None, client: Client) -> None:
    body = said(submission_id=str(uuid4()))
    first, second = send(client, body), send(client, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Case.objects.count() == 1


def test_a_report_by_form_brings_its_photos(city: None, client: Client) -> None:
    form = {key: str(value) for key, value in said().items()}
    photos = [upload(jpeg(taken=TAKEN)), upload(jpeg(colour=(1, 2, 3)), "b.jpg")]
    answer = client.post("/api/cases/reports", form | {"photos": photos})
    assert answer.status_code == 201, answer.content
    opened = answer.json()
    assert CaseAttachment.objects.filter(case__code=opened["code"], stage="open").count() == 2
    seen = client.get(f"/api/cases/track/{opened['code']}?secret={opened['secret']}").json()
    for photo in seen["photos"]:
        assert client.get(photo["thumb_url"]).status_code == 200
        assert client.get(photo["url"].split("?")[0]).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (said(lon=116.4, lat=39.9), 422, "outside_city"),
        (said(lon=None), 422, "no_place"),
        (said(description=""), 422, "nothing_said"),
        (said(category="moon"), 422, "unknown_category"),
        (said(lon="east"), 422, "invalid_report"),
        (said(submission_id="not-a-uuid"), 422, "invalid_report"),
        ({"description": "x"}, 422, "invalid_report"),
        ([], 422, "invalid_report"),
    ],
)
def test_a_report_that_cannot_be_taken_gets_a_clear_answer(
    city: None, client: Client, body: Any, status: int, code: str
) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["what"]
    assert answer.json()["mend"]


def test_what_is_no_json_is_refused_as_that(city: None, client: Client) -> None:
    answer = client.post("/api/cases/reports", b"{oops", "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


def test_a_renamed_program_or_an_enormous_photo_gets_a_clear_answer(city: None, client: Client) -> None:
    form = {key: str(value) for key, value in said().items()}
    answer = client.post("/api/cases/reports", form | {"photos": upload(b"MZ\x90\0" * 50, "猫.jpg")})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_photo_executable")
    answer = client.post(
        "/api/cases/reports", b"", "multipart/form-data; boundary=x", headers={"Content-Length": "2000000000"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
    assert Case.objects.count() == 0
    assert StoredFile.objects.count() == 0


def test_a_caller_in_a_hurry_is_told_to_wait_and_a_holder_of_the_key_is_not(
    city: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission.REPORTS, "burst", 2)
    statuses = [send(client, said(description=f"垃圾 {n}")).status_code for n in range(4)]
    assert statuses == [201, 201, 429, 429]
    key = Home.current().secret("door-key").hex()
    assert send(client, said(description="有钥匙"), **{"X-Linli-Key": key}).status_code == 201
    assert send(client, said(description="假钥匙"), **{"X-Linli-Key": "0" * 64}).status_code == 429


def test_a_visitor_cannot_say_where_a_report_comes_from(city: None, client: Client) -> None:
    key = Home.current().secret("door-key").hex()
    plain = send(client, said(source="sensor")).json()["code"]
    keyed = send(client, said(source="sensor"), **{"X-Linli-Key": key}).json()["code"]
    assert Case.objects.get(code=plain).source == "web"
    assert Case.objects.get(code=keyed).source == "sensor"


def test_a_grid_workers_report_is_a_collectors(city: None, cast: Any, client_of: Any) -> None:
    code = send(client_of(cast.grid), said()).json()["code"]
    assert Case.objects.get(code=code).source == "collector"


@pytest.mark.parametrize("path", ["/api/cases", "/api/cases/20260309-NONE"])
def test_a_visitor_must_log_in_and_the_wrong_role_is_refused(
    city: None, cast: Any, client_of: Any, client: Client, path: str
) -> None:
    assert client.get(path).status_code == 401
    for who in (cast.stranger, cast.resident):
        answer = client_of(who).get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_staff_list_read_and_move_cases(open_case: Any, cast: Any, client_of: Any) -> None:
    code = open_case(phone="13900001234").code
    desk = client_of(cast.dispatcher)
    page = desk.get("/api/cases?state=registered&page_size=10").json()
    assert (page["total"], [row["code"] for row in page["items"]]) == (1, [code])
    detail = desk.get(f"/api/cases/{code}").json()
    assert detail["contact"] == {"name": "", "phone": "139****1234", "given": True}
    assert [option["action"] for option in detail["options"]] == ["accept", "reject"]
    moved = send(desk, {"action": "accept"}, f"/api/cases/{code}/transitions")
    assert (moved.status_code, moved.json()["state"]) == (200, "to_verify")
    again = send(desk, {"action": "accept"}, f"/api/cases/{code}/transitions")
    assert (again.status_code, again.json()["code"]) == (409, "case_moved")
    assert send(desk, {"text": "打过电话"}, f"/api/cases/{code}/notes").status_code == 204
    shown = send(desk, {"purpose": "核实情况"}, f"/api/cases/{code}/reporter").json()
    assert shown["phone"] == "13900001234"
    other = client_of(cast.other_handler)
    assert other.get("/api/cases").json()["items"] == []
    assert other.get(f"/api/cases/{code}").status_code == 404
    assert send(other, {"action": "accept"}, f"/api/cases/{code}/transitions").status_code == 404


def test_a_result_photo_is_stored_first_and_named_in_the_step(
    open_case: Any, walk: Any, cast: Any, client_of: Any
) -> None:
    code = open_case().code
    walk(code, "dispatch")
    handler = client_of(cast.handler)
    stored = handler.post("/api/files", {"file": upload(jpeg(taken=TAKEN))})
    assert stored.status_code == 201
    assert stored.json()["taken_at"].startswith("2026-03-07T23:45:10")
    sha256 = stored.json()["sha256"]
    step = {"action": "finish", "note": "已清运", "photos": [sha256]}
    assert send(handler, step, f"/api/cases/{code}/transitions").status_code == 200
    assert handler.get(stored.json()["thumb_url"]).status_code == 200
    assert client_of(cast.other_handler).get(stored.json()["thumb_url"]).status_code == 403
    assert client_of(None).post("/api/files", {"file": upload(jpeg())}).status_code == 401


def test_a_write_without_the_form_token_is_refused(open_case: Any, cast: Any, client_of: Any) -> None:
    code = open_case().code
    desk = client_of(cast.dispatcher, enforce_csrf_checks=True)
    assert send(desk, {"action": "accept"}, f"/api/cases/{code}/transitions").status_code == 403
    assert Case.objects.get(code=code).state == "registered"


def test_helpers_of_the_report_page_answer_anybody(open_case: Any, client: Client) -> None:
    code = open_case().code
    tree = client.get("/api/cases/categories").json()
    assert tree[0]["code"] == "part.01"
    assert len(tree) == 11
    assert client.get("/api/cases/suggest?text=路灯不亮").json()[0]["category"]["code"] == "part.0118"
    near = client.get(f"/api/cases/similar?lon={HERE[0]}&lat={HERE[1]}&category=event.0102")
    assert near.json()[0]["distance_m"] == 0
    assert code not in near.text if hasattr(near, "text") else code.encode() not in near.content


def test_the_description_of_the_doors_names_what_a_report_takes(city: None, client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    report = paths["/api/cases/reports"]["post"]["requestBody"]["content"]
    assert set(report) == {"application/json", "multipart/form-data"}
    assert "photos" in report["multipart/form-data"]["schema"]["properties"]
