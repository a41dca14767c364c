"""The Python in a reStructuredText file: its code blocks, and sessions that begin with a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.source.blocks import Block, examples, is_session, lines_of, with_margin

_PYTHON = ("python", "python3", "py", "ipython", "ipython3")
_OF_PYTHON = ("ipython", "jupyter-execute", "testcode", "testsetup")
_DIRECTIVE = re.compile(r"(?P<blanks>[ \t]*)\.\.[ \t]+(?P<name>[\w:-]+)::[ \t]*(?P<argument>[^\s]*)[ \t]*(?:[\r\n]|\Z)")
_WITH_LANGUAGE = ("code-block", "code", "sourcecode")
_SESSIONS = ("doctest", "pycon", "pycon3")
_OPTION = re.compile(r"[ \t]*:[\w-]+:(?=[ \t\r\n]|\Z)")


def python_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of Python, in order; of a session, each statement that it runs."""
    lines = list(lines_of(text))
    row = 0
    while row < len(lines):
        directive = _DIRECTIVE.match(lines[row])
        if directive is None:
            end = _session_end(lines, row) if is_session(lines[row : row + 1]) else row + 1
            yield from examples(lines[row:end], row + 1)
        else:
            end = _content_end(lines, row + 1, len(directive["blanks"].expandtabs()))
            start = _content_start(lines, row + 1, end)
            if _is_code(directive):
                yield from _block(lines[start:end], start + 1, is_python=_is_python(directive))
            else:  # a note, say, which may hold blocks
                end = row + 1
        row = end


def _block(code: list[str], first_row: int, *, is_python: bool) -> Iterator[Block]:
    if is_session(code):
        yield from examples(code, first_row)
    elif is_python and code:
        yield from with_margin(code, first_row)


def _is_code(directive: re.Match[str]) -> bool:
    return directive["name"] in (*_WITH_LANGUAGE, *_OF_PYTHON, *_SESSIONS)


def _is_python(directive: re.Match[str]) -> bool:
    return directive["name"] in _OF_PYTHON or directive["argument"].lower() in _PYTHON


def _content_start(lines: list[str], start: int, end: int) -> int:
    """Return where the code of a directive begins: below its options, at the first line that says something."""
    while start < end and (_OPTION.match(lines[start]) or not lines[start].strip()):
        start += 1
    return start


def _content_end(lines: list[str], start: int, indent: int) -> int:
    """Return where a directive's content ends: before the first line that is not indented more than it."""
    for row in range(start, len(lines)):
        line = lines[row].expandtabs()
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return row
    return len(lines)


def _session_end(lines: list[str], start: int) -> int:
    """Return where a session ends: at a blank line."""
    return next((row for row in range(start, len(lines)) if not lines[row].strip()), len(lines))
