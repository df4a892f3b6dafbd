from linli.kernel.room import RoomConfig


class CalendarConfig(RoomConfig):
    """When the city works, and when a limit runs out."""

    name = "linli.registers.calendar"
    label = "calendar"
    verbose_name = "时"
    offers = ("city",)
