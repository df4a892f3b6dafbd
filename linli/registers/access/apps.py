from linli.kernel.room import RoomConfig


class AccessConfig(RoomConfig):
    """Who may do and see what; deny by default."""

    name = "linli.registers.access"
    label = "access"
    verbose_name = "权"
    offers = ("city", "urls")

    def ready(self) -> None:
        """Listen to log-in and log-out (the one use of signals in the house)."""
        from linli.registers.access import login_events

        login_events.connect()
