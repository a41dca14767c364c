"""A long text in parts, each a whole number of statements: of the module, or of one long function or class.

What libcst's parser needs for a line grows with the text (73 µs at 84 lines, 135 at 100,000 with libcst 1.8), as what
it keeps outgrows the caches of the machine. In parts it stays what it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst

_SHORT = 100_000  # characters, that are parsed in one
_PART = 40_000
_DEFINITION = re.compile(r"(?:def|class|async def)\b")
_BOUNDARY = re.compile(r"(?<=\n)\r?\n(?=(?:def|class|async def)\b|@)")
_TOP = re.compile(r"^(?=[A-Za-z_@])(?!(?:else|elif|except|finally)\b)", re.MULTILINE)
_COMMENTS = r"(?:#[^\r\n]*\r?\n[ \t]*)*"
_INNER = re.compile(rf"(?<=\n)[ \t]*\r?\n([ \t]+)(?={_COMMENTS}(?!(?:else|elif|except|finally|case)\b)[A-Za-z_@])")
_HEAD = "if 1:\n"  # stands before the statements of a body, so that they can be parsed without what is before them


class Part(NamedTuple):
    """A part of a text, parsed, and where it starts in the whole.

    `inner`: it goes on with the body of the definition with which the part before it ends, below a head of its own.
    """

    module: cst.Module
    text: str
    start: int
    inner: bool = False

    @property
    def body(self) -> Sequence[cst.CSTNode]:
        """The statements of the text."""
        return _inner_body(self.module.body[0]) if self.inner else self.module.body


class _NotAPartError(Exception):
    """What looked like statements of a body is something else."""


def parse_parts(text: str) -> list[Part]:
    """Parse a text.

    A line that only looks like a start (in a string, between a decorator and what it decorates) leaves a part before
    it that cannot be parsed; the text is then parsed in one.

    Raises:
        ParserSyntaxError, CSTValidationError: as `libcst.parse_module`.
    """
    bounds = _bounds(text) if len(text) > _SHORT else []
    if bounds:
        try:
            ends = [*(start for start, _ in bounds), len(text)]
            parts = [_parsed(text, *bound, end) for bound, end in zip([(0, False), *bounds], ends, strict=True)]
            _check(parts)
        except (cst.ParserSyntaxError, cst.CSTValidationError, _NotAPartError):
            pass
        else:
            return parts
    return [Part(cst.parse_module(text), text, 0)]


def _parsed(text: str, start: int, inner: bool, end: int) -> Part:
    if not inner:
        return Part(cst.parse_module(text[start:end]), text[start:end], start)
    piece = _HEAD + text[start:end]
    return Part(cst.parse_module(piece), piece, start - len(_HEAD), inner=True)


def _check(parts: list[Part]) -> None:
    """Raise _NotAPartError where a body would go on with what is not its own."""
    for before, part in itertools.pairwise(parts):
        if part.inner:
            last = part.module.body
            if len(last) != 1 or not isinstance(last[0], cst.If) or last[0].orelse is not None:
                raise _NotAPartError
            if not before.inner and not isinstance(before.module.body[-1], (cst.FunctionDef, cst.ClassDef)):
                raise _NotAPartError
            _inner_body(last[0])


def _inner_body(statement: cst.CSTNode) -> Sequence[cst.BaseStatement]:
    return _block_of(statement).body


def _block_of(statement: cst.CSTNode) -> cst.IndentedBlock:
    body = statement.body if isinstance(statement, (cst.If, cst.FunctionDef, cst.ClassDef)) else None
    if not isinstance(body, cst.IndentedBlock):
        raise _NotAPartError
    return body


class Copy(NamedTuple):
    """A node of the joined tree that stands for one of a part, but goes on to the end of another, `last`."""

    node: cst.CSTNode
    original: cst.CSTNode
    last: cst.CSTNode


class Joined(NamedTuple):
    """One module of all statements. It is there to be walked: the comments between two parts are in neither."""

    module: cst.Module
    copies: tuple[Copy, ...] = ()


def joined(parts: list[Part]) -> Joined:
    """The parts as one. A definition that goes on in later parts is a copy with all statements of its body."""
    if len(parts) == 1:
        return Joined(parts[0].module)
    statements: list[cst.CSTNode] = []
    bodies: dict[int, list[cst.CSTNode]] = {}  # by the index of the definition that they go on with
    for part in parts:
        if part.inner:
            bodies.setdefault(len(statements) - 1, []).extend(part.body)
        else:
            statements += part.body
    copies: list[Copy] = []
    for index, more in bodies.items():
        original = statements[index]
        old = _block_of(original)
        block = old.with_changes(body=[*old.body, *more])
        statements[index] = original.with_changes(body=block)
        copies += [Copy(statements[index], original, more[-1]), Copy(block, old, more[-1])]
    return Joined(parts[0].module.with_changes(body=statements), tuple(copies))


def _bounds(text: str) -> list[tuple[int, bool]]:
    """Where top-level statements seem to start, some way apart; and, marked, those of the body of a long one."""
    found: list[int] = [0]
    for match in _BOUNDARY.finditer(text):
        if match.end() - found[-1] >= _PART:
            found.append(match.end())
    bounds: list[tuple[int, bool]] = []
    for start, end in itertools.pairwise([*found, len(text)]):
        bounds.append((start, False))
        if end - start > 2 * _PART:
            bounds += _finer(text, start, end)
    return bounds[1:]


def _finer(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Bounds between other top-level statements, and within definitions that are long themselves."""
    last = start
    inner = False
    tops = [match.start() for match in _TOP.finditer(text, start, end)]
    for top, after in itertools.pairwise([*tops, end]):
        if top > start and (inner or (top - last >= _PART and text[top - 2 : top] in ("\n\n", "\r\n"))):
            yield top, False
            last = top
        inner = False
        if after - top > 2 * _PART and _DEFINITION.match(text, top):
            for place in _within(text, top, after):
                yield place, True
                last, inner = place, True


def _within(text: str, start: int, end: int) -> Iterator[int]:
    """Where statements of the body of a definition seem to start, some way apart."""
    matches = list(_INNER.finditer(text, start, end))
    indents = {match[1] for match in matches}
    indent = min(indents, key=len) if indents else ""
    last = start
    first = re.compile(rf"\n{indent}[A-Za-z_@]").search(text, start, end)
    for match in matches:
        begun = first is not None and first.start() < match.start()
        if begun and match[1] == indent and match.start(1) - last >= _PART:
            last = match.start(1)
            yield last
