"""A small clean house, and one fault for every rule: what proves that the rules bite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import REPOSITORY

ROOM = "linli/registers/garden"
CLEAN: dict[str, str] = {
    "linli/__init__.py": "",
    "linli/kernel/__init__.py": "",
    "linli/kernel/clock.py": "from datetime import UTC, datetime\n\n\ndef now():\n    return datetime.now(UTC)\n",
    f"{ROOM}/__init__.py": "",
    f"{ROOM}/README.md": "# garden\n\nTrees of the city.\n\n- Owns `garden_tree`.\n- Refuses to know who waters.\n",
    f"{ROOM}/apps.py": (
        "from linli.kernel.room import RoomConfig\n\n\nclass GardenConfig(RoomConfig):\n"
        '    name = "linli.registers.garden"\n    offers = ("urls",)\n'
    ),
    f"{ROOM}/urls.py": "urlpatterns = []\n",
    f"{ROOM}/models.py": 'from django.db import models\n\n\nclass Tree(models.Model):\n    """One tree."""\n',
    f"{ROOM}/queries.py": (
        "from linli.registers.garden.models import Tree\n\n\ndef trees():\n"
        '    """Return all trees."""\n    return Tree.objects.filter(felled=False)\n'
    ),
    f"{ROOM}/actions.py": '''\
from linli.registers.bus.actions import Deed, act
from linli.registers.garden.models import Tree


def tree_plant(actor, code):
    """Plant a tree."""
    with act(actor, "tree_plant", code) as deed:
        tree = Tree.objects.create(code=code)
        _water(tree)
        _note(deed, tree)


def _water(tree):
    tree.watered = True
    tree.save(update_fields=["watered"])
    _feed(tree)


def _feed(tree):
    Tree.objects.filter(pk=tree.pk).update(fed=True)


def _note(deed: Deed, tree):
    tree.save()
''',
    f"{ROOM}/templates/garden/tree.html": (
        '{% load ui %}{# onclick="no" #}\n<script src="{% asset "map.js" %}"></script>\n'
        '<script type="application/json">{}</script><a href="https://example.org/">x</a><p class="note">x</p>\n'
    ),
    "linli/engines/forest/__init__.py": "",
    "linli/engines/forest/README.md": "# forest\n\nMany trees.\n\n- Owns nothing.\n- Refuses to know a single tree.\n",
    "linli/engines/forest/apps.py": (
        "from linli.kernel.room import RoomConfig\n\n\nclass ForestConfig(RoomConfig):\n"
        '    name = "linli.engines.forest"\n'
    ),
    "linli/engines/forest/queries.py": (
        "from linli.registers.garden.queries import trees\n\n\n"
        'def forest():\n    """Return the forest."""\n    return trees()\n'
    ),
    "pyproject.toml": (
        '[tool.importlinter]\nroot_packages = ["linli"]\n\n[[tool.importlinter.contracts]]\nname = "order"\n'
        'type = "layers"\nlayers = ["linli.engines.forest", "linli.registers.garden"]\n'
    ),
}


@dataclass(frozen=True)
class Fault:
    """One fault: what is written where (appended when the file exists), and a word the finding must hold."""

    file: str
    text: str
    says: str = ""


def build(root: Path) -> None:
    """Write the clean house below `root`; the contracts of rooms are the real ones."""
    for file, text in CLEAN.items():
        _write(root / file, text)
    _write(root / "linli/kernel/room.py", (REPOSITORY / "linli/kernel/room.py").read_text(encoding="utf-8"))


def plant(root: Path, fault: Fault) -> None:
    """Write the fault into the house."""
    path = root / fault.file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    _write(path, before + fault.text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


LONG_FUNCTION = "def endless():\n" + "    x = 1\n" * 60
INIT = f"{ROOM}/__init__.py"
ACTIONS = f"{ROOM}/actions.py"
FOREST = "linli/engines/forest"
TREE = "from linli.registers.garden.models import Tree\n"
PAGE = f"{ROOM}/templates/garden/tree.html"
GARDEN = "简" + "阳"
REGISTRY = "https://py" + "pi.org/simple"
NPM = '{"resolved": "https://regi' + 'stry.example/x"}'

FAULTS: dict[str, list[Fault]] = {
    "only actions write, inside acts": [
        Fault(f"{ROOM}/views.py", TREE + "def page(request):\n    Tree.objects.create(code='a')\n", "create"),
        Fault(f"{ROOM}/views.py", "def page(tree):\n    tree.save()\n", "save"),
        Fault(f"{ROOM}/queries.py", "def forget():\n    trees().delete()\n", "delete"),
        Fault(
            f"{ROOM}/jobs.py",
            TREE + "def fell():\n    Tree.objects.filter(old=True).update(felled=True)\n",
            "update",
        ),
        Fault(
            f"{ROOM}/jobs.py", TREE + "def grow(rows):\n    Tree.objects.bulk_create(rows)\n", "bulk_create"
        ),
        Fault(f"{ROOM}/models.py", "def keep(tree):\n    tree.save(update_fields=['a'])\n", "save"),
        Fault(f"{ROOM}/queries.py", 'SQL = "UPDATE garden_tree SET felled = true"\n', "UPDATE"),
        Fault(f"{ROOM}/rules.py", 'SQL = f"INSERT INTO garden_tree (code) VALUES ({1})"\n', "INSERT"),
        Fault(ACTIONS, "def tree_fell(code):\n    Tree.objects.filter(code=code).delete()\n", "tree_fell"),
        Fault(ACTIONS, "def tree_move(cursor):\n    cursor.execute('SELECT move()')\n", "tree_move"),
        Fault(ACTIONS, "def tree_feed(tree):\n    _water(tree)\n", "_water"),
        Fault(ACTIONS, "def tree_burn(tree):\n    with open('x'):\n        tree.delete()\n", "tree_burn"),
        Fault(
            ACTIONS,
            "def tree_late(actor, tree):\n    with act(actor, 'x', 'y'):\n        pass\n    tree.save()\n",
            "tree_late",
        ),
        Fault(f"{FOREST}/views.py", "from linli.registers.garden.actions import _feed\n", "_feed"),
    ],
    "models stay in their room": [
        Fault(f"{FOREST}/queries.py", TREE, "garden.models"),
        Fault(f"{FOREST}/queries.py", "import linli.registers.garden.models\n", "garden.models"),
        Fault(f"{FOREST}/queries.py", "from linli.registers.garden import models\n", "garden.models"),
    ],
    "internals stay in their room": [
        Fault(f"{FOREST}/queries.py", "from linli.registers.garden.views import page\n", "garden.views"),
    ],
    "nobody writes another room's tables": [
        Fault(f"{FOREST}/actions.py", TREE + "def f():\n    Tree.objects.create()\n", "Tree"),
        Fault(f"{FOREST}/actions.py", 'SQL = "DELETE FROM garden_tree"\n', "garden_tree"),
    ],
    "no model is looked up by name": [
        Fault(
            f"{ROOM}/queries.py",
            "from django.apps import apps\nTree = apps.get_model('garden', 'Tree')\n",
            "name",
        ),
    ],
    "no signals": [
        Fault(f"{ROOM}/models.py", "from django.db.models.signals import post_save\n", "signals"),
        Fault(f"{ROOM}/events.py", "from django.dispatch import receiver\n", "django.dispatch"),
        Fault(f"{ROOM}/apps.py", "from django.core import signals\n", "signals"),
    ],
    "files are short": [Fault(f"{ROOM}/rules.py", "x = 1\n" * 300, "300")],
    "functions are short": [Fault(f"{ROOM}/rules.py", LONG_FUNCTION, "endless")],
    "modules of a room have a room's names": [Fault(f"{ROOM}/stuff.py", "", "room")],
    "nothing is named after nothing": [
        Fault(f"{ROOM}/utils.py", "", "utils"),
        Fault("simulator/date_helpers.py", "", "date_helpers"),
        Fault("frontend/src/common/x.ts", "", "common"),
        Fault("linli/kernel/misc.py", "", "misc"),
        Fault("linli/kernel/tree_manager.py", "", "tree_manager"),
    ],
    "every room says what it is": [Fault("linli/engines/lake/apps.py", "", "lake")],
    "what others call says what it does": [
        Fault(f"{ROOM}/queries.py", "def old_trees():\n    return []\n", "old_trees"),
        Fault(f"{ROOM}/models.py", "class Leaf(models.Model):\n    pass\n", "Leaf"),
    ],
    "a room offers what it has and has what it offers": [
        Fault(f"{ROOM}/menu.py", "items = []\n", "menu"),
        Fault(f"{FOREST}/apps.py", '    offers = ("tiles",)\n', "tiles"),
        Fault(f"{FOREST}/apps.py", '    offers = ("weather",)\n', "weather"),
    ],
    "a city is data": [
        Fault(f"{ROOM}/rules.py", f'CITY = "{GARDEN}"\n', "city"),
        Fault(f"{ROOM}/templates/garden/a.html", "Jian" + "yang", "city"),
        Fault("frontend/src/map.ts", "const city = 'JIAN" + "YANG'\n", "city"),
    ],
    "there is one clock": [
        Fault(f"{ROOM}/rules.py", "from datetime import datetime\nAT = datetime.now()\n", "datetime.now"),
        Fault(f"{ROOM}/rules.py", "from django.utils import timezone\nAT = timezone.now()\n", "timezone.now"),
        Fault(f"{ROOM}/rules.py", "import datetime\nAT = datetime.date.today()\n", "today"),
        Fault(f"{ROOM}/rules.py", "import time\nAT = time.time()\n", "time.time"),
        Fault(
            f"{ROOM}/rules.py", "from django.utils import timezone\nON = timezone.localdate()\n", "localdate"
        ),
    ],
    "templates hold no script and no style": [
        Fault(PAGE, "<script>go()</script>", "inline script"),
        Fault(PAGE, '<button onclick="go()">x</button>', "onclick"),
        Fault(PAGE, '<p style="color: red">x</p>', "style"),
        Fault(PAGE, "<style>p {}</style>", "style sheet"),
        Fault(PAGE, '<a href="javascript:go()">x</a>', "javascript"),
        Fault(PAGE, '<script src="https://cdn.example/x.js"></script>', "somebody else"),
        Fault(PAGE, '<link rel="stylesheet" href="//cdn.example/x.css">', "somebody else"),
        Fault(PAGE, '{% if x %}<img src="http://elsewhere.example/x.png">{% endif %}', "somebody else"),
    ],
    "nothing names a machine": [
        Fault("requirements/a.txt", f"--index-url {REGISTRY}\n", "registry"),
        Fault("frontend/package-lock.json", NPM, "came from"),
        Fault("docs/a.md", "see /wo" + "rk/main/x\n", "machine"),
        Fault("script/run", "cd /ro" + "ot/linli\n", "machine"),
    ],
    "no import is ignored": [
        Fault("pyproject.toml", 'ignore_imports = ["linli.a -> linli.b"]\n', "ignore_imports")
    ],
    "every room has its place in the order": [Fault("linli/registers/lake/apps.py", "", "lake")],
}

# Import faults are planted all together in a copy of the real house: (file, line, what import-linter must name).
IMPORTS: list[tuple[str, str, str]] = [
    (
        "linli/kernel/clock.py",
        "import linli.registers.bus.rules",
        "linli.kernel.clock -> linli.registers.bus.rules",
    ),
    (
        "linli/ui/twins.py",
        "import linli.engines.cases.events",
        "linli.ui.twins -> linli.engines.cases.events",
    ),
    (
        "linli/registers/record/leaf.py",
        "import linli.registers.bus.rules",
        "record.leaf -> linli.registers.bus.rules",
    ),
    (
        "linli/registers/bus/rules.py",
        "import linli.registers.access.types",
        "bus.rules -> linli.registers.access",
    ),
    (
        "linli/registers/calendar/types.py",
        "import linli.registers.files.types",
        "calendar.types -> linli.registers",
    ),
    (
        "linli/engines/cases/events.py",
        "import linli.doors.city",
        "linli.engines.cases.events -> linli.doors.city",
    ),
    (
        "linli/registers/places/types.py",
        "import linli.config.pages",
        "registers.places.types -> linli.config.pages",
    ),
    ("linli/doors/menu.py", "import linli.config.pages", "linli.doors.menu -> linli.config.pages"),
    (
        "linli/engines/exchange/__init__.py",
        "import linli.engines.cases.events",
        "exchange -> linli.engines.cases",
    ),
    ("linli/engines/sensing/__init__.py", "", ""),
    (
        "linli/engines/cases/types/__init__.py",
        "import linli.engines.sensing",
        "cases.types -> linli.engines.sensing",
    ),
    ("linli/centres/command/__init__.py", "", ""),
    ("linli/centres/affairs/__init__.py", "import linli.centres.command", "affairs -> linli.centres.command"),
]
