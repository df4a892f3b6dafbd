"""A house of cards that answers like the real one: enough of the API for the simulator to live in, all in memory."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs

import httpx

from linli.kernel import clock
from simulator.words import book

NEXT = {
    ("registered", "accept"): "to_verify",
    ("to_verify", "verify"): "to_file",
    ("to_file", "file"): "to_dispatch",
    ("to_dispatch", "dispatch"): "in_handling",
    ("returned", "dispatch"): "in_handling",
    ("in_handling", "finish"): "to_check",
    ("in_handling", "return"): "returned",
    ("rework", "finish"): "to_check",
    ("to_check", "check_pass"): "to_close",
    ("to_check", "check_fail"): "rework",
    ("to_close", "close"): "closed",
    ("registered", "reject"): "rejected",
    ("to_verify", "reject"): "rejected",
    ("to_file", "reject"): "rejected",
}
NEEDS = {
    "dispatch": ["department"],
    "finish": ["note"],
    "return": ["reason"],
    "reject": ["reason"],
    "check_fail": ["reason"],
}
FINAL = {"closed", "rejected"}


class FakeHouse:
    """Cases in a dictionary. `trouble(request)` may answer or raise in its place before or after it acted."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.by_submission: dict[str, str] = {}
        self.ratings: dict[str, int] = {}
        self.asked: Counter[str] = Counter()
        self.logged_in: set[str] = set()
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        self.after: Callable[[httpx.Request, httpx.Response], httpx.Response] = lambda request, answer: answer

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked[f"{request.method} {re.sub(r'/C[0-9]+', '/CODE', request.url.path)}"] += 1
        answer = self.before(request) or self._route(request)
        return self.after(request, answer)

    def _route(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/login":
            return self._login(request)
        if path == "/api/cases/categories":
            small = [{"code": f"K{n}", "name_zh": name} for n, name in enumerate(book()["kinds"])]
            return httpx.Response(200, json=[{"code": "K", "children": small}])
        if path == "/api/cases/reports":
            return self._report(request)
        if path.endswith("/rating"):
            self.ratings[path.split("/")[4]] = json.loads(request.content)["score"]
            return httpx.Response(201, json={})
        if self._user(request) not in self.logged_in:
            return httpx.Response(401, json={"code": "login_needed", "what": "", "mend": ""})
        if request.method == "POST" and not request.headers.get("X-CSRFToken"):
            return httpx.Response(403, json={"code": "form_expired", "what": "", "mend": ""})
        if path == "/api/files":
            return httpx.Response(201, json={"sha256": "0" * 64})
        if path == "/api/cases":
            return self._list(request)
        return self._case(request, path)

    def _login(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, headers={"Set-Cookie": "linli_csrf_8000=token; Path=/"})
        user = parse_qs(request.content.decode())["username"][0]
        self.logged_in.add(user)
        return httpx.Response(
            302, headers=[("Set-Cookie", f"linli_session_8000={user}; Path=/"), ("Location", "/work/")]
        )

    def _user(self, request: httpx.Request) -> str:
        found = re.search(r"linli_session_8000=([^;]+)", request.headers.get("Cookie", ""))
        return found[1] if found else ""

    def _report(self, request: httpx.Request) -> httpx.Response:
        fields = _form(request)
        known = self.by_submission.get(fields["submission_id"])
        if known:
            return httpx.Response(200, json={"code": known, "secret": "S", "track_url": ""})
        code = f"C{len(self.cases):05d}"
        self.by_submission[fields["submission_id"]] = code
        self.cases[code] = {
            "state": "registered",
            "department": "urban-management",
            "at": clock.now(),
            **fields,
        }
        return httpx.Response(201, json={"code": code, "secret": "S", "track_url": ""})

    def _list(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        rows = [
            code
            for code, case in self.cases.items()
            if query.get("open") != "1" or case["state"] not in FINAL
        ]
        size, page = int(query.get("page_size", "50")), int(query.get("page", "1"))
        shown = [self._row(code) for code in rows[(page - 1) * size : page * size]]
        return httpx.Response(
            200, json={"items": shown, "total": len(rows), "page": page, "pages": -(-len(rows) // size) or 1}
        )

    def _case(self, request: httpx.Request, path: str) -> httpx.Response:
        code = path.split("/")[3]
        case = self.cases[code]
        if request.method == "GET":
            options = [
                {"action": action, "needs": NEEDS.get(action, []), "asks": ["note", "photo"]}
                for (state, action) in NEXT
                if state == case["state"]
            ]
            return httpx.Response(200, json={**self._row(code), "options": options})
        said = json.loads(request.content)
        assert all(said.get(need) for need in NEEDS.get(said["action"], [])), said
        case["state"] = NEXT[case["state"], said["action"]]
        case["department"] = said.get("department") or case["department"]
        case["at"] = clock.now()
        moved = {
            "code": code,
            "state": case["state"],
            "department": case["department"],
            "at": case["at"].isoformat(),
        }
        return httpx.Response(200, json=moved)

    def _row(self, code: str) -> dict[str, Any]:
        case = self.cases[code]
        at: datetime = case["at"]
        state = {"code": case["state"]}
        return {
            "code": code,
            "state": state,
            "department_code": case["department"],
            "changed_at": at.isoformat(),
        }


def _form(request: httpx.Request) -> dict[str, str]:
    kind = request.headers["Content-Type"]
    if kind.startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = part.get_payload(decode=True).decode("utf-8", errors="replace")[:60]
    return found
