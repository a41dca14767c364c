"""The edits that add one name to the imports of a file."""

from __future__ import annotations

import ast

from kreglint.diagnostics import Edit, Location, Span
from kreglint.engine.fixing.visible import ImportStatement
from kreglint.source.text import Source


def is_extendable(statement: ImportStatement, module: str) -> bool:
    """Whether it is `from module import …` with names to which another can be added."""
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.level == 0
        and statement.module == module
        and statement.names[0].name != "*"
    )


def import_edits(source: Source, statement: ImportStatement, module: str, name: str, bound: str) -> list[Edit]:
    """Import `name` from `module`, known as `bound`: in the statement where it fits, else beside it."""
    clause = name if bound == name else f"{name} as {bound}"
    if isinstance(statement, ast.ImportFrom) and is_extendable(statement, module):
        return _extended(source, statement, name, clause)
    return [_beside(source, statement, f"from {module} import {clause}")]


def _beside(source: Source, statement: ImportStatement, text: str) -> Edit:
    """A statement of its own: above a `from` import and below an `import`, where sorted imports have it."""
    start = _offset(source, statement.lineno, statement.col_offset)
    end = _offset(source, statement.end_lineno or 0, statement.end_col_offset or 0)
    margin = source.line(statement.lineno)[: source.location(start).column - 1]
    if margin.strip():
        return _insertion(start, f"{text}; ")
    if isinstance(statement, ast.ImportFrom):
        return _insertion(start, f"{text}{source.newline}{margin}")
    rest = _rest_of_line(source, end)
    if not rest.strip() or rest.lstrip().startswith("#"):
        return _insertion(end + len(rest), f"{source.newline}{margin}{text}")
    return _insertion(end, f"; {text}")


def _extended(source: Source, statement: ast.ImportFrom, name: str, clause: str) -> list[Edit]:
    """Sorted in where the names are sorted, else at the end; on a line of its own where each name has one."""
    names = [alias.name for alias in statement.names]
    index = len(names)
    if names == sorted(names, key=_order):
        index = next((i for i, known in enumerate(names) if _order(known) > _order(name)), index)
    follower = statement.names[min(index, len(names) - 1)]
    start = _offset(source, follower.lineno, follower.col_offset)
    margin = source.line(follower.lineno)[: source.location(start).column - 1]
    statement_end = _offset(source, statement.end_lineno or 0, statement.end_col_offset or 0)
    own_line = not margin.strip() and source.text[statement_end - 1] == ")"
    if index < len(names):
        gap = f"{source.newline}{margin}" if own_line else " "
        return [_insertion(start, f"{clause},{gap}")]
    end = _offset(source, follower.end_lineno or 0, follower.end_col_offset or 0)
    rest = _rest_of_line(source, end)
    if own_line and rest.lstrip().startswith(","):
        line_end = end + len(rest)
        return [_insertion(line_end, f"{source.newline}{margin}{clause},")]
    if own_line and not rest.lstrip().startswith(")"):
        line_end = end + len(rest)
        return [_insertion(end, ","), _insertion(line_end, f"{source.newline}{margin}{clause}")]
    return [_insertion(end, f", {clause}")]


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


def _offset(source: Source, row: int, column: int) -> int:
    """The offset of a place as `ast` counts: columns in UTF-8 bytes from 0."""
    return source.offset(Location(row, len(source.line(row).encode()[:column].decode()) + 1))
