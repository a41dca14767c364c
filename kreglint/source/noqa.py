"""Suppression comments: `# noqa`, `# noqa: KRG302` and `# kreglint: ignore-file`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kreglint.source.text import Source

_MENTION = re.compile(r"noqa|kreglint", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_IGNORE_FILE = re.compile(r"#\s*kreglint:\s*ignore-file\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """What a file's comments suppress.

    `rows` has the codes, or their beginnings, that each row's `# noqa` names; no codes means all.
    """

    file_ignored: bool = False
    rows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def suppresses(self, code: str, rows: Iterable[int]) -> bool:
        """Whether a `# noqa` on one of these rows suppresses this code."""
        return any(self._row_suppresses(code, row) for row in rows)

    def _row_suppresses(self, code: str, row: int) -> bool:
        named = self.rows.get(row)
        return named is not None and (not named or code.startswith(named))


def suppressions(source: Source) -> Suppressions:
    """Read the suppression comments. Text in strings is none; where tokenizing fails, what follows is not read."""
    if not _MENTION.search(source.text):
        return Suppressions()
    file_ignored, rows = False, {}
    for row, comment, alone in _comments(source.text):
        noqa = _NOQA.search(comment)
        if noqa:
            rows[row] = _codes(noqa.group("codes"))
        file_ignored = file_ignored or (alone and _IGNORE_FILE.match(comment) is not None)
    return Suppressions(file_ignored, rows)


def _codes(named: str | None) -> tuple[str, ...]:
    return tuple(re.split(r"[,\s]+", named.upper())) if named else ()


def _comments(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each comment that mentions us with its row, and whether it stands alone on it."""
    import io
    import tokenize

    lines = io.StringIO(text, newline=None)  # rows are counted alike, whatever the line ends
    try:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.COMMENT and _MENTION.search(token.string):
                row, column = token.start
                yield row, token.string, not token.line[:column].strip()
    except (tokenize.TokenError, SyntaxError):
        return
