"""`linli check-city FOLDER`: say what is wrong in a city folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from linli.doors.city import check_city


class Command(BaseCommand):
    """Print every problem with file, place and mend; exit 1 when one is an error."""

    help = "Check a city folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """FOLDER defaults to the configured city."""
        parser.add_argument("folder", nargs="?", default=settings.LINLI_CITY)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print."""
        problems = check_city(Path(options["folder"]))
        for problem in problems:
            self.stdout.write(f"{'错误' if problem.severity == 'error' else '提醒'} {problem}")
        errors = sum(problem.severity == "error" for problem in problems)
        self.stdout.write(f"{errors} 处错误,{len(problems) - errors} 处提醒")
        if errors:
            raise SystemExit(1)
