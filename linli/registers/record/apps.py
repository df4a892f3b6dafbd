from linli.kernel.room import RoomConfig


class RecordConfig(RoomConfig):
    """The lowest room: everything that changes anything leaves an entry here."""

    name = "linli.registers.record"
    label = "record"
    verbose_name = "证"
