"""What IPython understands and Python does not, taken out of a cell: every place in the rest stays where it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from keyword import iskeyword
from typing import NamedTuple

from kreglint.source.automagic import is_automagic
from kreglint.source.python import is_python
from kreglint.source.tokens import token_at

# Cell magics whose body is Python that runs among the notebook's own names, as it does not for %%python.
PYTHON_CELLS = ("capture", "debug", "prun", "time", "timeit")
SHELLS = ("bash", "sh", "script", "system", "sx", "pip", "conda")
_CELL_MAGIC = re.compile(r"[ \t\r\n]*%%(\w*)[^\r\n]*")
_LINE_MAGICS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[ \t]*(?P<magic>[%!?])",
        r"[ \t]*(?P<magic>[%\w.*\[\]]*\?{1,2})[ \t]*(?=[\r\n]|$)",
        r"[^=#'\"\r\n(]*[^=!<>%#'\"\r\n(]=[ \t]*(?P<magic>[%!](?!=))",
    )
)
_RUNS_STATEMENT = re.compile(r"%(?:time|prun)[ \t]")  # among the program's names
_RUNS_APART = re.compile(r"%timeit(?:[ \t]+-(?:[qo]|[nrp][ \t]*\d+|[tc]))*[ \t]")  # in a function of its own
_RUNS_FILE = re.compile(  # and leaves its names
    r"%run[ \t]+(?:-[ie][ \t]+)*(?P<quote>[\"']?)(?:\./)?(?P<path>(?:[^\W\d]\w*/)*[^\W\d]\w*)(?:\.py)?(?P=quote)"
    r"(?=[ \t]|\Z)"
)
_WRITES_FILE = re.compile(
    r"[ \t\r\n]*%%(?:writefile|file)[ \t]+(?P<more>(?:-a|--append)[ \t]+)?"
    r"(?P<quote>[\"']?)(?P<name>[^\r\n]+?\.py)(?P=quote)[ \t]*(?=[\r\n]|\Z)"
)
_BINDS_NAMES = re.compile(
    r"%?(?:run|pylab|load|loadpy|macro|rerun|recall|store|edit|paste|cpaste)(?=[ \t\r\n]|\Z)(?<=.{4})"
)
_COMMENTED = re.compile(  # as jupytext writes a line magic or a command, or a cell that a shell runs
    r"[ \t]*(?P<magic># (?:![^\r\n]+|%\w[^\r\n]*))"
    rf"|(?P<cell># (?:%%|\+)[^\r\n]*\blanguage=\"(?:{'|'.join(SHELLS)})\"[^\r\n]*(?:(?:\r\n|\r|\n)#[^\r\n]*)*)"
)
_COMMENT_SIGN = re.compile(r"^# ?", re.MULTILINE)
_NAME = re.compile(r"%\w+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ALWAYS = "if 1: "  # no longer than these
_LINE = re.compile(r"(?:\\(?:\r\n|\r|\n)|[^\r\n])*")


Find = Callable[[str, int], tuple[int, int] | None]  # what only IPython reads of the line that begins at an offset


def without_magics(text: str, commands: list[str] | None = None) -> str | None:
    """Return the Python of a cell, row by row as the cell; None where the cell is of another language.

    A line magic, a shell command or a question becomes an expression that says nothing, `%time` the statement it runs,
    and `%run file.py` an import of its names, the only one that is not as long as what it stands for. They are added
    to `commands`, as the body of a cell that a shell runs is.
    """
    commands = [] if commands is None else commands
    cell_magic = _CELL_MAGIC.match(text)
    if cell_magic is not None:
        if cell_magic[1] not in PYTHON_CELLS:
            commands += [text[cell_magic.end() :]] if cell_magic[1] in SHELLS else []
            return None
        text = _blank(cell_magic.group()) + text[cell_magic.end() :]
    if is_python(text):
        return text
    if cell_magic is None and is_automagic(text):
        commands.append(text)
        start = len(text) - len(text.lstrip())
        return text[:start] + _nothing(text[start:])
    return blanked(text, line_magic, commands)


class WrittenFile(NamedTuple):
    """What a cell writes to a Python file: `text` is as long as the cell. `more`: it is added to what is there."""

    name: str
    text: str
    more: bool


def written_file(text: str) -> WrittenFile | None:
    """Return the program that a cell of `%%writefile` writes; None for any other cell."""
    found = _WRITES_FILE.match(text)
    if found is None:
        return None
    return WrittenFile(found["name"], _blank(found.group()) + text[found.end() :], found["more"] is not None)


def blanked(text: str, find: Find, commands: list[str] | None = None) -> str:
    """Return the text with what only IPython reads of its logical lines as an expression that says nothing.

    What it was is added to `commands`.
    """
    pieces, end = [], 0
    for start, stop in _magics(text, find):
        before, magic = text[end:start], text[start:stop]
        if commands is not None:
            commands.append(magic)
        is_statement = before.rstrip(" \t").endswith(("\n", "\r")) or not before.strip()
        pieces += [before, (_run_by(magic, before) if is_statement else None) or _nothing(magic)]
        end = stop
    return "".join((*pieces, text[end:]))


def uncommented(text: str, commands: list[str], is_code: Callable[[int], bool] = lambda _: True) -> str:
    """Return the Python of a script or cell in which jupytext has made comments of magics, as long as it.

    `%time` becomes the statement it runs. Of the others only what they run is added to `commands`, with what shells do.
    `is_code`: whether the line that begins at an offset is one of a cell of code.
    """
    if _COMMENTED.search(text) is None:
        return text

    def commented(text: str, place: int) -> tuple[int, int] | None:
        found = _COMMENTED.match(text, place)
        return found.span(found.lastgroup or 0) if found is not None and is_code(place) else None

    pieces, end = [], 0
    for start, stop in _magics(text, commented):
        sign, magic = text[start : start + 2], text[start + 2 : stop]
        commands.append(_COMMENT_SIGN.sub("", magic))
        runs = _run_by(_NAME.sub(rf"\g<0>{' ' * len(sign)}", magic, count=1), text[:start])
        binds = _nothing(magic + sign) if _BINDS_NAMES.match(magic) else None
        pieces += [text[end:start], runs or binds or text[start:stop]]
        end = stop
    return "".join((*pieces, text[end:]))


def line_magic(text: str, place: int) -> tuple[int, int] | None:
    """Return where a logical line that begins at an offset has a magic: as a statement, or assigned in one."""
    found = next(filter(None, (pattern.match(text, place) for pattern in _LINE_MAGICS)), None)
    line = _LINE.match(text, place)
    return (found.start("magic"), line.end() if line else len(text)) if found else None


def _magics(text: str, find: Find) -> Iterator[tuple[int, int]]:
    place, depth, at_start = 0, 0, True
    while place < len(text):
        magic = find(text, place) if at_start else None
        if magic is not None:
            yield magic
            place = magic[1]
            if place == len(text):
                return
        token = token_at(text, place)
        depth = max(0, depth + (token.lastgroup == "open") - (token.lastgroup == "close"))
        at_start = token.lastgroup == "newline" and depth == 0
        place = token.end()


def _run_by(magic: str, before: str) -> str | None:
    """Return the statement that a magic runs, in its place; of a file that it runs, the import of all its names."""
    file = _RUNS_FILE.match(magic)
    if file is not None and before[-1:] in ("", "\n", "\r"):  # only a module may import all names, no function
        folders = file["path"].split("/")
        if not any(map(iskeyword, folders)):
            return f"from {'.'.join(folders)} import *{''.join(_LINE_END.findall(magic))}"
    apart = _RUNS_APART.match(magic)
    if apart is not None:
        expression = " " * apart.end() + magic[apart.end() :]
        return _ALWAYS + expression[len(_ALWAYS) :] if is_python(f"({expression})") else None
    statement = _ALWAYS + magic[len(_ALWAYS) :]
    return statement if _RUNS_STATEMENT.match(magic) and is_python(statement) else None


def _nothing(magic: str) -> str:
    """A name that nobody binds, and blanks; line ends stay. What may bind any name leaves `exec` in its place."""
    if _BINDS_NAMES.match(magic):
        return "exec" + _blank(magic[4:])
    return ("__" if len(magic) > 1 else "_") + _blank(magic[2:])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
