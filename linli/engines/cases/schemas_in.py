"""What the API takes, for its documentation and checks. Apart from the endpoints for length."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

_TEXT = {"type": "string"}
_FIELDS: dict[str, Any] = {
    "category": {**_TEXT, "description": "a 小类 code of /api/cases/categories"},
    "submission_id": {**_TEXT, "format": "uuid", "description": "the same id again returns the same case"},
    "description": {**_TEXT, "maxLength": 2000},
    "lon": {"type": "number"},
    "lat": {"type": "number"},
    "datum": {**_TEXT, "enum": ["wgs84", "gcj02", "bd09"], "default": "wgs84"},
    "address": {**_TEXT, "maxLength": 200},
    "name": _TEXT,
    "phone": _TEXT,
}
_NEEDED = ["category", "lon", "lat"]
_PHOTOS = {"photos": {"type": "array", "items": {**_TEXT, "format": "binary"}, "maxItems": 6}}
REPORT_DOCS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "required": _NEEDED, "properties": _FIELDS}},
            "multipart/form-data": {
                "schema": {"type": "object", "required": _NEEDED, "properties": _FIELDS | _PHOTOS}
            },
        },
    }
}


class TransitionIn(Schema):
    action: str = Field(max_length=24)
    reason: str = ""
    department: str = ""
    note: str = ""
    photos: list[str] = []


class NoteIn(Schema):
    text: str


class PhotosIn(Schema):
    photos: list[str]


class PurposeIn(Schema):
    purpose: str = Field(max_length=64)


class RatingIn(Schema):
    secret: str
    score: int
    words: str = ""
