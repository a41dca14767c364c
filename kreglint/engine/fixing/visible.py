"""What the names around one place mean, as far as an import that a fix needs has to know.

`ast` is enough for it, and only files with such a fix are parsed once more. What is not certain is left out: a
name counts only where every way to the place binds it by an import, or by an alias of one.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.semantic.keras_names import canonical

Point = tuple[int, int]  # row from 1, column in UTF-8 bytes from 0, as `ast` counts
ImportStatement = ast.Import | ast.ImportFrom
_LEAVING = (ast.Raise, ast.Return, ast.Continue, ast.Break)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Site(NamedTuple):
    """Where something of Keras is imported before a place: one statement, or one for each way through branches."""

    statements: tuple[ImportStatement, ...]


@dataclass(slots=True)
class Visible:
    """The names at a place with the dotted paths that they were imported from, or None if a name is something else.

    `bound` keeps what each node binds: a long function is asked for it once for each place in it.
    """

    names: dict[str, str | None] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    bound: dict[ast.AST, tuple[str, ...]] = field(default_factory=dict)

    def copy(self) -> Visible:
        return Visible(dict(self.names), list(self.sites), self.bound)

    def forget(self, node: ast.AST) -> None:
        """What a node binds is from now on something else."""
        if node not in self.bound:
            self.bound[node] = tuple(dict.fromkeys(_bound_in(node)))
        self.names.update(dict.fromkeys(self.bound[node]))


class Visibility:
    """Tells what is imported at places of one program; places in their order cost one walk together."""

    def __init__(self, tree: ast.Module) -> None:
        self._body = tree.body
        self._starts = [_first(statement) for statement in tree.body]
        self._bound: dict[ast.AST, tuple[str, ...]] = {}
        self._done, self._state = 0, Visible(bound=self._bound)
        self._declared = {
            name for node in ast.walk(tree) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names
        }

    def at(self, place: Point) -> Visible:
        """Return what is imported at a place."""
        index = max(bisect_right(self._starts, place) - 1, 0)
        if index < self._done:
            self._done, self._state = 0, Visible(bound=self._bound)
        _run_all(self._body[self._done : index], self._state)
        self._done = index
        found = _Walk(place, self._body, lambda: self._at_end).down(self._body[index : index + 1], self._state.copy())
        found.names.update(dict.fromkeys(self._declared))
        return found

    @cached_property
    def _at_end(self) -> Visible:
        found = Visible(bound=self._bound)
        _run_all(self._body, found)
        return found


def mentioned(tree: ast.AST) -> frozenset[str]:
    """Return every name that the program binds or reads anywhere."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(read | {name for node in ast.walk(tree) for name in _bound_by(node)})


class _Walk:
    """Follows the statements in order down to a place; a function's body sees its module as it is at the end."""

    def __init__(self, place: Point, body: Sequence[ast.stmt], at_end: Callable[[], Visible]) -> None:
        self._place = place
        self._body = self._scope_body = body
        self._at_end = at_end
        self._scope_start = Visible()

    def down(self, block: Sequence[ast.stmt], found: Visible) -> Visible:
        """Run a block from `found` on as far as the place in it."""
        for statement in block:
            if self._holds(statement):
                return self._within(statement, found)
            _run(statement, found)
        return found

    def _within(self, statement: ast.stmt, found: Visible) -> Visible:
        if isinstance(statement, _FUNCTIONS):
            found = self._end_of_scope()
            self._scope_body = statement.body
            found.forget(statement)
            self._scope_start = found.copy()
            return self.down(statement.body, found)
        block = next((block for block in _blocks(statement) if any(map(self._holds, block))), None)
        if block is None:
            found.forget(statement)
            return found
        if isinstance(statement, ast.Try) and block is statement.orelse:
            _run_all(statement.body, found)
        elif not isinstance(statement, (ast.If, ast.With, ast.AsyncWith, ast.ClassDef)):
            found.forget(statement)
        return self.down(block, found)

    def _end_of_scope(self) -> Visible:
        if self._scope_body is self._body:
            return self._at_end().copy()
        found = self._scope_start.copy()
        _run_all(self._scope_body, found)
        return found

    def _holds(self, statement: ast.stmt) -> bool:
        return _first(statement) <= self._place < _end(statement)


def _run_all(block: Sequence[ast.stmt], found: Visible) -> None:
    for statement in block:
        _run(statement, found)


def _run(statement: ast.stmt, found: Visible) -> None:
    """Note what a statement binds once it is done."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            paths = dict(_imported(statement))
            found.names.update(paths)
            if any(canonical(path) is not None for path in _modules(statement)):
                found.sites.append(Site((statement,)))
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            found.names[name] = _path(value, found)
        case ast.With() | ast.AsyncWith():
            for item in statement.items:
                found.forget(item)
            _run_all(statement.body, found)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            found.names[name] = None
        case ast.If():
            _join([statement.body, statement.orelse], found)
        case ast.Try():
            handlers = [handler.body for handler in statement.handlers]
            _join([[*statement.body, *statement.orelse], *handlers], found)
            _run_all(statement.finalbody, found)
        case _:
            found.forget(statement)


def _join(blocks: Sequence[Sequence[ast.stmt]], found: Visible) -> None:
    """Note what all ways bind alike; a way that leaves is none."""
    ways = [_done(block, found) for block in blocks if not (block and isinstance(block[-1], _LEAVING))]
    if not ways:
        return
    for name in sorted({name for way in ways for name in way.names}):
        paths = [way.names.get(name) for way in ways]
        found.names[name] = paths[0] if _same_meaning(paths) else None
    brought = [way.sites[len(found.sites) :] for way in ways]
    if all(brought):
        found.sites.append(Site(tuple(s for sites in brought for s in sites[0].statements)))


def _done(block: Sequence[ast.stmt], found: Visible) -> Visible:
    way = found.copy()
    _run_all(block, way)
    return way


def _same_meaning(paths: list[str | None]) -> bool:
    meanings = {path and (canonical(path) or path) for path in paths}
    return len(meanings) == 1


def _imported(statement: ImportStatement) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, with their paths; a relative import is of the project's own."""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif alias.name != "*":
            yield alias.asname or alias.name, f"{'.' * statement.level}{statement.module or ''}.{alias.name}"


def _modules(statement: ImportStatement) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if statement.level:
        return []
    return [f"{statement.module}.{alias.name}" for alias in statement.names]


def _path(value: ast.expr, found: Visible) -> str | None:
    match value:
        case ast.Name(id=name):
            return found.names.get(name)
        case ast.Attribute(value=owner, attr=name):
            path = _path(owner, found)
            return f"{path}.{name}" if path else None
    return None


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _bound_in(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds in its own scope; of a function, those of its body.

    Comprehensions count too.
    """
    if not isinstance(node, _FUNCTIONS):
        yield from _bound_by(node)
    pending = list(ast.iter_child_nodes(node))
    while pending:
        child = pending.pop()
        yield from _bound_by(child)
        if not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            pending += ast.iter_child_nodes(child)


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Attribute() | ast.keyword():
            return
        case _:
            named = getattr(node, "name", None)
            if isinstance(named, str):
                yield named


def _first(statement: ast.stmt) -> Point:
    """Where a statement begins, its decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    return min(_start(node) for node in (*decorators, statement))


def _start(node: ast.stmt | ast.expr) -> Point:
    return node.lineno, node.col_offset


def _end(node: ast.stmt) -> Point:
    return node.end_lineno or node.lineno, node.end_col_offset or 0
