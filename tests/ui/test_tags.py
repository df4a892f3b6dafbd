"""The tag library: what it draws, and that it escapes what it is given."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from linli.ui import assets, twins
from linli.ui.menus import menu_lines


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_asset_is_found_by_its_plain_name(monkeypatch: Any) -> None:
    monkeypatch.setattr(assets, "current", lambda: assets.Build("h", {"base.js": "base-AB12.js"}))
    assert draw('{% asset "base.js" %}') == "/static/base-AB12.js"
    assert draw('{% stylesheet "wall.css" %}') == "", "a sheet that the build does not have is not linked"


def test_a_page_renders_before_the_first_build(monkeypatch: Any) -> None:
    monkeypatch.setattr(assets, "current", assets.Build)
    assert draw('{% asset "base.js" %}') == "/static/base.js"
    assert 'href="/static/base.css"' in draw('{% stylesheet "base.css" %}')


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "x" %}')
    assert 'role="img" aria-label="关闭"' in draw('{% icon "x" "关闭" %}')


def test_a_state_is_icon_word_and_colour() -> None:
    html = draw('{% state_badge "danger" label %}', label="<超期>")
    assert 'data-tone="danger"' in html and "#triangle-alert" in html and "&lt;超期&gt;" in html


def test_due_colours_only_what_is_near_or_over(frozen: datetime) -> None:
    assert 'data-due="far"' in draw("{% due at %}", at=frozen + timedelta(days=2))
    assert 'data-due="near"' in draw("{% due at %}", at=frozen + timedelta(minutes=30))
    assert 'data-due="over"' in draw("{% due at True %}", at=frozen - timedelta(minutes=30))
    assert "无时限" in draw("{% due None %}")


def test_ago_carries_the_exact_moment(frozen: datetime) -> None:
    html = draw("{% ago at %}", at=frozen - timedelta(hours=3))
    assert "3 小时前" in html and 'title="2026年3月9日 07:00:00"' in html and "data-ago" in html


def test_a_name_is_shown_in_the_readers_language() -> None:
    thing = {"name_zh": "安全村", "name_en": "Anquan Village"}
    assert draw("{{ thing|named }}", thing=thing) == "安全村"
    with translation.override("en"):
        assert draw("{{ thing|named }}", thing=thing) == "Anquan Village"
        assert draw("{{ thing|named }}", thing={"name_zh": "安全村", "name_en": ""}) == "安全村"


class Question(forms.Form):
    name = forms.CharField(label="姓名", help_text="按证件")
    way = forms.ChoiceField(label="方式", widget=forms.RadioSelect, choices=[("a", "甲"), ("b", "乙")])
    agreed = forms.BooleanField(label="同意", required=False)


def test_a_field_ties_hint_and_error_to_its_control() -> None:
    html = draw("{% field form.name %}", form=Question({}))
    assert 'for="id_name"' in html and 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name-error id_name-hint"' in html
    assert 'id="id_name-error"' in html and 'id="id_name-hint"' in html


def test_choices_are_a_fieldset_with_a_legend() -> None:
    html = draw("{% field form.way %}", form=Question())
    assert "<legend>方式" in html and html.count('type="radio"') == 2


def test_the_summary_leads_to_each_wrong_field() -> None:
    html = draw("{% error_summary form %}", form=Question({}))
    assert 'href="#id_name"' in html and 'href="#id_way_0"' in html and "姓名：" in html
    assert draw("{% error_summary form %}", form=Question()).strip() == ""


def test_the_pager_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/list/?q=%E4%BA%95%E7%9B%96&page=3")
    html = draw("{% pager page %}", page=Paginator(range(200), 20).get_page(3), request=request)
    assert "第 41–60 条，共 200 条" in html
    assert 'href="?q=%E4%BA%95%E7%9B%96&amp;page=4"' in html and 'aria-current="page">3<' in html


def test_a_long_job_without_a_total_does_not_pretend_to_know() -> None:
    assert "value=" not in draw('{% progress_bar 0 0 "导入" %}')
    assert "data-done" in draw('{% progress_bar 5 5 "导入" %}')


def test_a_map_carries_its_data_and_its_table() -> None:
    points = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [104.5, 30.4]},
                "properties": {"title": "</script><b>井盖", "label": "新到"},
            }
        ],
    }
    html = draw('{% map_view "m" config %}', config={"points": points})
    assert "</script><b>" not in html, "data cannot end the script it lies in"
    assert "<td>104.50000</td>" in html and "&lt;b&gt;井盖" in html


def test_a_chart_has_the_same_numbers_in_a_table() -> None:
    option = {
        "xAxis": {"type": "category", "data": ["甲", "乙"], "name": "组"},
        "series": [{"type": "bar", "name": "按期", "data": [3, {"value": 4}]}],
    }
    assert twins.of_option(option) == {"columns": ["组", "按期"], "rows": [["甲", 3], ["乙", 4]]}
    assert twins.of_option({"dataset": {"source": [["时", "数"], ["8", 1]]}})["rows"] == [["8", 1]]


def test_words_for_typescript_are_plain_json() -> None:
    html = draw('{% words "w" table %}', table={"send": translation.gettext_lazy("提交")})
    assert json.loads(html.split(">", 1)[1].rsplit("<", 1)[0]) == {"send": "提交"}


def test_the_menu_marks_the_line_that_the_page_belongs_to() -> None:
    from linli.kernel.room import MenuItem

    items = [
        MenuItem("甲", "ui:gallery", "list"),
        MenuItem("乙", "ui:gallery_staff", "inbox"),
        MenuItem("丙", "no:where", "x"),
    ]
    lines = menu_lines(items, "/gallery/staff/")
    assert [(line["url"], line["current"]) for line in lines] == [
        ("/gallery/", False),
        ("/gallery/staff/", True),
    ]
