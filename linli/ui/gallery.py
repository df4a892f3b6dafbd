"""What the gallery shows: samples without meaning, so that every part is seen in every state."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from linli.kernel import clock
from linli.kernel.room import MenuItem

CENTRE = (104.55, 30.39)
TONES = (
    ("new", _l("新到")),
    ("active", _l("处理中")),
    ("waiting", _l("等待")),
    ("danger", _l("超期")),
    ("done", _l("完成")),
    ("muted", _l("不受理")),
    ("drill", _l("演练")),
)
MENU = [
    MenuItem(_l("工作台"), "ui:gallery_staff", "inbox"),
    MenuItem(_l("全部记录"), "ui:gallery", "list"),
    MenuItem(_l("地图"), "ui:gallery_wall", "map"),
]
LONG_NAME = (
    "这是一个特别长的名称用来检查界面在名称达到八十个字的时候是否仍然整齐"
    "不会撑破表格也不会盖住旁边的文字并且在手机上同样可以读完整"
)


class SampleForm(forms.Form):
    """One field of each kind; send it empty to see the errors."""

    name = forms.CharField(label=_l("姓名"), max_length=40, help_text=_l("按身份证上的写法"))
    phone = forms.RegexField(
        r"^1\d{10}$",
        label=_l("手机号"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "input-short"}),
        error_messages={"invalid": _l("手机号应为 11 位数字，以 1 开头，例如 13800000000。")},
    )
    kind = forms.ChoiceField(
        label=_l("类别"), choices=[("", _l("请选择")), ("a", _l("第一类")), ("b", _l("第二类"))]
    )
    urgency = forms.ChoiceField(
        label=_l("紧急程度"),
        widget=forms.RadioSelect,
        choices=[("normal", _l("不急")), ("soon", _l("尽快")), ("now", _l("立刻"))],
    )
    words = forms.CharField(label=_l("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(
        label=_l("样例照片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_l("不超过 20 MB"),
    )
    agreed = forms.BooleanField(label=_l("我已阅读并同意上述说明"))


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the samples of every gallery page."""
    now = clock.now()
    page = Paginator(range(1234), 50).get_page(request.GET.get("page") or 7)
    return {
        "tones": TONES,
        "rows": rows(int(request.GET.get("rows") or 12)),
        "page": page,
        "long_name": LONG_NAME,
        "moments": [now - timedelta(seconds=s) for s in (20, 600, 3 * 3600, 5 * 86400)],
        "dues": [
            (now + timedelta(hours=30), False),
            (now + timedelta(minutes=50), False),
            (now - timedelta(hours=3), True),
        ],
        "story": story(),
        "map_config": map_config(),
        "pin_config": {
            **map_config(),
            "points": None,
            "pin": {"lon": CENTRE[0], "lat": CENTRE[1]},
            "locate": True,
        },
        "bar_option": bar_option(),
        "line_option": line_option(),
        "empty_option": {"series": [{"type": "bar", "data": []}]},
        "menu": MENU,
        "wall_config": {**map_config(), "controls": False},
    }


def rows(count: int) -> list[dict[str, Any]]:
    """Return `count` lines of a list, every seventh with a very long name."""
    now = clock.now()
    lines = []
    for number in range(count):
        tone, label = TONES[number % 6]
        left_h = (number * 37 % 90) - 20
        lines.append(
            {
                "code": f"S{20260000 + number}",
                "tone": tone,
                "label": label,
                "name": LONG_NAME if number % 7 == 3 else _("样例 %(number)d") % {"number": number + 1},
                "holder": _("第 %(number)d 组") % {"number": number % 5 + 1},
                "due_at": now + timedelta(hours=left_h),
                "overdue": left_h < 0,
                "at": now - timedelta(minutes=13 * number),
                "count": number * 917 % 2000,
            }
        )
    return lines


def story() -> list[dict[str, Any]]:
    """Return a timeline, newest first."""
    now = clock.now()
    words = [
        ("done", "check", _("完成"), _("已经恢复原状，请验收。")),
        ("waiting", "hourglass", _("等待"), _("需要的材料明天上午到。")),
        ("active", "play", _("开始处理"), ""),
        ("new", "plus", _("新到"), _("来自网页，附照片 2 张。")),
    ]
    return [
        {"tone": tone, "icon": icon, "title": title, "words": text, "at": now - timedelta(hours=7 * step + 1)}
        for step, (tone, icon, title, text) in enumerate(words)
    ]


def map_config() -> dict[str, Any]:
    """Return a map of sixty samples round the centre, in every tone."""
    features = []
    for number in range(60):
        tone, label = TONES[number % len(TONES)]
        angle, reach = number * 2.399, 0.004 * math.sqrt(number)
        features.append(
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [CENTRE[0] + reach * math.cos(angle), CENTRE[1] + reach * math.sin(angle)],
                },
                "properties": {
                    "code": f"S{number:03}",
                    "tone": tone,
                    "title": _("样例 %(number)d") % {"number": number + 1},
                    "label": str(label),
                },
            }
        )
    points = {"type": "FeatureCollection", "features": features}
    return {"center": list(CENTRE), "zoom": 12.4, "points": points}


def bar_option() -> dict[str, Any]:
    """Return a chart of two series over categories."""
    return {
        "xAxis": {
            "type": "category",
            "data": [_("一组"), _("二组"), _("三组"), _("四组"), _("五组")],
            "name": _("组别"),
        },
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": _("按期"), "data": [120, 98, 143, 77, 110], "tone": "blue"},
            {"type": "bar", "name": _("超期"), "data": [4, 12, 3, 9, 1], "tone": "vermilion"},
        ],
    }


def line_option() -> dict[str, Any]:
    """Return a chart of one day by the hour, from a dataset."""
    source: list[list[Any]] = [[_("时刻"), _("件数")]]
    source += [
        [f"{hour:02}:00", round(8 + 7 * math.sin((hour - 6) / 3.8) ** 2 * (hour > 5))] for hour in range(24)
    ]
    return {
        "dataset": {"source": source},
        "xAxis": {"type": "category"},
        "yAxis": {"type": "value"},
        "series": [{"type": "line", "tone": "blue"}],
    }
