"""Every figure the README quotes, measured beside its limit or a peer in one run. See docs/reference/benchmarks.md."""
