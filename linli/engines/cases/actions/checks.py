"""What a report and its parts must be before they are taken: refusals that say how to mend them."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.rules.catalogue import is_leaf
from linli.engines.cases.types import SOURCES, CatalogueTable, Report
from linli.kernel import coordinates
from linli.kernel.canonical import canonical_json
from linli.kernel.crypt import MASK
from linli.kernel.errors import Unprocessable
from linli.registers.files.queries import files_known

TEXT_LIMIT = 2_000
ADDRESS_LIMIT = 200
NAME_LIMIT = 40
PHOTO_LIMIT = 6
PHONE = re.compile(r"\+?\d{7,15}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def check_report(report: Report, catalogue: CatalogueTable, source: str) -> None:
    """Refuse a report that cannot become a case. COST: no query, unless photos are named: then one."""
    if not is_leaf(catalogue, report.category_code):
        raise Unprocessable(
            "unknown_category",
            _("没有这个类别。"),
            _("请从列表中选择一个类别；拿不准就选“别的事”。"),
            field="category",
        )
    if not report.description.strip() and not report.photos:
        raise Unprocessable(
            "nothing_said",
            _("没有照片，也没有说明。"),
            _("请拍一张照片，或用一句话说明是什么事。"),
            field="description",
        )
    check_text(report.description, TEXT_LIMIT, "description")
    check_text(report.address, ADDRESS_LIMIT, "address")
    check_text(report.name, NAME_LIMIT, "name")
    if source not in SOURCES:
        raise Unprocessable("unknown_source", _("来源不认识。"), _("请使用约定的来源代码。"), field="source")
    check_photos(report.photos)


def check_text(text: str, limit: int, field: str) -> None:
    """Refuse a text over its limit, or one holding characters no text has."""
    if len(text) > limit:
        raise Unprocessable(
            "text_too_long",
            _("文字有 %(length)s 个字，超过 %(limit)s 个字。") % {"length": len(text), "limit": limit},
            _("请写得短一些。"),
            field=field,
        )
    if "\0" in text:
        raise Unprocessable("text_unreadable", _("文字中有无法保存的字符。"), _("请重新输入。"), field=field)


def check_photos(photos: Iterable[str]) -> None:
    """Refuse too many photos, or hashes of files we do not have."""
    wanted = tuple(dict.fromkeys(photos))
    if len(wanted) > PHOTO_LIMIT:
        raise Unprocessable(
            "too_many_photos",
            _("照片有 %(count)s 张，最多 %(limit)s 张。") % {"count": len(wanted), "limit": PHOTO_LIMIT},
            _("请留下最能说明问题的几张。"),
            field="photos",
        )
    if wanted and (
        not all(SHA256.fullmatch(sha256) for sha256 in wanted) or set(wanted) - set(files_known(wanted))
    ):
        raise Unprocessable(
            "photo_unknown", _("有照片没有上传成功。"), _("请重新选择照片上传。"), field="photos"
        )


def check_phone(phone: str) -> str:
    """Return a phone number as digits, "" for none.

    ERRORS: Unprocessable masked_value for a number that was masked for display, bad_phone for no number.
    """
    if MASK in phone:
        raise Unprocessable(
            "masked_value",
            _("电话是打了星号的显示值，不能保存。"),
            _("请填写完整号码，或留空。"),
            field="phone",
        )
    digits = re.sub(r"[\s\-()()]", "", phone)
    if digits and not PHONE.fullmatch(digits):
        raise Unprocessable(
            "bad_phone", _("电话号码不对。"), _("请填写 11 位手机号，或带区号的座机号。"), field="phone"
        )
    return digits


def check_name(name: str) -> str:
    """Return a name, "" for none. ERRORS: Unprocessable masked_value."""
    if MASK in name:
        raise Unprocessable(
            "masked_value", _("姓名是打了星号的显示值，不能保存。"), _("请填写姓名，或留空。"), field="name"
        )
    return name.strip()


def place_of(report: Report) -> tuple[float, float]:
    """Return the report's place in CGCS2000 degrees.

    ERRORS: Unprocessable no_place when there is none or it is no place on earth.
    """
    lon, lat = report.lon, report.lat
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        raise Unprocessable(
            "no_place", _("没有地点。"), _("请在地图上点出位置，或填写地址后选一个结果。"), field="place"
        )
    if abs(lon) > 180 or abs(lat) > 90:
        raise Unprocessable("no_place", _("坐标不在地球上。"), _("请检查经度和纬度是否写反。"), field="place")
    if report.datum == "wgs84":
        return lon, lat
    shift = {"gcj02": coordinates.gcj_to_wgs, "bd09": coordinates.bd_to_wgs}[report.datum]
    shifted_lon, shifted_lat = shift(lon, lat)
    return float(shifted_lon), float(shifted_lat)


def outside_city() -> Unprocessable:
    """Say that a place lies outside the city."""
    return Unprocessable(
        "outside_city",
        _("这个地点不在本市范围内。"),
        _("请检查图上的位置；外地的事请向当地反映。"),
        field="place",
    )


def fingerprint(report: Report, phone: str) -> bytes:
    """Hash what a submission says, so that the same id with other words is told from a repeat."""
    said = [
        report.category_code,
        report.description,
        report.lon,
        report.lat,
        report.datum,
        report.address,
        sorted(set(report.photos)),
        report.name,
        phone,
    ]
    return hashlib.sha256(canonical_json(said)).digest()
