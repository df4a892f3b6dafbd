from linli.kernel.room import RoomConfig


class DoorsConfig(RoomConfig):
    """Puts together what the rooms offer; owns only the progress of loading a city."""

    name = "linli.doors"
    label = "doors"
    verbose_name = "门"
    offers = ("urls", "menu", "access_rules")

    def ready(self) -> None:
        """Progress rows are written while acts are open, in a transaction of their own."""
        from linli.registers.bus import guard

        guard.exempt("doors_cityloading")
