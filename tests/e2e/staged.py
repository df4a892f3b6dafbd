"""Cases put in place through the public API, so that pages have something to show."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from uuid import uuid4

import httpx

from simulator.client import Desk
from tests.e2e.person import PLACE, photo
from tests.running_home import PASSWORD, RunningHome

TO_HANDLING = ("accept", "verify", "file", "dispatch")


@dataclass(frozen=True)
class Staged:
    """One case being handled and one closed, each with the secret of its reporter."""

    code: str
    secret: str
    closed: str
    closed_secret: str

    def path(self, pattern: str) -> str:
        """Fill the codes into a page's path."""
        filled = pattern
        for name in ("code", "secret", "closed", "closed_secret"):
            filled = filled.replace("{" + name + "}", getattr(self, name))
        return filled


def open_case(
    home: RunningHome, words: str, category: str = "event.0102", trouble: str = "rubbish"
) -> tuple[str, str]:
    """Report by the API, with a photo; return code and secret."""
    fields = {
        "submission_id": str(uuid4()),
        "category": category,
        "description": words,
        "lon": str(PLACE[0]),
        "lat": str(PLACE[1]),
        "address": "农贸市场东门",
        "phone": "13900001111",
    }
    files = {"photos": ("a.jpg", photo(trouble), "image/jpeg")}
    answer = httpx.post(
        f"{home.url}/api/cases/reports", data=fields, files=files, headers=key_of(home), timeout=30
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["code"], answer.json()["secret"]


def desk(home: RunningHome, username: str) -> Desk:
    """Log a member of staff in, by the API's rules."""
    one = Desk(home.url, threading.Event(), username, PASSWORD)
    one.log_in()
    return one


def move(staff: Desk, code: str, action: str, **form: object) -> dict[str, object]:
    """Take one step with a case."""
    return staff.json("POST", f"/api/cases/{code}/transitions", json={"action": action, **form})  # type: ignore[no-any-return]


def stage(home: RunningHome) -> Staged:
    """Put one case into handling and carry another to its end."""
    dispatcher, handler = desk(home, "dispatcher"), desk(home, "handler")
    code, secret = open_case(home, "市场东门的垃圾三天没人收了，味道很大。")
    closed, closed_secret = open_case(home, "果皮箱倒了，垃圾撒了一地。", "part.0305", "bin")
    for one in (code, closed):
        for action in TO_HANDLING:
            form = {"department": "urban-management"} if action == "dispatch" else {}
            move(dispatcher, one, action, **form)
    picture = {"file": ("b.jpg", photo("bin", mended=True), "image/jpeg")}
    stored = handler.json("POST", "/api/files", files=picture)
    move(handler, closed, "finish", note="已扶正加固，清扫干净。", photos=[stored["sha256"]])
    for action in ("check_pass", "close"):
        move(dispatcher, closed, action)
    return Staged(code, secret, closed, closed_secret)


def key_of(home: RunningHome) -> dict[str, str]:
    """Return the header by which the home knows its own programs: they are not counted as one hasty visitor."""
    from linli.kernel.home import Home

    return {"X-Linli-Key": Home(home.folder).secret("door-key").hex()}
