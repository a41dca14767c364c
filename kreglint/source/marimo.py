"""marimo notebooks: Python files whose functions are cells, which get names as parameters and return them.

marimo runs a cell when those have run that give the names it asks for; a name is given by one cell only
(marimo 0.25, "reactivity" in its guides). So the bodies of the cells are one program, in that order.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from kreglint.source.blocks import Block, lines_of, with_margin
from kreglint.source.python import table_of, tree_of

_SIGNS = ("marimo", ".App(")
_Definition: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef"


class _Cell(NamedTuple):
    blocks: tuple[Block, ...]
    asks: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()


def cells_of(text: str) -> tuple[Block, ...] | None:
    """Return the code of a marimo notebook's cells, in the order in which they run; None for any other file."""
    if not all(sign in text for sign in _SIGNS):
        return None
    tree = tree_of(text)
    app = next(filter(None, map(_app, tree.body)), None) if tree is not None else None
    if tree is None or app is None:
        return None
    lines = list(lines_of(text))
    cells = [cell for statement in tree.body for cell in _cells_in(statement, app, lines)]
    return tuple(block for cell in _in_order(cells) for block in cell.blocks)


def in_running_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the cells of a notebook that marimo keeps as Markdown, in the order in which they run.

    What a cell asks for and gives stands nowhere there: these are the names that it reads, and those that it binds.
    """
    return tuple(block for cell in _in_order([_by_names(block) for block in blocks]) for block in cell.blocks)


def _by_names(block: Block) -> _Cell:
    table = table_of(block.text)
    if table is None:
        return _Cell((block,))
    symbols = table.get_symbols()
    binds = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    gives = frozenset(name for name in binds if not name.startswith("_"))  # others are the cell's own
    return _Cell((block,), frozenset(_read_in(table)) - binds, gives)


def _read_in(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the whole program that a scope, or one inside it, reads."""
    at_top = table.get_type() == "module"
    yield from (
        each.get_name() for each in table.get_symbols() if each.is_referenced() and (at_top or each.is_global())
    )
    for inner in table.get_children():
        yield from _read_in(inner)


def _app(statement: ast.stmt) -> str | None:
    """Return the name of an app where a statement makes it: `app = marimo.App(…)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="App"))):
            return name
    return None


def _cells_in(statement: ast.stmt, app: str, lines: Sequence[str]) -> Iterator[_Cell]:
    match statement:
        case ast.With(items=[ast.withitem(context_expr=context)]) if _of_app(context, app) == "setup":
            yield _Cell(tuple(_body(statement.body, statement, lines)))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            kinds = [_of_app(each, app) for each in statement.decorator_list]
            if "cell" in kinds and not isinstance(statement, ast.ClassDef):
                yield from _cell(statement, lines) if not any(map(_is_disabled, statement.decorator_list)) else ()
            elif "function" in kinds or "class_definition" in kinds:
                yield _Cell(tuple(_definition(statement, app, lines)))


def _of_app(node: ast.expr, app: str) -> str | None:
    """Return what of the app a decorator or context is, as `cell` in `@app.cell(hide_code=True)`."""
    inner = node.func if isinstance(node, ast.Call) else node
    owner = inner.value if isinstance(inner, ast.Attribute) else None
    return inner.attr if isinstance(inner, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == app else None


def _is_disabled(decorator: ast.expr) -> bool:
    given = decorator.keywords if isinstance(decorator, ast.Call) else ()
    return any(each.arg == "disabled" and getattr(each.value, "value", None) is True for each in given)


def _cell(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> Iterator[_Cell]:
    *body, last = node.body
    given: ast.expr | None = last.value if isinstance(last, ast.Return) else None
    if not isinstance(last, ast.Return):
        body.append(last)
    asks = frozenset(argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
    items = given.elts if isinstance(given, ast.Tuple) else [given]
    gives = frozenset(item.id for item in items if isinstance(item, ast.Name))
    yield _Cell(tuple(_body(body, node, lines)), asks, gives)


def _body(body: Sequence[ast.stmt], around: ast.stmt, lines: Sequence[str]) -> Iterator[Block]:
    """Yield the block that statements are, which stand on rows of their own."""
    if body and _first_row(body[0]) > around.lineno:
        first, last = _first_row(body[0]), body[-1].end_lineno or body[-1].lineno
        line = lines[body[0].lineno - 1]
        margin = line[: len(line) - len(line.lstrip())]
        yield from with_margin(lines[first - 1 : last], first, margin, is_loose=True)


def _definition(node: _Definition, app: str, lines: Sequence[str]) -> Iterator[Block]:
    """Yield a function or class without the decorators that are the app's."""
    own = [each.lineno for each in node.decorator_list if _of_app(each, app) is None]
    first = min([node.lineno, *own])
    yield from with_margin(lines[first - 1 : node.end_lineno], first, "")


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _in_order(cells: Sequence[_Cell]) -> Iterator[_Cell]:
    """Yield each cell after those that give what it asks for; in a circle, which marimo refuses, as they stand."""
    waiting = list(cells)
    while waiting:
        missing = frozenset().union(*(cell.gives for cell in waiting))
        ready = next((cell for cell in waiting if cell.asks.isdisjoint(missing - cell.gives)), waiting[0])
        waiting.remove(ready)
        yield ready
