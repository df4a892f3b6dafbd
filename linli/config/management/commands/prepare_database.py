"""`linli prepare-database`: bring the database to this version, and tell whether a city is in it."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from linli.config.processes.up import EXIT_CITY_IS_MISSING, EXIT_CITY_IS_THERE
from linli.doors.models import CityLoading

MIGRATION_LOCK = 0x6C696E6C69  # "linli": two homes on one database migrate one after the other
CONNECT_TIMEOUT_S = 20.0


class Command(BaseCommand):
    """Exit 0 when a city is there, 10 when the database is empty, else a failure."""

    help = "Migrate the database; exit 0 if it holds a city, 10 if it holds none."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wait_for_database()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                call_command("migrate", interactive=False, verbosity=options["verbosity"], skip_checks=True)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        sys.exit(EXIT_CITY_IS_THERE if city_is_there() else EXIT_CITY_IS_MISSING)


def wait_for_database() -> None:
    """Wait while one's own database still starts. ERRORS: CommandError with what the driver says."""
    end = time.monotonic() + CONNECT_TIMEOUT_S
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if time.monotonic() > end:
                raise CommandError(f"数据库连不上 / the database cannot be reached: {error}") from error
            time.sleep(0.5)


def city_is_there() -> bool:
    """Tell whether the loading of a city was ever finished; an interrupted one is done again."""
    return CityLoading.objects.filter(finished_at__isnull=False).exists()
