"""`linli work`: the worker: outbox relay and the rooms' consumers."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from linli.kernel.room import offered
from linli.registers.bus import consume, relay


class Command(BaseCommand):
    """Run until told to stop."""

    help = "Relay events and run the rooms' consumers."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Start every part and wait for a signal."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        consumers = [one for _, room in offered("consumers") for one in room.consumers]
        async with asyncio.TaskGroup() as group:
            group.create_task(relay.run(stop))
            for consumer in consumers:
                group.create_task(consume.run(consumer, stop))
