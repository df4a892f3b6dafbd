"""Every exemption from the rules of the house, with its reason. A test fails when one is no longer needed."""

from __future__ import annotations

# (file, function) that writes tables outside a room's actions.
WRITERS: dict[tuple[str, str], str] = {
    ("linli/registers/access/models.py", "create_user"): "called by account_create only, which acts",
    ("linli/registers/bus/actions.py", "_leave_traces"): "this is act() itself",
    ("linli/registers/bus/once.py", "_traces"): "this is act() as part of one statement",
    (
        "linli/registers/bus/consume.py",
        "take_in",
    ): "the inbox row shares the transaction of the handler's acts",
    ("linli/registers/bus/consume.py", "forget_old"): "retention of the inbox",
    ("linli/registers/bus/relay.py", ""): "the outbox row goes once NATS has the event",
    ("linli/registers/record/actions.py", ""): "the entry itself, as act() sends it",
    ("linli/registers/record/actions.py", "look"): "a look is an entry and nothing else",
    ("linli/engines/cases/consumers.py", ""): "a roll-up, exact by the inbox row it commits with",
    ("linli/doors/city.py", "load_city"): "progress must be seen while the acts of the loading are open",
    ("linli/doors/city.py", "__call__"): "progress must be seen while the acts of the loading are open",
}

# Files that may listen to Django's signals.
SIGNALS: dict[str, str] = {
    "linli/registers/access/login_events.py": "log-in happens in Django's own views",
    "linli/registers/bus/apps.py": "arms the write guard on every new connection",
}

# Files that may ask the machine for the time.
CLOCKS: dict[str, str] = {
    "linli/kernel/clock.py": "it is the clock",
    "linli/registers/bus/live.py": "a token ends by the wall clock, whatever a test freezes; no Django here",
    "linli/registers/access/api.py": "issues tokens by the wall clock that linli live reads them with",
}

# Modules of a room beside those every room may have: file stem → reason.
MODULES: dict[str, dict[str, str]] = {
    "linli.registers.record": {"leaf": "the format the tree is built over, pure"},
    "linli.registers.bus": {
        "consume": "runs the rooms' consumers",
        "guard": "raises on writes outside acts",
        "live": "the process linli live",
        "once": "act() as one statement, for writes that come by the thousand",
        "relay": "runs the outbox relay",
        "stream": "what NATS holds and how to connect",
        "tokens": "what linli live reads without Django",
    },
    "linli.registers.access": {
        "api": "authentication for every room's endpoints",
        "lockout": "the page of django-axes",
        "login_events": "the one use of signals",
    },
    "linli.registers.calendar": {"words": "says a due time in the reader's language; rules know none"},
    "linli.registers.places": {
        "base_map": "cuts the base map into one file",
        "checking": "what is wrong with a folder's places",
        "gazetteer": "search by name and address, in memory",
        "ground": "the places in memory, for locate",
        "loading": "rows of each data set from its files",
        "map_layers": "what the base map draws",
        "reading": "the files of a folder's places",
    },
    "linli.registers.files": {"store": "the disk", "uploads": "Django's upload handler"},
    "linli.engines.cases": {
        "admission": "how often anybody may knock at the public doors",
        "intake": "reads a report out of a request, for endpoints and pages",
        "schemas": "what the API gives",
        "schemas_in": "what the API takes",
        "secrets": "the reporter's secret, and the sealing of contacts",
    },
    "linli.doors": {
        "loading": "the page before the city is there",
        "portal": "the front page",
        "tour_views": "the pages of the tour",
        "wall": "the wall's page",
    },
}

# Modules that rooms above may import beside actions, queries, types and events.
PUBLIC: dict[str, str] = {
    "linli.registers.bus.once": "act() as one statement, for writes that come by the thousand",
    "linli.registers.bus.guard": "a room names the tables of its roll-ups",
    "linli.registers.bus.tokens": "pages issue what linli live reads",
    "linli.registers.calendar.rules": "pure: working time",
    "linli.registers.calendar.words": "says a due time in the reader's language",
    "linli.registers.access.api": "authentication for every room's endpoints, tokens for the live stream",
    "linli.engines.cases.forms": "the front page asks for a report's number with the same form",
    "linli.engines.cases.views.public": "the front page shows the same map",
    "linli.engines.cases.secrets": "the tour opens the link its citizen was given",
}

# Models that any room may name.
OPEN_MODELS: dict[str, dict[str, str]] = {"linli.registers.access": {"Account": "it is who a request is"}}

# Models of another room that may be imported, to read: (file, module).
FOREIGN_MODELS: dict[tuple[str, str], str] = {
    (
        "linli/config/management/commands/prepare_database.py",
        "linli.doors.models",
    ): "asks whether a city is there",
}

# Submodules named like an offer that are none.
UNOFFERED: dict[str, str] = {
    "linli/doors/city.py": "runs every room's city.py",
    "linli/doors/tiles.py": "serves every room's tiles.py",
    "linli/doors/tour.py": "reads the stories of a demo city",
}
