from linli.kernel.room import RoomConfig


class ConfigConfig(RoomConfig):
    """The top floor: wires everything; nothing imports it. An app only for its commands and templates."""

    name = "linli.config"
    label = "config"
    verbose_name = "装配"
