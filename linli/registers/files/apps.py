from linli.kernel.room import RoomConfig


class FilesConfig(RoomConfig):
    """Photos and, later, documents: stored once, under the hash of their content."""

    name = "linli.registers.files"
    label = "files"
    verbose_name = "料"
    offers = ("endpoints", "urls")
