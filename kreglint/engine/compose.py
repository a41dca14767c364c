"""One program out of the cells of a notebook, or of the Python blocks of a text or of a docstring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kreglint.analysis.analyse import check_syntax
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.diagnostics import Location
from kreglint.records import replace
from kreglint.source.blocks import Block
from kreglint.source.jupytext import header_of
from kreglint.source.kinds import is_notebook, is_restructured_text
from kreglint.source.magics import uncommented, without_magics, written_file
from kreglint.source.python import is_python
from kreglint.source.text import Part, Refused, Source, UndecodableError, from_text

_LINE_ENDS = ("\n", "\r")
_INDENTED = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*[ \t]+[^\s#]")  # its first line that says something is
_OF_MARIMO = "{.marimo"  # the fence of a cell
_LEAD = "if 1:\n"  # above a cell that is indented as a whole, which IPython takes as if it were not


class _Piece(NamedTuple):
    """A cell or a block: its text, and where that stands, as if it were the whole program."""

    text: str
    place: Part = Part(1)
    shown: str = ""  # the text as it stands, where that is another one


class _WrittenFile(NamedTuple):
    """A file that cells write, of one or more of them."""

    name: str
    pieces: list[_Piece]


def utf8_text(data: str | bytes) -> str:
    """Return the text of a file that has no encoding cookie. Raises UndecodableError where it is not UTF-8."""
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = Source("", data[: error.start].decode("utf-8", "replace"))
        row, column = before.location(len(before.text))
        raise UndecodableError(row, column, f"cannot be decoded as utf-8: byte 0x{data[error.start]:02x}") from error


def composed(data: str | bytes, filename: str, *, parse_each: bool = False) -> Source:
    """Return the program of a file. A piece that cannot be parsed is not in it, and is `refused`.

    What Python parses is taken to be fit for the analysis, unless `parse_each`.

    Raises:
        UndecodableError: the file is not UTF-8 though it has Python in it, or is named as a notebook and is none.
    """
    try:
        text = utf8_text(data)
    except UndecodableError:
        if is_notebook(filename) or not isinstance(data, bytes) or any(_blocks(data.decode("latin-1"), filename)):
            raise
        return Source(filename, "")  # in another encoding, and without Python in it
    if is_notebook(filename):
        pieces, kernel = _cells(text)
        return _together(
            pieces, Source(filename, "", kernel=kernel, document=Source(filename, text)), parse_each=parse_each
        )
    header = header_of(text)
    in_comments = header is not None and header.comments_magics
    blocks = map(_piece, _blocks(text, filename))
    return _together(blocks, Source(filename, ""), parse_each=parse_each, in_comments=in_comments)


def composed_of(blocks: Iterable[Block], whole: Source, *, parse_each: bool = False) -> Source:
    """Return the program of some blocks of a Python file. Raises UndecodableError."""
    return _together(map(_piece, blocks), whole, parse_each=parse_each)


def documented(program: Source) -> Iterator[Source]:
    """Yield the examples in the docstrings of a file, behind the file itself, whose names they see."""
    from kreglint.source.docstrings import programs_in

    for blocks in programs_in(program.text):
        whole = _together((_Piece(program.text), *map(_piece, blocks)), program, parse_each=False)
        if len(whole.parts) > 1:
            yield replace(whole, context=whole.offset(Location(whole.parts[1].row, 1)))


def written_by(script: Source, commands: tuple[str, ...]) -> tuple[Source, ...]:
    """Return the programs that the cells of a script with lines of IPython write to files."""
    from kreglint.source.scripts import cells_of

    cells = (cell for cell in cells_of(script.text) if written_file(cell.text) is not None)
    return _together(map(_piece, cells), replace(script, commands=commands), parse_each=True).written


def _together(pieces: Iterable[_Piece], whole: Source, *, parse_each: bool, in_comments: bool = False) -> Source:
    commands = list(whole.commands)
    if in_comments:
        pieces = [piece._replace(text=uncommented(piece.text, commands), shown=piece.text) for piece in pieces]
    files: list[_WrittenFile] = []
    program = _joined(_python_of(pieces, commands, files), whole, parse_each=parse_each)
    told = replace(whole, commands=tuple(commands))
    written = (_joined(((piece, piece.text) for piece in file.pieces), told, parse_each=True) for file in files)
    return replace(program, commands=tuple(commands), written=tuple(written))


def _python_of(
    pieces: Iterable[_Piece], commands: list[str], files: list[_WrittenFile]
) -> Iterator[tuple[_Piece, str]]:
    """Yield what of each piece is the program's own; what it writes to a file is added to `files`."""
    for piece in pieces:
        file = written_file(piece.text)
        if file is None:
            code = without_magics(piece.text, commands)
            if code is not None:
                yield piece, code
            continue
        known = next((each for each in files if file.more and each.name == file.name), None)
        if known is None:
            files.append(_WrittenFile(file.name, [piece._replace(text=file.text)]))
        else:
            known.pieces.append(piece._replace(text=file.text))


def _joined(pieces: Iterable[tuple[_Piece, str]], whole: Source, *, parse_each: bool) -> Source:
    """Return the program of some pieces, each with its code."""
    lines: list[str] = []
    shown: list[str] = []
    row = 1
    parts: list[Part] = []
    refused: list[Refused] = []
    for piece, code in pieces:
        lead = _LEAD if _INDENTED.match(code) else ""
        refusal = _refusal(lead + code, piece, parse=parse_each)
        if refusal is not None:
            refused.append(refusal)
            continue
        ends_line = code.endswith(_LINE_ENDS)
        parts.append(replace(piece.place, row=row + bool(lead), ends_line=ends_line))
        lines.append(lead + code + ("" if ends_line else "\n"))
        shown.append(lead + (piece.shown or piece.text) + ("" if ends_line else "\n"))
        row += Source("", lines[-1]).rows - 1
    program, as_it_stands = from_text("".join(lines), whole.path), Source(whole.path, "".join(shown))
    return replace(
        program,
        encoding=whole.encoding,
        parts=tuple(parts),
        refused=tuple(refused),
        commands=whole.commands,
        kernel=whole.kernel,
        document=whole.document,
        shown=as_it_stands if as_it_stands.text != program.text else None,
    )


def _cells(text: str) -> tuple[Iterator[_Piece], str]:
    """Return the cells of a notebook, and the name of its kernel."""
    from kreglint.source.notebook import Notebook

    notebook = Notebook(text)
    places = (Part(1, cell=cell.number, code_cell=cell.code_number, starts=cell.starts) for cell in notebook.cells)
    return map(_Piece, (cell.text for cell in notebook.cells), places), notebook.kernel


def _blocks(text: str, filename: str) -> Iterator[Block]:
    if is_restructured_text(filename):
        from kreglint.source.restructured_text import python_blocks
    else:
        from kreglint.source.markdown import python_blocks
    if _OF_MARIMO in text:
        from kreglint.source.marimo import in_running_order

        return iter(in_running_order(python_blocks(text)))
    return python_blocks(text)


def _piece(block: Block) -> _Piece:
    text, first_row, margin, bare_rows, prompted, inline, closing_row = block
    place = Part(1, first_row, None, margin, bare_rows, prompted=prompted, inline=inline, closing_row=closing_row)
    return _Piece(text, place)


def _refusal(code: str, piece: _Piece, *, parse: bool) -> Refused | None:
    """Return why a piece cannot be in the program, or None if it can."""
    lead = len(code) - len(piece.text)
    try:
        from_text(code, "")
        if parse or not is_python(code):
            check_syntax(code)
    except UnparsableError as error:
        row, column, reason = error.row - bool(lead), error.column, f"cannot be parsed: {error.reason}"
    except UndecodableError as error:
        row, column, reason = error.row - bool(lead), error.column, f"cannot be read: {error.reason}"
    else:
        return None
    lines = Source("", piece.text)
    row = min(max(row, 1), lines.rows)
    return Refused(piece.place, Location(row, column), reason, lines.line(row))
