"""`linli load-city FOLDER`: load or update a city."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from linli.doors.city import CityRefused, load_city


class Command(BaseCommand):
    """Check, then load; refuse a folder with errors."""

    help = "Load a city folder into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """FOLDER defaults to the configured city."""
        parser.add_argument("folder", nargs="?", default=settings.LINLI_CITY)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or print the problems and exit 1."""
        try:
            loading = load_city(Path(options["folder"]))
        except CityRefused as refused:
            for problem in refused.problems:
                self.stderr.write(f"错误 {problem}")
            raise SystemExit(1) from refused
        seconds = (loading.finished_at - loading.started_at).total_seconds() if loading.finished_at else 0.0
        self.stdout.write(f"已装入 {loading.city},用时 {seconds:.1f} 秒")
