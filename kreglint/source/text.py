"""A file's text: decoded as Python decodes it, with places counted as Python's tokenizer counts them."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

from kreglint.diagnostics import Location, Span
from kreglint.records import field, record, replace

MARKED = "utf-8-sig"  # the codec that writes the byte order mark back
_LINE_END = re.compile(r"\r\n|\r|\n")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?$")


class UndecodableError(Exception):
    """A source that Python could not read as text. `row` and `column` count from 1, in characters."""

    def __init__(self, row: int, column: int, reason: str) -> None:
        super().__init__(row, column, reason)
        self.row = row
        self.column = column
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Inline(NamedTuple):
    """A program that is written in a string: the whole line that this is in, and where each of its characters stands.

    `columns` has those of each row of the program, with the end of the row.
    """

    line: str
    columns: tuple[tuple[int, ...], ...]


@record()
class Part:
    """A piece of a program that was put together: from which row it is, and where that stands.

    `cell` is the notebook cell and `first_row` the row in it; without a cell it is the row in the file. `margin` are
    the blanks before each line there that the program lacks, but for lines on `bare_rows` there; `ends_line`,
    whether its last line has its line end there as it has in the program; `prompted`, whether the margin stands for
    prompts, which no edit could write. `code_cell` counts the code cells of the notebook alone, and `starts` is where
    each of the cell's rows begins in the notebook's JSON. `inline` tells where the characters stand of a part that is
    one row of the file, and `closing_row` is the row on which the docstring ends that it is of.
    """

    row: int
    first_row: int = 1
    cell: int | None = None
    margin: str = ""
    bare_rows: frozenset[int] = frozenset()
    ends_line: bool = True
    prompted: bool = False
    code_cell: int | None = None
    starts: tuple[int, ...] = ()
    inline: Inline | None = None
    closing_row: int | None = None

    def moved(self, location: Location) -> Location:
        """Return where a place of the program stands."""
        row = self.moved_row(location.row)
        if self.inline is not None:
            columns = self.inline.columns[location.row - self.row]
            return Location(row, columns[min(location.column, len(columns)) - 1])
        return Location(row, location.column + len(self.margin_of(location.row)))

    def margin_of(self, row: int) -> str:
        """Return what stands before a row of the program."""
        return "" if self.moved_row(row) in self.bare_rows else self.margin

    @property
    def rows_behind(self) -> tuple[int, ...]:
        """The rows of the program on which a comment behind the part speaks for all of it.

        Of an inline part that is what follows it on its row of the file.
        """
        if self.inline is not None:
            return (self.row + len(self.inline.columns) - self.ends_line,)
        return (self.closing_row,) if self.closing_row is not None else ()

    def moved_row(self, row: int) -> int:
        return self.first_row if self.inline is not None else row - self.row + self.first_row


class Extent(NamedTuple):
    """Where a reader finds a span: rows and columns of the file, or of a cell in a notebook."""

    location: Location
    end_location: Location
    cell: int | None


_WHOLE = Part(1)


@record()
class Refused:
    """A cell that is not in the program since it cannot be parsed."""

    part: Part
    location: Location
    reason: str
    line: str


@record()
class Source:
    """The text of one file, without its byte order mark and with its line ends as they stand.

    Offsets count Unicode characters from 0. Lines end at LF, CR LF and CR, and nowhere else. A text that ends
    with a line end has an empty last line after it, so that every offset up to the text's length has a row.
    `text.encode(encoding)` gives the file's bytes again; `newline` is the first line's end.

    The program of a notebook or a Markdown file is put together from `parts`, without those that were `refused`; its
    rows are its own, and `extent` says where a reader finds them. `commands` are what only IPython or a shell reads of
    the file, `kernel` the name of a notebook's kernel, and `document` its JSON. `shown` is the text with what only
    IPython reads still in it, row by row, where that is another one. `written` are the programs that its cells write to
    files.

    A program may begin with that of the whole file, as the examples in a docstring do: `context` is how many characters
    that is, of which nothing is told again.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"
    parts: tuple[Part, ...] = ()
    refused: tuple[Refused, ...] = ()
    commands: tuple[str, ...] = ()
    kernel: str = ""
    document: Source | None = None
    shown: Source | None = None
    written: tuple[Source, ...] = ()
    context: int = 0
    _line_starts: list[int] = field(default_factory=list, repr=False, compare=False)

    @property
    def rows(self) -> int:
        """How many lines there are: one more than line ends."""
        return len(self._starts())

    def location(self, offset: int) -> Location:
        """Return the row and column of an offset. Raises ValueError where the offset lies outside the text."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"expected an offset from 0 to {len(self.text)}, received {offset}")
        starts = self._starts()
        row = bisect_right(starts, offset)
        return Location(row, offset - starts[row - 1] + 1)

    def extent(self, span: Span) -> Extent:
        """Return where a reader finds a span, by the part that it begins in."""
        start, end = self.location(span.start), self.location(span.end)
        part = self.part(start.row)
        return Extent(part.moved(start), part.moved(end), part.cell)

    def part(self, row: int) -> Part:
        """Return the part that a row of the program belongs to; of a plain file, the whole of it."""
        if not self.parts:
            return _WHOLE
        return self.parts[max(bisect_right(self.parts, row, key=attrgetter("row")) - 1, 0)]

    def file_row(self, part: Part, row: int) -> int | None:
        """Return the row of a notebook's JSON in which a row of a cell stands; None for any other file."""
        if not part.starts or self.document is None:
            return None
        return self.document.location(part.starts[min(row, len(part.starts)) - 1]).row

    def offset(self, location: Location) -> int:
        """Return the offset of a row and column, the inverse of `location`. Raises ValueError if there is none."""
        start, end = self._row_bounds(location.row)
        offset = start + location.column - 1
        if not start <= offset <= end:
            row, column = location
            raise ValueError(f"expected a column from 1 to {end - start + 1} in row {row}, received {column}")
        return offset

    def lines(self) -> Iterator[str]:
        """Return the text of each row with its line end."""
        starts = self._starts()
        return (self.text[start:end] for start, end in zip(starts, [*starts[1:], len(self.text)], strict=True))

    def line(self, row: int) -> str:
        """Return the text of a row without its line end. Raises ValueError where there is no such row."""
        start, end = self._row_bounds(row)
        return self.text[start:end].rstrip("\r\n")

    def shown_line(self, row: int) -> str:
        """Return a row without its line end as it stands in the file. Raises ValueError where there is no such row."""
        return (self.shown or self).line(row)

    def read_as(self, text: str, commands: Iterable[str]) -> Source:
        """Return the source with a text that stands for its own, row by row: what Python is to read of it."""
        return replace(self, text=text, commands=tuple(commands), shown=self.shown or self, _line_starts=[])

    def _row_bounds(self, row: int) -> tuple[int, int]:
        starts = self._starts()
        if not 1 <= row <= len(starts):
            raise ValueError(f"expected a row from 1 to {len(starts)}, received {row}")
        return starts[row - 1], starts[row] if row < len(starts) else len(self.text)

    def _starts(self) -> list[int]:
        if not self._line_starts:
            ends = [match.end() for match in _LINE_END.finditer(self.text)]
            self._line_starts.extend((0, *ends))
        return self._line_starts


def decode(data: bytes, path: str) -> Source:
    """Decode a file as Python does: by its byte order mark, its encoding cookie (PEP 263), or as UTF-8.

    Raises UndecodableError for an unknown encoding, a cookie that contradicts the byte order mark, bytes that
    the encoding does not have, and characters that no Python source may hold.
    """
    marked = data.startswith(codecs.BOM_UTF8)
    body = data.removeprefix(codecs.BOM_UTF8)
    encoding = _encoding_of(body, marked)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        row, column = _location_of_byte(body, error.start, encoding)
        reason = f"cannot be decoded as {encoding}: byte 0x{body[error.start]:02x}"
        raise UndecodableError(row, column, reason) from error
    except (LookupError, UnicodeError) as error:
        row, column = _location_of_cookie(body)
        raise UndecodableError(row, column, f"cannot be decoded as {encoding}: {error}") from error
    return _checked(Source(path, text, MARKED if marked else encoding, _first_line_end(text)))


def from_text(text: str, path: str) -> Source:
    """Return a source from text that is decoded already. Raises UndecodableError as `decode` does."""
    marked = text.startswith("\ufeff")
    text = text[1:] if marked else text
    return _checked(Source(path, text, MARKED if marked else "utf-8", _first_line_end(text)))


def _encoding_of(body: bytes, marked: bool) -> str:
    cookie = _find_cookie(body)
    if cookie is None:
        return "utf-8"
    name = cookie.group(1).decode("ascii")
    normal = _normal_name(name)
    if marked and normal != "utf-8":
        row, column = _location_of_cookie(body)
        reason = f"expected the encoding cookie utf-8 after a UTF-8 byte order mark, received {name}"
        raise UndecodableError(row, column, reason)
    try:
        codecs.lookup(normal)
    except LookupError as error:
        row, column = _location_of_cookie(body)
        raise UndecodableError(row, column, f"unknown encoding: {name}") from error
    return normal


def _find_cookie(body: bytes) -> re.Match[bytes] | None:
    """Return the cookie's match within its own line. A second line counts only below a blank or comment line."""
    for line in _first_two_lines(body):
        cookie = _COOKIE.match(line)
        if cookie or not _BLANK.match(line):
            return cookie
    return None


def _first_two_lines(body: bytes) -> list[bytes]:
    return body.splitlines()[:2]


def _normal_name(name: str) -> str:
    """Return the name under which Python knows UTF-8 and Latin-1, in any of their spellings; others as written."""
    lowered = name[:12].lower().replace("_", "-")
    if lowered == "utf-8" or lowered.startswith("utf-8-"):
        return "utf-8"
    if lowered in ("latin-1", "iso-8859-1", "iso-latin-1") or lowered.startswith(
        ("latin-1-", "iso-8859-1-", "iso-latin-1-")
    ):
        return "iso-8859-1"
    return name


def _location_of_cookie(body: bytes) -> Location:
    for row, line in enumerate(_first_two_lines(body), start=1):
        cookie = _COOKIE.match(line)
        if cookie:
            return Location(row, len(line[: cookie.start(1)].decode("utf-8", "replace")) + 1)
    return Location(1, 1)


def _location_of_byte(body: bytes, start: int, encoding: str) -> Location:
    before = body[:start].decode(encoding, "replace")
    return Source("", before).location(len(before))


def _first_line_end(text: str) -> str:
    match = _LINE_END.search(text)
    return match.group() if match else "\n"


def _checked(source: Source) -> Source:
    null = source.text.find("\0")
    if null >= 0:
        row, column = source.location(null)
        raise UndecodableError(row, column, "source code cannot contain null bytes")
    try:
        source.text.encode("utf-8")
    except UnicodeEncodeError as error:
        row, column = source.location(error.start)
        code_point = ord(source.text[error.start])
        raise UndecodableError(row, column, f"U+{code_point:04X} is not a character") from error
    return source
