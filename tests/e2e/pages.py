"""Every page of the house with who may see it: for the looks, the accessibility and the screenshots."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page. `who` is "" for a visitor; `path` may name {code} and {closed}, two cases, and their secrets."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    is_dark_only: bool = False


PAGES = (
    Page("portal", "/"),
    Page("report", "/report/"),
    Page("report-filled", "/report/?kind=part.0114&lon=104.532507&lat=30.392213&description=井盖不见了"),
    Page("report-sent", "/report/sent/{code}/?s={secret}"),
    Page("track-find", "/track/"),
    Page("track", "/track/{code}/?s={secret}"),
    Page("track-closed", "/track/{closed}/?s={closed_secret}"),
    Page("login", "/login"),
    Page("tour", "/tour"),
    Page("gallery", "/gallery/"),
    Page("gallery-staff", "/gallery/staff/"),
    Page("nowhere", "/nowhere/", status=404),
    Page("queue", "/work/cases/?scope=open", "dispatcher"),
    Page("queue-handler", "/work/cases/?scope=mine", "handler"),
    Page("queue-empty", "/work/cases/?scope=open&q=没有这样的事", "dispatcher"),
    Page("queue-map", "/work/cases/?scope=open&view=map", "dispatcher"),
    Page("case-dispatcher", "/work/cases/{code}/", "dispatcher"),
    Page("case-handler", "/work/cases/{code}/", "handler"),
    Page("case-finish", "/work/cases/{code}/do/finish/", "handler"),
    Page("case-closed", "/work/cases/{closed}/", "dispatcher"),
    Page("refused", "/work/cases/", "doctor", status=403),
    Page("wall", "/wall/", "leader", is_dark_only=True),
)
