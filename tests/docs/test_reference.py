"""Nothing is undocumented, and nothing documented is gone."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from linli.kernel.room import OFFERS
from tests.architecture.tree import REPOSITORY

DOCS = REPOSITORY / "docs"
ASKED = re.compile(r"""environ(?:\.get|\.setdefault|\[)?[(\[]?\s*["'](LINLI_[A-Z_]+)["']""")
ASKED_BY_SHELL = re.compile(r"\$\{?(LINLI_[A-Z_]+)")


def asked_variables() -> set[str]:
    """Find the environment variables that code and scripts read."""
    found: set[str] = set()
    for folder in ("linli", "simulator", "bench", "script", "deploy"):
        for path in (REPOSITORY / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.stat().st_size < 200_000:
                text = path.read_bytes().decode("utf-8", "ignore")
                found |= set(ASKED.findall(text))
                if path.suffix in ("", ".sh"):
                    found |= set(ASKED_BY_SHELL.findall(text))
    return found


def documented(page: str, pattern: str) -> set[str]:
    """Find the first cells of a page's tables that match."""
    text = (DOCS / "reference" / page).read_text(encoding="utf-8")
    return set(re.findall(rf"^\| `({pattern})`", text, re.M))


def test_every_environment_variable_is_documented_and_none_is_invented():
    assert documented("environment.md", "LINLI_[A-Z_]+") == asked_variables()


def test_every_hook_is_documented_and_none_is_invented():
    assert documented("hooks.md", "[a-z_]+") == OFFERS


def test_every_file_of_the_demonstration_city_is_documented():
    text = (DOCS / "reference" / "city-folder.md").read_text(encoding="utf-8")
    names = {
        path.name
        for path in (REPOSITORY / "cities").rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_every_verb_of_the_command_is_documented():
    from django.core.management import get_commands

    text = (DOCS / "reference" / "processes.md").read_text(encoding="utf-8")
    ours = {name.replace("_", "-") for name, app in get_commands().items() if str(app).startswith("linli.")}
    assert {name for name in ours - {"work"} if f"`{name}" not in text} == set()


def generator() -> object:
    spec = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["reference/permissions.md", "reference/events.md"])
def test_pages_made_from_the_code_are_up_to_date(page: str):
    made = generator().PAGES[page]()  # type: ignore[attr-defined]
    assert (DOCS / page).read_text(encoding="utf-8") == made, "run .venv/bin/python docs/generated.py"


def test_the_page_of_benchmarks_is_made_from_their_definitions():
    probe = (
        "from bench.document import document; from bench.__main__ import ALL; print(document(ALL), end='')"
    )
    made = subprocess.run(
        [sys.executable, "-c", probe], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert (DOCS / "reference/benchmarks.md").read_text(encoding="utf-8") == made.stdout


def test_every_decision_is_numbered_once_and_has_its_three_parts():
    pages = sorted((DOCS / "adr").glob("0*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        assert [
            part for part in ("Context", "Decision", "Consequences") if f"**{part}.**" not in text
        ] == [], page.name


def test_every_dependency_has_its_reason():
    import tomllib

    text = (DOCS / "adr/0011-dependencies.md").read_text(encoding="utf-8")
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=~]", line)[0] for line in settings["dependencies"]}
    assert {name for name in names if name not in text} == set()


LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("file", ["README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_pages_outside_docs_lead_somewhere(file: str):
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    links = {link for link in LINK.findall(text) if "://" not in link}
    assert {link for link in links if not (REPOSITORY / link).exists()} == set()


def test_both_readmes_have_the_same_parts():
    def shape(file: str) -> list[str]:
        return re.findall(r"^(#+|\||```)", (REPOSITORY / file).read_text(encoding="utf-8"), re.M)

    assert shape("README.md") == shape("README.zh.md")


def test_changelog_fragments_have_a_kind_and_words():
    kinds = {"added", "changed", "fixed", "removed", "security", "operation"}
    for path in (REPOSITORY / "changelog.d").iterdir():
        if path.name != ".gitkeep":
            assert re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(kinds)})\.md", path.name), path.name
            assert path.read_text(encoding="utf-8").strip()


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "index.html").is_file()
