"""Pages of the parts themselves, without a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

PAGES = ("gallery", "gallery_staff", "gallery_wall", "gallery_empty")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_gallery_page_renders(client: Client, page: str, language: str) -> None:
    client.cookies["linli_language"] = language
    response = client.get(reverse(f"ui:{page}"))
    assert response.status_code == 200
    html = response.content.decode()
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in html


@pytest.mark.parametrize("page", PAGES)
def test_no_page_carries_inline_script_or_style(client: Client, page: str) -> None:
    html = client.get(reverse(f"ui:{page}")).content.decode()
    scripts = re.findall(r"<script\b([^>]*)>", html)
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    assert "http://" not in html.replace("http://www.w3.org", "") and "https://" not in html


def test_a_refusal_says_what_and_how_to_mend_it(client: Client) -> None:
    response = client.get(reverse("ui:gallery_refusal"))
    assert response.status_code == 404
    html = response.content.decode()
    assert "这里没有页面" in html and "请检查地址" in html and "sample_refusal" in html


def test_the_form_shows_its_errors_first(client: Client) -> None:
    html = client.post(reverse("ui:gallery"), {"name": "戴", "phone": "123"}).content.decode()
    assert "有内容需要改正" in html and "手机号应为 11 位数字" in html


@pytest.mark.parametrize(
    ("choice", "attribute"),
    [
        ({"theme": "dark"}, 'data-theme="dark"'),
        ({"size": "large"}, 'data-size="large"'),
        ({"language": "en"}, 'lang="en"'),
    ],
)
def test_a_preference_is_kept_without_typescript(
    client: Client, choice: dict[str, str], attribute: str
) -> None:
    response = client.post(reverse("ui:preferences"), {**choice, "next": "/gallery/staff/?rows=3"})
    assert response.status_code == 302 and response["Location"] == "/gallery/staff/?rows=3"
    assert attribute in client.get("/gallery/").content.decode().split("<head>")[0]


def test_a_preference_cannot_send_a_person_elsewhere_or_plant_a_value(client: Client) -> None:
    response = client.post(reverse("ui:preferences"), {"theme": '"><b>', "next": "//evil.example/"})
    assert response["Location"] == "/" and "linli_theme" not in response.cookies


def test_built_files_are_served_for_ever(client: Client, settings: Any) -> None:
    from linli.ui import assets

    if not assets.current().hash:
        pytest.skip("the front end is not built: run script/frontend")
    response = client.get(assets.url("base.css"))
    assert response.status_code == 200 and "immutable" in response["Cache-Control"]
