"""A full disk under the photos: a clear answer, no half case, and the same report is taken once there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from linli.kernel.home import Home
from simulator.scenes.photo import Scene, jpeg, paint
from simulator.times import now_here
from tests.faults.load import PLACE
from tests.running_home import RunningHome

SIZE = "2m"


@pytest.fixture
def small_disk(house: RunningHome) -> Iterator[Path]:
    """A file system of two megabytes under the home's photos."""
    files = Home(house.folder).files_dir
    files.mkdir(parents=True, exist_ok=True)
    options = f"size={SIZE},mode=0755"
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(files)], stderr=subprocess.DEVNULL
    )
    if not mounted:
        pytest.skip("mounting a small file system needs the right to mount")
    try:
        yield files
    finally:
        subprocess.run(["umount", "-l", str(files)], check=True)


@pytest.fixture(scope="module")
def picture() -> bytes:
    return jpeg(paint(Scene("rubbish", 41), mended=False), now_here())


def send(house: RunningHome, submission: str, picture: bytes) -> httpx.Response:
    fields = {
        "submission_id": submission,
        "category": "event.0102",
        "description": "盘满了也要说清楚。",
        "lon": str(PLACE[0]),
        "lat": str(PLACE[1]),
    }
    key = {"X-Linli-Key": Home(house.folder).secret("door-key").hex()}
    files = {"photos": ("a.jpg", picture, "image/jpeg")}
    return httpx.post(f"{house.url}/api/cases/reports", data=fields, files=files, headers=key, timeout=30)


def test_a_full_disk_is_said_and_the_report_is_taken_later(
    house: RunningHome, small_disk: Path, picture: bytes
) -> None:
    filler = small_disk / "filler"
    with filler.open("wb") as file, pytest.raises(OSError):
        for _ in range(64):
            file.write(bytes(65_536))
            file.flush()
    submission = str(uuid4())
    answer = send(house, submission, picture)
    assert answer.status_code == 507, answer.text[:300]
    body = answer.json()
    assert body["code"] == "disk_full"
    assert body["what"]
    assert body["mend"]
    assert count(house, submission) == 0
    assert not [path for path in small_disk.rglob("*") if path.is_file() and path != filler], (
        "half a file was left"
    )
    filler.unlink()
    again = send(house, submission, picture)
    assert again.status_code == 201, again.text
    assert count(house, submission) == 1
    assert send(house, submission, picture).status_code == 200
    assert count(house, submission) == 1


def test_reports_without_photos_are_taken_while_the_photo_disk_is_full(
    house: RunningHome, small_disk: Path
) -> None:
    with (small_disk / "filler").open("wb") as file, pytest.raises(OSError):
        for _ in range(64):
            file.write(bytes(65_536))
            file.flush()
    body = {
        "submission_id": str(uuid4()),
        "category": "event.0102",
        "description": "没有照片",
        "lon": PLACE[0],
        "lat": PLACE[1],
    }
    key = {"X-Linli-Key": Home(house.folder).secret("door-key").hex()}
    assert httpx.post(f"{house.url}/api/cases/reports", json=body, headers=key, timeout=30).status_code == 201


def count(house: RunningHome, submission: str) -> int:
    with house.database() as database:
        row = database.execute(
            "SELECT count(*) FROM cases_case WHERE submission_id = %s", (submission,)
        ).fetchone()
    return int(row[0])
