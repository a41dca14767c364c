"""The programs in a file: its own, those that its cells write to files, and the examples in its docstrings."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Location
from kreglint.records import replace
from kreglint.settings.schema import Settings
from kreglint.source.blocks import Block
from kreglint.source.kinds import is_composed
from kreglint.source.text import Source, UndecodableError, decode, from_text

_MARIMO = "marimo"
_JUPYTEXT = "jupytext"
_NBCONVERT = "get_ipython()"
_DATABRICKS = "# Databricks"


class UnreadableError(Exception):
    """A program that cannot be decoded or parsed: where, and why, as "cannot be parsed: invalid syntax".

    `source` is its text, where it could be decoded, and `line` the one that the place is in.
    """

    def __init__(self, location: Location, reason: str, source: Source | None = None, line: str = "") -> None:
        super().__init__(location, reason, source, line)
        self.location = location
        self.reason = reason
        self.source = source
        self.line = line

    def __str__(self) -> str:
        return f"{self.location.row}:{self.location.column}: {self.reason}"


def program_of(data: str | bytes, filename: str, *, retried: bool = False) -> Source:
    """Return the program in a file, decoded, and put together where the file holds pieces. Raises UnreadableError."""
    try:
        if is_composed(filename):
            from kreglint.engine.compose import composed

            return composed(data, filename, parse_each=retried)
        source = from_text(data, filename) if isinstance(data, str) else decode(data, filename)
    except UndecodableError as error:
        reason = error.reason if error.reason.startswith("cannot be") else f"cannot be decoded: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
    cells = _cells_of(source.text)
    if cells is not None:
        from kreglint.engine.compose import composed_of

        return composed_of(cells, source, parse_each=retried)
    if _NBCONVERT in source.text:
        from kreglint.engine.compose import composed_of
        from kreglint.source.nbconvert import calls_in

        calls = calls_in(source.text)
        source = replace(source, commands=calls.commands)
        if calls.blocks:
            return composed_of(calls.blocks, source, parse_each=retried)
    if _JUPYTEXT in source.text:
        source = _with_commented_magics(source)
    return _without_ipython(source) if retried else source


def _with_commented_magics(script: Source) -> Source:
    """Return a script with the magics that jupytext has made comments of, if it has."""
    from kreglint.source.jupytext import header_of
    from kreglint.source.scripts import with_commented_magics

    header = header_of(script.text)
    if header is None:
        return script
    commands = [*script.commands]
    text = with_commented_magics(script.text, header, commands)
    return script.read_as(text, commands)


def _without_ipython(script: Source) -> Source:
    from kreglint.engine.compose import written_by
    from kreglint.source.scripts import without_ipython

    commands = [*script.commands]
    text = without_ipython(script.text, commands)
    return replace(script.read_as(text, commands), written=written_by(script, tuple(commands)))


def _cells_of(text: str) -> tuple[Block, ...] | None:
    """Return the cells of a notebook that is kept as a Python file, if it is one."""
    if _MARIMO in text:
        from kreglint.source import marimo

        return marimo.cells_of(text)
    if text.startswith(_DATABRICKS):
        from kreglint.source import databricks

        return databricks.cells_of(text)
    return None


def further_programs(program: Source, settings: Settings) -> Iterator[Source]:
    """Yield the programs that a file has besides its own: each runs, and is judged, by itself."""
    yield from program.written
    if settings.check_docs and not program.parts and not is_composed(program.path):
        from kreglint.engine.compose import documented

        yield from documented(program)
