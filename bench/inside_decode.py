"""Count the features of the tile on standard input; clusters count as what they stand for."""

from __future__ import annotations

import gzip
import json
import sys

import mapbox_vector_tile


def main() -> None:
    """SHAPE: {features}."""
    data = sys.stdin.buffer.read()
    layers = mapbox_vector_tile.decode(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    features = [feature for layer in layers.values() for feature in layer["features"]]
    print(json.dumps({"features": sum(int(f["properties"].get("point_count", 1)) for f in features)}))


if __name__ == "__main__":
    main()
