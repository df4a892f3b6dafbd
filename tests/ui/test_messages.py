"""English is complete, and script/messages notices when it is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), *arguments], capture_output=True, text=True, timeout=120
    )


def test_english_is_complete_in_every_room() -> None:
    done = run(ROOT / "script" / "messages", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A copy of the script beside one room with one string in Python, one in a template and one with a number."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "messages", tmp_path / "script" / "messages")
    room = tmp_path / "linli" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "apps.py").write_text("")
    (room / "views.py").write_text('title = _("标题")\n')
    (room / "templates" / "room" / "page.html").write_text(
        "<div>\n      {% translate '页面' %}\n"
        "  {% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件{% endblocktranslate %}</div>"
    )
    return tmp_path


def po_of(house: Path) -> Path:
    return house / "linli" / "room" / "locale" / "en" / "LC_MESSAGES" / "django.po"


def translate(house: Path) -> None:
    script = house / "script" / "messages"
    assert "3 strings have no English yet" in run(script).stdout
    text = po_of(house).read_text("utf-8")
    text = text.replace('msgid "标题"\nmsgstr ""', 'msgid "标题"\nmsgstr "Title"')
    text = text.replace('msgid "页面"\nmsgstr ""', 'msgid "页面"\nmsgstr "Page"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(n)s case"').replace(
        'msgstr[1] ""', 'msgstr[1] "%(n)s cases"'
    )
    po_of(house).write_text(text, "utf-8")


def test_strings_are_found_in_python_and_templates_and_kept_when_translated(small_house: Path) -> None:
    translate(small_house)
    script = small_house / "script" / "messages"
    before = po_of(small_house).read_text("utf-8")
    assert run(script).stdout == "" and po_of(small_house).read_text("utf-8") == before
    assert run(script, "--check").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Title"', 'msgstr ""', "no English for '标题'"),
        ('msgid "标题"', '#, fuzzy\nmsgid "标题"', "fuzzy: '标题'"),
        ('msgstr "Title"', 'msgstr "标题"', "still Chinese"),
        ('msgstr[1] "%(n)s cases"', 'msgstr[1] "%(m)s cases"', "placeholder"),
    ],
)
def test_the_check_fails_when_a_translation_is_wrong(
    small_house: Path, old: str, new: str, fault: str
) -> None:
    translate(small_house)
    text = po_of(small_house).read_text("utf-8")
    assert old in text
    po_of(small_house).write_text(text.replace(old, new), "utf-8")
    done = run(small_house / "script" / "messages", "--check")
    assert done.returncode == 1 and fault in done.stdout, done.stdout


def test_the_check_fails_when_a_string_is_new_or_gone(small_house: Path) -> None:
    translate(small_house)
    views = small_house / "linli" / "room" / "views.py"
    views.write_text('title = _("另一个标题")\n')
    done = run(small_house / "script" / "messages", "--check")
    assert done.returncode == 1
    assert "no English for '另一个标题'" in done.stdout and "no longer used: '标题'" in done.stdout


def test_compiling_writes_what_django_reads(small_house: Path) -> None:
    import gettext

    translate(small_house)
    assert run(small_house / "script" / "messages", "--compile").returncode == 0
    with po_of(small_house).with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("标题") == "Title" and words.ngettext("%(n)s 件", "%(n)s 件", 2) == "%(n)s cases"
