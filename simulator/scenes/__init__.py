"""Photographs that never were: streets drawn from a seed, with something wrong in them, and the same street mended."""
