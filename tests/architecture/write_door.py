"""One way to change a thing: only a room's actions write, and only inside `act()`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture import exemptions
from tests.architecture.tree import Finding, Source, Tree, name_of

CREATING = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "_raw_delete"}
CREATING |= {f"a{name}" for name in CREATING}
WRITE_SQL = re.compile(
    r"(?:^|\()\s*(?:INSERT\s+INTO\s+\w|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\s+\w|TRUNCATE\s+\w|MERGE\s+INTO\s)",
    re.I,
)
WRITTEN_TABLE = re.compile(
    r"(?:INSERT\s+INTO|DELETE\s+FROM|TRUNCATE|(?<!FOR )(?<!DO )UPDATE)\s+\"?([a-z]\w*)", re.I
)
SIGNALS = re.compile(r"(^|\.)signals$|^django\.dispatch|_signal$")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Function:
    """One function of an actions module: its writes and its calls, each with whether an act is open around it."""

    source: Source
    node: FUNCTION
    writes: list[tuple[ast.AST, bool]] = field(default_factory=list)
    calls: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def takes_deed(self) -> bool:
        """A function that is handed a `Deed` runs inside the act that made it."""
        arguments = self.node.args
        return any(
            argument.annotation is not None and name_of(argument.annotation) == "Deed"
            for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        )


def check(tree: Tree) -> Iterator[Finding]:
    """Yield writes outside a room's actions, and writes of actions that no act encloses."""
    by_room: dict[str, list[Source]] = {}
    for source in tree.sources():
        if source.part == "actions":
            by_room.setdefault(source.room, []).append(source)
        else:
            for function, node in _writes_of(source):
                if not _is_exempt(source.file, function):
                    yield source.finding(node, f"writes outside a room's actions: {ast.unparse(node)[:60]!r}")
    imported = _imported_from_actions(tree)
    for room, sources in by_room.items():
        yield from _outside_acts(sources, imported.get(room, set()))


def used_exemptions(tree: Tree) -> set[tuple[str, str]]:
    """Give the exemptions some write still needs."""
    found = set()
    for source in tree.sources():
        found |= {(source.file, name) for name, _ in _writes_of(source)}
        if source.part == "actions":
            found |= {
                (source.file, function.node.name)
                for function in _functions(source)
                if any(not inside for _, inside in function.writes)
            }
    return found & set(exemptions.WRITERS)


def _is_exempt(file: str, function: str) -> bool:
    return (file, function) in exemptions.WRITERS


def _writes_of(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Yield (function or "", node) of each write call and each SQL text that writes."""
    for name, node in _with_function(source.tree, ""):
        if _is_write(node) or _is_write_sql(node):
            yield name, node


def _with_function(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, FUNCTION) else name
        yield inner, child
        yield from _with_function(child, inner)


def _is_write(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    method, plain = node.func.attr, [arg for arg in node.args if not isinstance(arg, ast.Starred)]
    if method in CREATING:
        return True
    if method in ("save", "asave", "delete", "adelete"):
        return not node.args and not any(word.arg == "commit" for word in node.keywords)
    # `rows.update(a=1)` and `….objects.filter(…).update(a=1)` write; `row.data.update(a=1)` fills a dictionary.
    asks = any(
        isinstance(inner, ast.Call) or name_of(inner) == "objects" for inner in ast.walk(node.func.value)
    )
    is_queryset = asks or isinstance(node.func.value, ast.Name)
    return method in ("update", "aupdate") and not plain and bool(node.keywords) and is_queryset


def _is_write_sql(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(WRITE_SQL.search(node.value.strip()))
    return False


def _outside_acts(sources: list[Source], imported: set[str]) -> Iterator[Finding]:
    functions = [function for source in sources for function in _functions(source)]
    safe = _always_inside(functions, imported)
    for function in functions:
        for node, inside in function.writes:
            exempt = _is_exempt(function.source.file, function.node.name)
            if not inside and not exempt and function.node.name not in safe:
                yield function.source.finding(node, f"{function.node.name}() writes outside act()")


def _functions(source: Source) -> Iterator[Function]:
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTION):
            function = Function(source, node)
            for statement in node.body:
                _collect(function, statement, inside=False)
            yield function


def _collect(function: Function, node: ast.AST, inside: bool) -> None:
    if isinstance(node, FUNCTION):
        return  # a function of its own
    if isinstance(node, ast.With):
        inside = inside or any(_is_act(item.context_expr) for item in node.items)
    if _is_write(node) or _runs_sql(node):
        function.writes.append((node, inside))
    if isinstance(node, ast.Call):
        function.calls.append((name_of(node.func), inside))
    for child in ast.iter_child_nodes(node):
        _collect(function, child, inside)


def _is_act(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func) == "act"


def _runs_sql(node: ast.AST) -> bool:
    """Any statement an actions module sends itself counts as a write: reading belongs into queries."""
    return isinstance(node, ast.Call) and name_of(node.func) in ("execute", "executemany", "copy")


def _always_inside(functions: list[Function], imported: set[str]) -> set[str]:
    """Give the functions that take a deed, or that are called from inside acts only, to any depth."""
    safe = {function.node.name for function in functions if function.takes_deed}
    names = {function.node.name for function in functions} - imported
    while True:
        found = set(safe)
        for name in names - safe:
            sites = [
                inside or caller.node.name in safe
                for caller in functions
                for called, inside in caller.calls
                if called == name
            ]
            if sites and all(sites):
                found.add(name)
        if found == safe:
            return safe
        safe = found


def _imported_from_actions(tree: Tree) -> dict[str, set[str]]:
    """Give, per room, the names that anybody outside its actions imports from them: those may be called anywhere."""
    found: dict[str, set[str]] = {}
    for source in tree.sources("linli", "simulator"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module and ".actions" in node.module:
                room = node.module.split(".actions")[0]
                if source.part != "actions" or source.room != room:
                    found.setdefault(room, set()).update(alias.name for alias in node.names)
    return found


def foreign_models(tree: Tree) -> Iterator[Finding]:
    """Yield imports of another room's models (the names a type checker needs are allowed)."""
    rooms = tree.rooms()
    for source, node, target in imports(tree):
        room = next((r for r in rooms if target.startswith(r + ".")), "")
        is_model = room and room != source.room and target[len(room) + 1 :].split(".")[0] == "models"
        names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else {"*"}
        is_open = names <= exemptions.OPEN_MODELS.get(room, {}).keys()
        if is_model and not is_open and (source.file, f"{room}.models") not in exemptions.FOREIGN_MODELS:
            yield source.finding(node, f"imports {target}: ask {room}.queries")


def foreign_writes(tree: Tree) -> Iterator[Finding]:
    """Yield writes that start from the name of another room's model, and SQL that writes another room's table."""
    for source in tree.sources():
        if not source.room:
            continue
        foreign = {
            alias.asname or alias.name
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ImportFrom) and ".models" in (node.module or "")
            for alias in node.names
            if not (node.module or "").startswith(source.room + ".")
        }
        for function, node in _with_function(source.tree, ""):
            if _is_write(node) and _root(node) in foreign:
                yield source.finding(node, f"writes {_root(node)}, which is another room's")
            if _is_write_sql(node) and not _is_exempt(source.file, function):
                label = source.room.rsplit(".", 1)[-1]
                for table in WRITTEN_TABLE.findall(node.value):  # type: ignore[attr-defined]
                    if not table.lower().startswith(label + "_"):
                        yield source.finding(node, f"writes the table {table}, which is another room's")


def _root(node: ast.AST) -> str:
    """Give the name an expression starts from: `Case.objects.filter(…).update(…)` → `Case`."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        else:
            return ""
    return node.id


def foreign_internals(tree: Tree) -> Iterator[Finding]:
    """Yield imports of what another room keeps to itself. Models have a check of their own."""
    open_parts, rooms = {"actions", "queries", "types", "events", "models", ""}, tree.rooms()
    for source, node, target in imports(tree):
        room = next((r for r in rooms if target == r or target.startswith(r + ".")), "")
        if not room or room == source.room or room == "linli.ui" or source.module.startswith("linli.config"):
            continue
        if target[len(room) + 1 :].split(".")[0] not in open_parts and target not in exemptions.PUBLIC:
            yield source.finding(node, f"imports {target}, which {room} keeps to itself")


def imports(tree: Tree) -> Iterator[tuple[Source, ast.AST, str]]:
    """Yield (source, node, dotted module) of each import of our own modules that is carried out."""
    modules = {source.module for source in tree.sources()}
    for source in tree.sources():
        typing_only = {
            id(inner) for node in ast.walk(source.tree) if _is_typing(node) for inner in ast.walk(node)
        }
        for node in ast.walk(source.tree):
            if id(node) in typing_only:
                continue
            if isinstance(node, ast.Import):
                yield from (
                    (source, node, alias.name) for alias in node.names if alias.name.startswith("linli.")
                )
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linli"):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield source, node, whole if whole in modules else str(node.module)


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and name_of(node.test) == "TYPE_CHECKING"


def get_model(tree: Tree) -> Iterator[Finding]:
    """Yield look-ups of a model by name, which no import linter sees."""
    for source in tree.sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and name_of(node.func) in ("get_model", "get_registered_model"):
                yield source.finding(node, "looks a model up by name")


def signals(tree: Tree) -> Iterator[Finding]:
    """Yield imports of signals: a change is told by `act()`, not by a signal."""
    for source in tree.sources():
        for node in ast.walk(source.tree):
            module = node.module if isinstance(node, ast.ImportFrom) else ""
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            heard = [name for name in [module or "", *names] if SIGNALS.search(name)]
            if heard and source.file not in exemptions.SIGNALS:
                yield source.finding(node, f"listens to signals: {heard[0]}")
