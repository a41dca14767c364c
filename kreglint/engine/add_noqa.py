"""Writes `# noqa` comments for findings into the text of a program (`--add-noqa`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import judged
from kreglint.engine.project import project
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.settings.schema import Settings
from kreglint.source.noqa import Directive, suppressions
from kreglint.source.text import Source, decode

_NOT_BY_COMMENT = (UnreadableFile.code, CrashedRule.code, UnusedNoqa.code)


class RefusedError(Exception):
    """Comments that would not do what they are for; nothing is written."""


def can_be_suppressed(diagnostic: Diagnostic) -> bool:
    """Whether a comment in a Python file can suppress it."""
    return diagnostic.code not in _NOT_BY_COMMENT and diagnostic.cell is None


def with_noqa(data: bytes, filename: str, found: Sequence[Diagnostic], reason: str, settings: Settings) -> bytes:
    """The program with a comment for each finding that a comment can suppress.

    A comment that names codes already gets these besides; `reason` follows the codes of a new one. Only comments
    are added: everything else stays as it is, byte for byte.

    Raises:
        RefusedError: the comments cannot be written in the file's encoding, or would not suppress the findings.
    """
    source = decode(data, filename)
    wanted = _codes_by_row(filter(can_be_suppressed, found))
    directives = {directive.location.row: directive for directive in suppressions(source).directives}
    text = "".join(_lines(source, wanted, directives, reason))
    try:
        written = text.encode(source.encoding)
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise RefusedError(f"{filename}: {character!r} cannot be written in {source.encoding}") from error
    _verify(written, filename, found, settings)
    return written


def _codes_by_row(found: Iterable[Diagnostic]) -> dict[int, list[str]]:
    rows: dict[int, set[str]] = {}
    for diagnostic in found:
        rows.setdefault(diagnostic.noqa_row, set()).add(diagnostic.code)
    return {row: sorted(codes) for row, codes in rows.items()}


def _lines(
    source: Source, wanted: Mapping[int, Sequence[str]], directives: Mapping[int, Directive], reason: str
) -> Iterator[str]:
    for row, whole in enumerate(source.lines(), start=1):
        if row not in wanted:
            yield whole
        elif row in directives:
            yield _extended(whole, directives[row], wanted[row])
        else:
            line = whole.rstrip("\r\n")
            comment = f"  # noqa: {', '.join(wanted[row])}{' ' if reason else ''}{reason}"
            yield line.rstrip(" \t\f") + comment + whole[len(line) :]


def _extended(line: str, directive: Directive, codes: Sequence[str]) -> str:
    start = directive.location.column - 1 + len(directive.before)
    extended = directive.with_codes([*directive.codes, *codes])
    return line[:start] + extended + line[start + len(directive.text) :]


def _verify(written: bytes, filename: str, found: Sequence[Diagnostic], settings: Settings) -> None:
    """The program must be the same to every rule, and the findings must be suppressed."""
    after = judged(written, filename, settings, project())
    remaining = Counter(diagnostic.code for diagnostic in after if diagnostic.suppressed is None)
    expected = Counter(diagnostic.code for diagnostic in found if not can_be_suppressed(diagnostic))
    if any(remaining[code] > expected[code] for code in remaining if code not in _NOT_BY_COMMENT):
        raise RefusedError(f"{filename}: the comments would not suppress all findings; it is left as it is")
    if UnreadableFile.code in remaining:
        raise RefusedError(f"{filename}: with the comments it could not be parsed; it is left as it is")
