"""The tag library `ui`: small parts in the house's look. Load with `{% load ui %}`.

Every tag escapes what it is given. Words passed in are shown as they are: translate them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from linli.ui import assets, forms, menus, times, twins

register = template.Library()

TONE_ICONS = {
    "new": "circle-plus",
    "active": "circle-dot",
    "waiting": "hourglass",
    "danger": "triangle-alert",
    "done": "circle-check",
    "muted": "circle-minus",
    "drill": "flask-conical",
}
DUE_ICONS = {"far": "clock", "near": "hourglass", "over": "triangle-alert"}
THEMES = ("light", "dark")
DOORS = {"home": "/", "work": "/work/"}


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file by its plain name: `{% asset "wall.js" %}`."""
    return assets.url(name)


@register.simple_tag
def door(name: str) -> str:
    """Return the address of the front page ("home") or of the staff's first page ("work")."""
    return DOORS[name]


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """Link the style sheet `name` when the build has one; nothing else."""
    return (
        format_html('<link rel="stylesheet" href="{}">', assets.url(name))
        if assets.has(name)
        else SafeString("")
    )


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw the outline icon `name`. Without `label` it is decoration, unseen by a screen reader.

    `size` is "", "small" (16 px) or "large" (40 px). Names are lucide's; the build fails on an unknown one.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    shape = f"icon icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', shape, spoken, assets.url("icons.svg"), name
    )


@register.simple_tag
def state_badge(tone: str, label: Any, icon_name: str = "") -> SafeString:
    """Show a state as icon, word and colour: `{% state_badge "waiting" label "hourglass" %}`.

    Tones: new, active, waiting, danger, done, muted, drill. Without an icon the tone's own is used.
    """
    mark = icon(icon_name or TONE_ICONS.get(tone, "circle-minus"))
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, mark, label)


@register.simple_tag
def due(due_at: datetime | None, overdue: bool | None = None, left: str = "") -> SafeString:
    """Show a due time beside what is left of it; colour only when it is near or over.

    `left` replaces the wall-clock count by the caller's words, such as "还剩 2 工作时".
    """
    if due_at is None:
        return format_html('<span class="due soft">{}</span>', _("无时限"))
    words = times.due_words(due_at, overdue, str(left or ""))
    return format_html(
        '<span class="due" data-due="{}">{}<span>{} · <time datetime="{}" title="{}">{}</time></span></span>',
        words.level, icon(DUE_ICONS[words.level]), words.left, due_at.isoformat(), words.exact, words.moment,
    )  # fmt: skip


@register.simple_tag
def ago(at: datetime | None) -> SafeString:
    """Say how long ago, with the exact time on hover; kept fresh by base.ts."""
    if at is None:
        return SafeString("–")
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        at.isoformat(), times.exact_words(at), times.ago_words(at),
    )  # fmt: skip


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """Say a moment ("今天 17:30"), with seconds on hover."""
    if at is None:
        return SafeString("–")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        times.exact_words(at),
        times.moment_words(at),
    )


@register.filter
def named(thing: Any) -> str:
    """Return the name of a row of data in the reader's language: `name_en` in English where there is one."""
    english = (get_language() or "").startswith("en")
    names = [_member(thing, key) for key in (("name_en", "name_zh") if english else ("name_zh", "name_en"))]
    return next((str(name) for name in names if name), "")


@register.filter
def labelled(thing: Any) -> str:
    """Like `named`, for data that carries `label_zh` and `label_en`."""
    english = (get_language() or "").startswith("en")
    labels = [
        _member(thing, key) for key in (("label_en", "label_zh") if english else ("label_zh", "label_en"))
    ]
    return next((str(label) for label in labels if label), "")


def _member(thing: Any, key: str) -> Any:
    return thing.get(key) if isinstance(thing, Mapping) else getattr(thing, key, None)


@register.inclusion_tag("ui/parts/empty_state.html")
def empty_state(
    title: Any, hint: Any = "", icon: str = "inbox", url: str = "", action: Any = ""
) -> dict[str, Any]:
    """Show that there is nothing, and the next step: a hint and, where given, a button `action` leading to `url`."""
    return {"title": title, "hint": hint, "icon": icon, "url": url, "action": action}


@register.simple_tag
def field(bound: BoundField, hint: Any = "") -> SafeString:
    """Draw one form field: label, hint, error, control, tied together for a screen reader."""
    return forms.render_field(bound, hint)


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """List what is wrong in `form`, each line leading to its field; nothing when all is well."""
    return {"lines": forms.error_lines(form)}


@register.inclusion_tag("ui/parts/upload.html")
def upload_field(bound: BoundField, hint: Any = "") -> dict[str, Any]:
    """Draw a file field that shows what was chosen. Without TypeScript it is the plain file input."""
    return forms.upload_context(bound, hint)


@register.inclusion_tag("ui/parts/progress.html")
def progress_bar(done: float, total: float, label: Any = "") -> dict[str, Any]:
    """Show how much of a long job is done, in a bar and in words. A total of 0 means: not known yet."""
    percent = min(100, round(100 * done / total)) if total else None
    return {
        "done": done,
        "total": total,
        "label": label,
        "percent": percent,
        "finished": bool(total) and done >= total,
    }


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Lead through the pages of a list; every other parameter of the address is kept."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop(name, None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    prefix = f"?{query.urlencode()}&{name}=" if query else f"?{name}="
    return {"page": page, "numbers": list(numbers), "prefix": prefix, "gap": page.paginator.ELLIPSIS}


@register.inclusion_tag("ui/parts/map.html")
def map_view(
    id: str, config: Mapping[str, Any], table: twins.Table | None = None, label: Any = "", height: str = ""
) -> dict[str, Any]:
    """Draw a map with its table twin. `config` is `MapConfig` of frontend/src/lib/map.ts.

    Without `table` the twin is made of `config["points"]` (a GeoJSON FeatureCollection), if any.
    `height` is "", "low", "tall" or "fill".
    """
    if table is None and config.get("points"):
        table = twins.of_points(config["points"])
    return {
        "id": id, "data_id": f"{id}-config", "config": dict(config), "table": table,
        "label": label or _("地图"), "height": height,
    }  # fmt: skip


@register.inclusion_tag("ui/parts/chart.html")
def chart_view(
    id: str, option: Mapping[str, Any], table: twins.Table | None = None, label: Any = "", height: str = ""
) -> dict[str, Any]:
    """Draw a chart with its table twin. `option` is an ECharts option without colours: the tokens give them."""
    return {
        "id": id, "data_id": f"{id}-option", "option": dict(option), "table": table or twins.of_option(option),
        "label": label or _("图表"), "height": height,
    }  # fmt: skip


@register.simple_tag
def json_data(id: str, value: Any) -> SafeString:
    """Hand `value` to TypeScript as JSON: read it with `readJson(id)`."""
    return json_script(value, id)


@register.simple_tag
def words(id: str, table: Mapping[str, Any]) -> SafeString:
    """Hand a page's translated words to TypeScript: read them with `readWords(id)`."""
    return json_script({key: str(word) for key, word in table.items()}, id)


@register.simple_tag(takes_context=True)
def page_attributes(context: Context, family: str) -> SafeString:
    """Write attributes of <html>: the page's family, and the theme and size this person chose."""
    request: HttpRequest | None = context.get("request")
    cookies = request.COOKIES if request else {}
    parts = [format_html('data-page="{}"', family)]
    if cookies.get("linli_theme") in THEMES:
        parts.append(format_html('data-theme="{}"', cookies["linli_theme"]))
    if cookies.get("linli_size") == "large":
        parts.append(mark_safe('data-size="large"'))
    return SafeString(" ".join(parts))


@register.simple_tag
def page_language() -> str:
    """Return the page's language as HTML names it."""
    return _language_tag()


def _language_tag() -> str:
    language = get_language() or "zh-hans"
    return "zh-Hans" if language.startswith("zh") else language


@register.inclusion_tag("ui/parts/side_menu.html", takes_context=True)
def side_menu(context: Context) -> dict[str, Any]:
    """Draw the staff menu from the `menu` the frame gives; the line this page belongs to is marked."""
    request: HttpRequest | None = context.get("request")
    return {"lines": menus.menu_lines(context.get("menu") or [], request.path if request else "")}


def _way_back(request: HttpRequest | None) -> str:
    if request is None:
        return "/"
    return request.get_full_path() if request.method == "GET" else request.path


@register.inclusion_tag("ui/parts/preferences.html", takes_context=True)
def preferences(context: Context) -> dict[str, Any]:
    """Draw the switches of language, theme and type size; they work without TypeScript too."""
    request: HttpRequest | None = context.get("request")
    cookies = request.COOKIES if request else {}
    return {
        "csrf_token": context.get("csrf_token", ""),
        "next": _way_back(request),
        "theme": cookies.get("linli_theme", "auto"),
        "size": cookies.get("linli_size", "normal"),
        "language": _language_tag(),
        "wall": context.get("page_family") == "wall",
    }


@register.simple_tag
def in_language(code: str, word: str) -> str:
    """Translate `word` into the language `code`, whatever the page's own language is."""
    with override(code):
        return _(word)
