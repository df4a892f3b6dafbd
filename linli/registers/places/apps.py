from linli.kernel.room import RoomConfig


class PlacesConfig(RoomConfig):
    """Where things are: divisions, grids, buildings, households, facilities, roads."""

    name = "linli.registers.places"
    label = "places"
    verbose_name = "地"
    offers = ("city", "tiles")
