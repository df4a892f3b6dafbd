from linli.kernel.room import RoomConfig


class CasesConfig(RoomConfig):
    """Whatever happens in the city becomes a case."""

    name = "linli.engines.cases"
    label = "cases"
    verbose_name = "事件"
    offers = ("access_rules", "city", "endpoints", "file_guards", "menu", "panels", "tiles", "urls")
