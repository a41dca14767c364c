"""The edits that add one name to the imports of a file."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.analysis.semantic.sites import ImportStatement, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.writing.listing import Item
from kreglint.analysis.syntax.writing.read import written_import
from kreglint.diagnostics import Edit, Span
from kreglint.source.text import Source


def is_extendable(statement: ImportStatement, module: str) -> bool:
    """True if it is `from module import …` with names to which another can be added."""
    return _listed(statement, module) is not None


def import_edits(source: Source, statement: ImportStatement, module: str, name: str, bound: str) -> list[Edit]:
    """Import `name` from `module`, known as `bound`: in the statement where it fits, else beside it."""
    clause = name if bound == name else f"{name} as {bound}"
    listed = _listed(statement, module)
    items = written_import(source.text, statement.span) if listed is not None else None
    if listed is None or items is None:
        return [_beside(source, statement, f"from {module} import {clause}")]
    return _extended(source, items, _index(listed, name), clause)


def _listed(statement: ImportStatement, module: str) -> list[str] | None:
    """The names that `from module import …` has, None for any other statement."""
    if not isinstance(statement, nodes.ImportFrom) or isinstance(statement.names, nodes.ImportStar):
        return None
    if statement.relative or statement.module is None or dotted(statement.module) != module:
        return None
    return [dotted(alias.name) or "" for alias in statement.names]


def _beside(source: Source, statement: ImportStatement, text: str) -> Edit:
    """Return a statement of its own: above a `from` import and below an `import`, where sorted imports have it."""
    row, column = source.location(statement.start)
    margin = source.line(row)[: column - 1]
    if margin.strip():
        return _insertion(statement.start, f"{text}; ")
    if isinstance(statement, nodes.ImportFrom):
        return _insertion(statement.start, f"{text}{source.newline}{margin}")
    rest = _rest_of_line(source, statement.end)
    if not rest.strip() or rest.lstrip().startswith("#"):
        return _insertion(statement.end + len(rest), f"{source.newline}{margin}{text}")
    return _insertion(statement.end, f"; {text}")


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
