"""`linli work`: the worker: outbox relay, the rooms' consumers and the rooms' clocks."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from linli.config.processes import ticking
from linli.kernel.room import offered
from linli.registers.bus import consume, relay


class Command(BaseCommand):
    """Run until told to stop."""

    help = "Relay events and run the rooms' consumers and clocks."
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
            for clock in (one for _, room in offered("clocks") for one in room.clocks):
                group.create_task(ticking.run(clock, stop))
