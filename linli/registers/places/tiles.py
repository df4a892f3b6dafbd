"""Serving the base map: one file, mapped into memory, its directory read once."""

from __future__ import annotations

import mmap
import threading
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest
from pmtiles.tile import deserialize_directory, deserialize_header, zxy_to_tileid

from linli.kernel.room import TileSource
from linli.registers.places import base_map, ground

HEADER_BYTES = 127
MAX_AGE_S = 3600


@dataclass(frozen=True)
class TileFile:
    """An open PMTiles file: where each tile lies. The mapping outlives the file's removal."""

    path: Path
    content: mmap.mmap
    places: dict[int, tuple[int, int]]

    @classmethod
    def open(cls, path: Path) -> TileFile:
        """Map a file and read its directories. ERRORS: OSError."""
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = deserialize_header(content[:HEADER_BYTES])
        places: dict[int, tuple[int, int]] = {}
        waiting = [(header["root_offset"], header["root_length"])]
        while waiting:
            offset, length = waiting.pop()
            for entry in deserialize_directory(content[offset : offset + length]):
                if entry.run_length == 0:
                    waiting.append((header["leaf_directory_offset"] + entry.offset, entry.length))
                for step in range(entry.run_length):
                    places[entry.tile_id + step] = (header["tile_data_offset"] + entry.offset, entry.length)
        return cls(path, content, places)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return one packed tile, None where the map is empty. COST: microseconds."""
        found = self.places.get(zxy_to_tileid(z, x, y))
        return self.content[found[0] : found[0] + found[1]] if found else None


_open: TileFile | None = None
_opening = threading.Lock()


def base_tile(request: HttpRequest | None, z: int, x: int, y: int) -> bytes | None:
    """Return a tile of the current base map, gzip-packed MVT; None when empty or not cut yet."""
    global _open
    if z > base_map.ZOOM_LAST:
        return None
    path = base_map.path_of(ground.current().version)
    if _open is None or _open.path != path:
        with _opening:
            if _open is None or _open.path != path:
                try:
                    _open = TileFile.open(path)
                except (OSError, ValueError):
                    return None
    return _open.tile(z, x, y)


layers = [TileSource("base", base_tile, public=True, max_age_s=MAX_AGE_S)]
