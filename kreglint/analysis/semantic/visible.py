"""What is imported at one place of a program, as far as whoever writes a name there has to know.

What is not certain is left out: a name counts only where every way to the place binds it by an import, or by an
alias of one. A function's body sees the scopes around it as they are at their end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.semantic.import_statements import KERAS
from kreglint.analysis.semantic.keras_names import canonical, keras_root
from kreglint.analysis.semantic.program import Program, star_path
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import Binding, EarlierBinding, ImportBinding, JoinBinding, Scope, SkippedBinding
from kreglint.analysis.semantic.sites import ImportStatement
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.records import record


class KerasImport(NamedTuple):
    """A statement that imports something of Keras, and the package that it takes Keras from: `tensorflow.keras`."""

    statement: ImportStatement
    root: str


Site = tuple[KerasImport, ...]
"""Where Keras is imported before a place: one statement, or one for each way through branches."""


@record()
class Visible:
    """The names at a place with the dotted paths that they were imported from, and the sites in source order."""

    names: dict[str, str]
    sites: list[Site]


class Visibility:
    """Tells what is imported at the places of one program."""

    def __init__(self, program: Program) -> None:
        self._found = program.found
        self._paths = Paths(program.found.module_scope, star_path, lambda path: (path,), all_ways=True)
        self._candidates: dict[Scope, list[str]] = {}
        self._declared = {
            item.name.value
            for node in descendants(program.module)
            if isinstance(node, (nodes.Global, nodes.Nonlocal))
            for item in node.names
        }
        self._keras: dict[nodes.Node, KerasImport] = {}
        for each in program.found.imports:
            if canonical(each.path) is not None and isinstance(each.statement, (nodes.Import, nodes.ImportFrom)):
                self._keras.setdefault(each.statement, KerasImport(each.statement, keras_root(each.path)))

    def at(self, offset: int) -> Visible:
        """Return what is imported at a place."""
        names: dict[str, str] = {}
        sites: dict[Site, None] = {}
        hidden: list[Container[str]] = [{KERAS, *self._declared}]
        for scope, time in _seen_from(*self._moment(offset)):
            for name in self._imported_in(scope):
                ways = _ways(scope.at(name, time))
                sites.update(dict.fromkeys(self._site(ways)))
                path = self._path(ways)
                if path is not None and not any(name in each for each in hidden):
                    names[name] = path
            hidden.append(scope.history)
        return Visible(names, sorted(sites, key=lambda site: [each.statement.start for each in site]))

    def _moment(self, offset: int) -> tuple[Scope, int]:
        """Return the scope and the moment of the innermost code that is noted and holds a place."""
        for index in range(bisect_right(self._starts, offset) - 1, -1, -1):
            node, scope, time = self._moments[index]
            if offset < node.end:
                return scope, time
        return self._found.module_scope, 0

    @cached_property
    def _starts(self) -> list[int]:
        return [_start(node) for node, _, _ in self._moments]

    @cached_property
    def _moments(self) -> list[tuple[nodes.Node, Scope, int]]:
        """All that has a moment, by its start, what stands within another behind it."""
        moments = list(self._found.moments)
        for node, site in self._found.functions.items():
            if isinstance(node, nodes.Lambda):
                moments.append((node.body, site.scope, site.returns[0].time))
        for node, scope in self._found.comprehensions.items():
            moments.append((node, scope, scope.clock.now))
        return sorted(moments, key=lambda moment: (_start(moment[0]), -moment[0].end))

    def _imported_in(self, scope: Scope) -> list[str]:
        """Return the names of a scope that some binding makes an import or an alias of one."""
        if scope not in self._candidates:
            self._candidates[scope] = [
                name
                for name, (_, bindings) in scope.history.items()
                if any(self._paths.of_binding(each) for each in bindings)
            ]
        return self._candidates[scope]

    def _path(self, ways: list[Binding]) -> str | None:
        """Return what a name stands for on all ways alike."""
        found = [self._paths.of_binding(way) for way in ways]
        paths = [path for each in found for path in each]
        alike = len({canonical(path) or path for path in paths}) == 1
        return paths[0] if alike and all(found) else None

    def _site(self, ways: list[Binding]) -> Iterator[Site]:
        """Yield the statements that import a name, if each way to it has one that is of Keras."""
        statements = {way.statement if isinstance(way, ImportBinding) else None for way in ways}
        known = [self._keras[each] for each in statements if each in self._keras]
        if known and len(known) == len(statements):
            yield tuple(sorted(known, key=lambda each: each.statement.start))


def mentioned(module: nodes.Module) -> frozenset[str]:
    """Return every name that the program binds or reads anywhere."""
    found: set[str] = set()
    stack: list[object] = [module]
    while stack:
        match stack.pop():
            case nodes.Name(value=name):
                found.add(name)
            case nodes.ImportAlias(name=imported, asname=asname):
                stack.append(_first(imported) if asname is None else asname)
            case nodes.ImportFrom(names=names):
                stack.append(names)
            case nodes.Attribute(value=part) | nodes.Arg(value=part):
                stack.append(part)
            case nodes.Node() as node:
                stack += [getattr(node, field) for field in node.fields]
            case tuple() as parts:
                stack += parts
    return frozenset(found)


def _first(dotted: nodes.Expression) -> nodes.Expression:
    while isinstance(dotted, nodes.Attribute):
        dotted = dotted.value
    return dotted


def _seen_from(scope: Scope, time: int) -> Iterator[tuple[Scope, int]]:
    """Yield the scopes whose names a place sees, innermost first, each with the moment as of which it sees them."""
    yield scope, time
    late = scope.kind == "function"
    while scope.parent is not None:
        time, scope = scope.start, scope.parent
        if scope.kind != "class":
            yield scope, scope.clock.now if late else time
        late = late or scope.kind == "function"


def _ways(binding: Binding) -> list[Binding]:
    """Return what a name may be, whichever way was taken; that a name has no value is one of them.

    That a context manager swallows the exception of an import is not reckoned with.
    """
    found: dict[Binding, None] = {}
    seen: set[Binding] = set()
    stack = [binding]
    while stack:
        current = stack.pop()
        if current in seen or isinstance(current, SkippedBinding):
            continue
        seen.add(current)
        if isinstance(current, JoinBinding):
            stack += current.alternatives
        elif isinstance(current, EarlierBinding):
            stack.append(current.scope.at(current.name, current.time))
        else:
            found[current] = None
    return list(found)


def _start(node: nodes.Node) -> int:
    """Return where a node begins, its decorators included."""
    if isinstance(node, (nodes.FunctionDef, nodes.ClassDef)) and node.decorators:
        return node.decorators[0].start
    return node.start
