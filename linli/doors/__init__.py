"""Floor 4: what crosses rooms: the wall, tiles, loading a city, the tour of a demo."""
