"""The limit of opening a case: the same server and database, and nothing of the house above them."""

from linli.config.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare"
