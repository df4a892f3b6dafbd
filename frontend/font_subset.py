"""Cut the Chinese webfont "Linli Sans" for machines that have no Chinese font of their own.

The source is Noto Sans CJK SC (SIL Open Font License 1.1) in the PyPI package `manimgx-fonts-cjk`. The cut holds
GB2312 level 1, interface punctuation, and every Chinese character of the templates, translations and city data, in
four slices: the common characters (`common_characters.txt`) come first, so that most pages fetch one slice only; the
last holds what is rare but used, such as a village's name, and is the only one cut again when such a character is new.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PACKAGE = "manimgx_fonts_cjk"
DISTRIBUTION = "manimgx-fonts-cjk"
FACE = "Noto Sans CJK SC"
FAMILY = "Linli Sans"
PUNCTUATION = "·–—‘’“”…、。〈〉《》「」『』【】〔〕！（），．：；？％～￥①②③④⑤⑥⑦⑧⑨⑩→←↑↓°㎡×"
LOCAL = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
WEIGHTS = (100, 900)
TEXT = frozenset({".html", ".py", ".po", ".ts", ".json", ".csv", ".geojson", ".md"})


def source() -> Path | None:
    """Return the font file of the package, or None when the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.ttc"))), None)


def version() -> str:
    """Return the package's version, part of what the cut depends on."""
    return importlib.metadata.version(DISTRIBUTION) if source() else "none"


def is_chinese(character: str) -> bool:
    """Tell whether `character` is an ideograph or one of the punctuation marks we draw."""
    return character in PUNCTUATION or unicodedata.name(character, "").startswith("CJK UNIFIED")


def characters_of(folders: Iterable[Path]) -> str:
    """Return the Chinese characters used in the texts below `folders`, sorted."""
    found: set[str] = set(PUNCTUATION)
    for folder in folders:
        for path in _texts(folder):
            found.update(path.read_text("utf-8", errors="ignore"))
    return "".join(sorted(character for character in found if is_chinese(character)))


def _texts(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in TEXT and path.is_file() and "node_modules" not in path.parts:
            yield path


def level_one() -> list[str]:
    """Return the 3,755 characters of GB2312 level 1 in the standard's order. SOURCE: GB 2312-1980, rows 16–55."""
    found = []
    for row in range(16, 56):
        for cell in range(1, 95):
            try:
                found.append(bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def slices(used: str) -> list[str]:
    """Return what each slice holds: the common characters, the rest of level 1 in two parts, what else is used."""
    common = set((Path(__file__).parent / "common_characters.txt").read_text("utf-8").replace("\n", ""))
    common |= set(PUNCTUATION)
    rest = sorted(set(level_one()) - common)
    half = -(-len(rest) // 2)
    rare = sorted(set(used) - common - set(rest))
    return [
        part
        for part in ("".join(sorted(common)), "".join(rest[:half]), "".join(rest[half:]), "".join(rare))
        if part
    ]


def unicode_range(characters: str) -> str:
    """Write code points as a CSS unicode-range."""
    points = sorted(map(ord, characters))
    parts: list[list[int]] = []
    for point in points:
        if parts and point == parts[-1][1] + 1:
            parts[-1][1] = point
        else:
            parts.append([point, point])
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in parts)


def cut(store: Path, used: str, say: Callable[[str], None]) -> list[Path]:
    """Cut the slices that `store` does not hold yet; return the files of this font, `fonts.css` being the first.

    COST: three seconds a slice on one core, once.
    """
    store.mkdir(parents=True, exist_ok=True)
    path = source()
    if path is None:
        (store / "fonts.css").write_text("/* built without the Chinese webfont */\n")
        return [store / "fonts.css"]
    files: list[Path] = []
    parts = slices(used)
    # A telephone has Chinese fonts that only local() finds. One weight, so that the browser thickens it for headings.
    local = ", ".join(f'local("{face}")' for face in LOCAL)
    rules = [
        f'@font-face {{\n  font-family: "Linli Local";\n  src: {local};\n  unicode-range: U+2E80-9FFF;\n}}\n'
    ]
    for number, characters in enumerate(parts, 1):
        key = hashlib.sha256(f"{version()} {WEIGHTS} {characters}".encode()).hexdigest()[:10]
        file = store / f"linli-sans-{number}-{key}.woff2"
        if not file.exists():
            say(f"Chinese webfont: slice {number} of {len(parts)} ({len(characters)} characters)")
            slice_write(path, characters, file)
        files.append(file)
        rules.append(
            f'@font-face {{\n  font-family: "{FAMILY}";\n  font-weight: {WEIGHTS[0]} {WEIGHTS[1]};\n'
            f'  font-display: swap;\n  src: url("./{file.name}") format("woff2");\n'
            f"  unicode-range: {unicode_range(characters)};\n}}\n"
        )
    licence = next(iter(path.parent.parent.glob(f"{PACKAGE}-*.dist-info/licenses/LICENSE")), None)
    notice = f"{FAMILY} is a subset of {FACE}, renamed. The licence of the original follows.\n\n"
    notice += licence.read_text("utf-8") if licence else "SIL Open Font License, Version 1.1\n"
    (store / "linli-sans-LICENSE.txt").write_text(notice)
    (store / "fonts.css").write_text("".join(rules))
    return [store / "fonts.css", store / "linli-sans-LICENSE.txt", *files]


def slice_write(path: Path, characters: str, file: Path) -> None:
    """Write one slice of the face in `path` as woff2, its weight variable as in the source."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTCollection, TTFont

    faces = [face["name"].getDebugName(1) for face in TTCollection(str(path), lazy=True).fonts]
    font = TTFont(path, fontNumber=faces.index(FACE), lazy=True, recalcBBoxes=False)
    options = Options(layout_features=["kern", "locl", "ccmp"], notdef_outline=True, name_IDs=[0, 13, 14])
    options.drop_tables += ["vhea", "vmtx", "VORG", "VVAR", "BASE", "STAT", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    for name_id, text in ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, "LinliSans")):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.flavor = "woff2"
    unfinished = file.with_suffix(".unfinished")
    font.save(unfinished)
    unfinished.rename(file)
