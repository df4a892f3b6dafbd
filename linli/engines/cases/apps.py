from linli.kernel.room import RoomConfig
from linli.registers.bus import guard


class CasesConfig(RoomConfig):
    """Whatever happens in the city becomes a case."""

    name = "linli.engines.cases"
    label = "cases"
    verbose_name = "事件"
    offers = (
        "access_rules",
        "city",
        "clocks",
        "consumers",
        "endpoints",
        "file_guards",
        "menu",
        "panels",
        "tiles",
        "urls",
    )

    def ready(self) -> None:
        """Name the roll-up as a table written outside acts."""
        guard.exempt("cases_caseday")
