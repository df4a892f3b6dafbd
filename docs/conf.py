"""Sphinx builds these pages: `.venv/bin/sphinx-build -W docs docs/_build`."""

project = "Linli 邻里"
author = "the authors of Linli"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "The operating system of a city's government", "page_width": "64rem"}
html_show_sourcelink = False
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings: list[str] = []
