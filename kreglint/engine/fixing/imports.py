"""The edits that add one name to the imports of a file."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from kreglint.analysis.syntax.writing.listing import Item
from kreglint.analysis.syntax.writing.read import written_import
from kreglint.diagnostics import Edit, Location, Span
from kreglint.engine.fixing.visible import ImportStatement
from kreglint.source.text import Source


def is_extendable(statement: ImportStatement, module: str) -> bool:
    """True if it is `from module import …` with names to which another can be added."""
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.level == 0
        and statement.module == module
        and statement.names[0].name != "*"
    )


def import_edits(source: Source, statement: ImportStatement, module: str, name: str, bound: str) -> list[Edit]:
    """Import `name` from `module`, known as `bound`: in the statement where it fits, else beside it."""
    clause = name if bound == name else f"{name} as {bound}"
    if is_extendable(statement, module):
        items = written_import(source.text, _span(source, statement))
        if items is not None:
            index = _index([alias.name for alias in statement.names], name)
            return _extended(source, items, index, clause)
    return [_beside(source, statement, f"from {module} import {clause}")]


def _beside(source: Source, statement: ImportStatement, text: str) -> Edit:
    """Return a statement of its own: above a `from` import and below an `import`, where sorted imports have it."""
    start, end, _ = _span(source, statement)
    margin = source.line(statement.lineno)[: source.location(start).column - 1]
    if margin.strip():
        return _insertion(start, f"{text}; ")
    if isinstance(statement, ast.ImportFrom):
        return _insertion(start, f"{text}{source.newline}{margin}")
    rest = _rest_of_line(source, end)
    if not rest.strip() or rest.lstrip().startswith("#"):
        return _insertion(end + len(rest), f"{source.newline}{margin}{text}")
    return _insertion(end, f"; {text}")


def _index(names: list[str], name: str) -> int:
    """Where a name comes among others: sorted in where these are sorted, else at the end."""
    if names != sorted(names, key=_order):
        return len(names)
    return sum(_order(known) <= _order(name) for known in names)


def _extended(source: Source, items: Sequence[Item], index: int, clause: str) -> list[Edit]:
    """Before the name at an index, or after the last; on a line of its own where that has one."""
    item = items[min(index, len(items) - 1)]
    place, begins, ends = item.place, item.before.line_ends, item.line_end.line_ends
    own_line = f"{source.newline}{source.text[begins[-1].end : place.start]}" if begins else " "
    if index < len(items):
        return [_insertion(place.start, f"{clause},{own_line}")]
    if not begins or not ends:
        return [_insertion(place.end, f", {clause}")]
    if item.line_end == item.behind:  # which its comma parts from it
        return [_insertion(ends[0].start, f"{own_line}{clause},")]
    return [_insertion(place.end, ","), _insertion(ends[0].start, f"{own_line}{clause}")]


def _order(name: str) -> tuple[int, str]:
    """CONSTANTS, then Classes, then functions and modules, as isort and Ruff sort them."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def _rest_of_line(source: Source, offset: int) -> str:
    row, column = source.location(offset)
    return source.line(row)[column - 1 :]


def _insertion(offset: int, text: str) -> Edit:
    return Edit(Span(offset, offset), text)


def _span(source: Source, statement: ImportStatement) -> Span:
    end = _offset(source, statement.end_lineno or statement.lineno, statement.end_col_offset or statement.col_offset)
    return Span(_offset(source, statement.lineno, statement.col_offset), end)


def _offset(source: Source, row: int, column: int) -> int:
    """Return the offset of a place as `ast` counts: columns in UTF-8 bytes from 0."""
    return source.offset(Location(row, len(source.line(row).encode()[:column].decode()) + 1))
