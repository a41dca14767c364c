"""Python files with lines of IPython in them: what Colab downloads, editors cut in cells at `# %%`, and `.ipy` files.

Only a file that is not Python as it stands is looked at so. What only IPython reads is taken out of it as of a
notebook's cell: every place in the rest stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import partial

from kreglint.source.automagic import COMMAND
from kreglint.source.blocks import Block
from kreglint.source.magics import PYTHON_CELLS, blanked, line_magic, uncommented
from kreglint.source.python import is_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.source.jupytext import Header

_LINE_START = r"(?:\A|(?<=[\r\n]))"
_MARKER = r"\#[ \t]*(?:%%(?=[ \t\[\r\n]|\Z)|In\[[ \d]*\])"  # of a cell, as jupytext, Spyder and VS Code know it
_CELL = re.compile(rf"{_LINE_START}{_MARKER}[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PERCENT = "percent"
_OF_WORDS = re.compile(r"%%[^\r\n]*\[(?:markdown|md|raw)\]")
_CELL_MAGIC = re.compile(r"%%(\w+)[^\r\n]*")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_COMMAND = re.compile(COMMAND)
# Magics that were made comments: jupytext writes its sign behind their indentation, and Colab, which says so, before.
_BY_JUPYTEXT = re.compile(rf"{_LINE_START}(?P<indent>[ \t]*)\# (?P<magic>[%!]\w[^\r\n]*)")
_BY_COLAB = re.compile(rf"{_LINE_START}\# (?P<indent>[ \t]*)(?P<magic>[%!]\w[^\r\n]*)")
_COLAB = "# Commented out IPython magic "
_LINE_END = re.compile(r"\r\n|\r|\n")
_EDGE = re.compile(rf"[ \t]*\Z|{_MARKER}")


def without_ipython(text: str, commands: list[str] | None = None) -> str:
    """Return the Python of a file, as long as the file; the file itself where it is Python as it stands.

    What only IPython reads is added to `commands`.
    """
    if is_python(text):
        return text
    cells = [marker.span() for marker in _CELL.finditer(text)]
    python = blanked(text, partial(_magic, cells=cells, lone=frozenset(_lone_commands(text))), commands)
    return python if is_python(python) else _restored(python, commands)


def _restored(text: str, commands: list[str] | None) -> str:
    """Return a text with statements that say nothing for magics that were made comments, if it is Python then.

    Such a magic may be all that a `try` holds.
    """
    commented = _BY_COLAB if _COLAB in text else _BY_JUPYTEXT
    restored = commented.sub(lambda found: f"{found['indent']}__".ljust(len(found.group())), text)
    if restored == text or not is_python(restored):
        return text
    if commands is not None:
        commands += [found["magic"] for found in commented.finditer(text)]
    return restored


def with_commented_magics(text: str, header: Header, commands: list[str]) -> str:
    """Return the Python of a script in which jupytext has made comments of what only IPython reads, as long as it."""
    if not header.comments_magics:
        return text
    words = [marker.end() for marker in _CELL.finditer(text) if _OF_WORDS.search(marker.group())]
    cells = [marker.end() for marker in _CELL.finditer(text)]

    def is_code(place: int) -> bool:
        """In percent scripts the lines of a cell of Markdown are comments too; elsewhere these look otherwise."""
        return header.form != _PERCENT or max((end for end in cells if end <= place), default=0) not in words

    return uncommented(text, commands, is_code)


def cells_of(text: str) -> Iterator[Block]:
    """Yield the cells of a file that markers cut in pieces; of a file without any, nothing."""
    markers = list(_CELL.finditer(text))
    for marker, following in zip(markers, [*markers[1:], None], strict=False):
        end = following.start() if following is not None else len(text)
        first_row = sum(1 for _ in _LINE_END.finditer(text, 0, marker.end())) + 1
        yield Block(text[marker.end() : end], first_row, "")


def _magic(text: str, place: int, *, cells: Sequence[tuple[int, int]], lone: Container[int]) -> tuple[int, int] | None:
    cell_magic = _CELL_MAGIC.match(text, place)
    if cell_magic is not None:
        return cell_magic.span() if cell_magic[1] in PYTHON_CELLS else _foreign_cell(text, place, cells)
    command = _COMMAND.match(text, place) if place in lone else None
    return command.span() if command is not None else line_magic(text, place)


def _foreign_cell(text: str, place: int, cells: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return a cell in another language, from its first line on; None where no marker tells how far it goes."""
    begin = max((end for _, end in cells if end <= place), default=0)
    if not cells or text[begin:place].strip():
        return None
    return place, min((start for start, _ in cells if start > place), default=len(text))


def _lone_commands(text: str) -> Iterator[int]:
    """Yield where a line is a command by itself, as a downloaded cell of one line: nothing right above or below."""
    lines = ["", *(line[1] for line in _LINE.finditer(text)), ""]
    starts = (line.start() for line in _LINE.finditer(text))
    for start, above, line, below in zip(starts, lines, lines[1:], lines[2:], strict=False):
        if _COMMAND.match(line) and _EDGE.match(above) and _EDGE.match(below):
            yield start
