"""The bytes on the disk: one folder tree under the home, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from linli.kernel.home import Home


def path_of(sha256: str, copy: str = "") -> Path:
    """Give the place of an original, or of one of its copies (`upright`, `thumb-320`)."""
    folder = Home.current().files_dir / sha256[:2] / sha256[2:4]
    return folder / (f"{sha256}.{copy}" if copy else sha256)


def put(path: Path, data: bytes) -> None:
    """Write `data` at `path` unless something is there already.

    EFFECTS: durable when it returns (file and folder are synced); a reader never sees half a file.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.{secrets.token_hex(6)}"
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def copy_of(sha256: str, copy: str, make: Callable[[bytes], bytes]) -> Path:
    """Give the place of a copy, making it from the original the first time. ERRORS: FileNotFoundError."""
    path = path_of(sha256, copy)
    if not path.exists():
        put(path, make(path_of(sha256).read_bytes()))
    return path
