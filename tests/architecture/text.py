"""What may not be written anywhere: the city's name in code, the machine's time, inline scripts, machine paths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.architecture import exemptions
from tests.architecture.tree import Finding, Tree, name_of

CITY = re.compile("简" + "阳|jian" + "yang", re.I)
TEXT_SUFFIXES = (".py", ".html", ".po", ".ts", ".css", ".md", ".txt", ".json", ".toml", ".svg")
# Written in pieces, so that this file does not break its own rule.
REGISTRIES = (
    "py" + "pi",
    "python" + "hosted",
    "npm" + "js",
    "npm" + "mirror",
    "registry" + r"\.",
    "arti" + "factory",
)
HOSTS = re.compile(rf"https?://[^\s/\"']*(?:{'|'.join(REGISTRIES)})[^\s/\"']*", re.I)
FOLDERS = (
    "/ro" + "ot/",
    "/wo" + r"rk/(?:main|plan|shared|\.lib)",
    "/ho" + r"me/[a-z]\w*/",
    "/Us" + r"ers/\w+/",
)
PATHS = re.compile(rf"(?<![\w.])(?:{'|'.join(FOLDERS)})")
ASKS_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("time", "time"),
}


def city_word(tree: Tree) -> Iterator[Finding]:
    """Yield places in the code that name the city: a city is data."""
    for path in tree.files("linli", "frontend/src", suffixes=TEXT_SUFFIXES):
        yield from _lines(tree, path, CITY, "names the city: read it from the city's data")


def machine(tree: Tree) -> Iterator[Finding]:
    """Yield registry hosts and paths of somebody's machine in anything that is committed."""
    for path in tree.tracked():
        if not path.is_file() or path.stat().st_size > 3_000_000:
            continue
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from _lines(tree, path, HOSTS, "names a registry's host")
        yield from _lines(tree, path, PATHS, "names a path of one machine")
        if path.name == "package-lock.json":
            yield from _lines(tree, path, re.compile('"resolved"'), "names where a package came from")


def _lines(tree: Tree, path: Path, pattern: re.Pattern[str], what: str) -> Iterator[Finding]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if pattern.search(line):
            yield Finding(str(path.relative_to(tree.root)), number, what)


def clocks(tree: Tree) -> Iterator[Finding]:
    """Yield code that asks the machine for the time instead of `kernel.clock`."""
    for source in tree.sources():
        if source.file in exemptions.CLOCKS:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if (name_of(node.func.value), node.func.attr) in ASKS_TIME:
                    yield source.finding(node, f"asks {ast.unparse(node.func)}(): use kernel.clock.now()")
                if node.func.attr in ("localdate", "localtime") and not node.args and not node.keywords:
                    yield source.finding(node, f"asks {ast.unparse(node.func)}() without a time")


def templates(tree: Tree) -> Iterator[Finding]:
    """Yield what the content security policy would stop, and addresses of somebody else's server."""
    for path in tree.files("linli", suffixes=(".html", ".svg")):
        reader = _TemplateReader(str(path.relative_to(tree.root)))
        reader.feed(_without_tags(path.read_text(encoding="utf-8")))
        yield from reader.findings


def _without_tags(text: str) -> str:
    """Blank Django's own tags, keeping lines: what is left is HTML enough to parse."""
    comments = re.compile(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", re.S)
    text = comments.sub(lambda found: "\n" * found[0].count("\n"), text)
    return re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}", lambda found: "\n" * found[0].count("\n") or "x", text, flags=re.S
    )


class _TemplateReader(HTMLParser):
    """Collects findings of one template."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file, self.findings = file, list[Finding]()

    def say(self, what: str) -> None:
        self.findings.append(Finding(self.file, self.getpos()[0], what))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.say("has an inline script")
        if tag == "style":
            self.say("has an inline style sheet")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on"):
                self.say(f"has an inline handler: {name}")
            if name == "style":
                self.say("has an inline style")
            if text.startswith("javascript:"):
                self.say("has a javascript: address")
            if (name == "src" or (tag == "link" and name == "href")) and re.match(r"(https?:)?//", text):
                self.say(f"loads from somebody else: {text[:60]}")
