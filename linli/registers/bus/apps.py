from django.conf import settings
from django.db.backends.signals import connection_created

from linli.kernel.room import RoomConfig


class BusConfig(RoomConfig):
    """Rooms speak through what is told here."""

    name = "linli.registers.bus"
    label = "bus"
    verbose_name = "脉"

    def ready(self) -> None:
        """Arm the write guard where settings ask for it (development and tests)."""
        if settings.LINLI_WRITE_GUARD:
            from linli.registers.bus import guard

            connection_created.connect(guard.arm, dispatch_uid="bus.guard")
