"""The pattern language of `.gitignore`, which the `exclude` setting shares.

It is ours, not pathspec's: that lets a pattern match through the parents of a path, so `*`, `!*/`, `!*.py`
leaves out folders which git keeps, and its import takes longer than a small project's whole walk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kreglint.records import record


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool
    by_name: bool  # a pattern without a slash matches the last part of a path, wherever it lies


@record()
class IgnoreRules:
    """Patterns and the folder they are relative to, absolute and with forward slashes."""

    base: str
    rules: tuple[_Rule, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True if an absolute path is left out: True or False by the last pattern that matches it, else None.

        A path is judged by itself: whoever walks folders does not enter those that are left out.
        """
        name = path.rpartition("/")[2]
        relative = path[len(self.base) :].lstrip("/") if self._contains(path) else None
        for rule in reversed(self.rules):
            subject = name if rule.by_name else relative
            if subject is None or (rule.folders_only and not is_folder):
                continue
            if rule.pattern.fullmatch(subject):
                return not rule.negated
        return None

    def _contains(self, path: str) -> bool:
        return path.startswith(self.base.rstrip("/") + "/")


def parse_gitignore(text: str, base: str) -> IgnoreRules:
    """Return the rules of a `.gitignore` in the folder `base`."""
    lines = text.removeprefix("\ufeff").split("\n")
    return _parse((line.removesuffix("\r") for line in lines if not line.startswith("#")), base)


def parse_exclude(patterns: Iterable[str], base: str) -> IgnoreRules:
    """Return the rules of `exclude` patterns, which may also be paths: absolute, or beginning with `./`."""
    inside = base.rstrip("/")
    relative = (pattern.removeprefix(inside) if pattern.startswith(inside + "/") else pattern for pattern in patterns)
    return _parse((pattern.removeprefix(".") if pattern.startswith("./") else pattern for pattern in relative), base)


def _parse(patterns: Iterable[str], base: str) -> IgnoreRules:
    rules = [_parse_rule(pattern) for pattern in patterns]
    return IgnoreRules(base, tuple(rule for rule in rules if rule))


@lru_cache(maxsize=1024)
def _parse_rule(written: str) -> _Rule | None:
    """Return a rule, or None for a blank line and for a pattern that git never matches."""
    pattern = _without_trailing_blanks(written)
    negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    folders_only = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    by_name = "/" not in pattern
    expression = _translate(pattern.removeprefix("/"))
    if not expression:
        return None
    return _Rule(re.compile(expression, re.DOTALL), negated, folders_only, by_name)


def _without_trailing_blanks(written: str) -> str:
    stripped = written.rstrip(" ")
    escapes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if escapes % 2 and len(stripped) < len(written) else stripped


_TOKEN = re.compile(
    r"""
    (?P<any_folders>(?:(?<=/)|^)\*\*+/)
    | (?P<everything>(?:(?<=/)|^)\*\*+$)
    | (?P<stars>\*+)
    | (?P<one>\?)
    | \\(?P<escaped>.)
    | \[(?P<negation>[!^]?)(?P<members>\]?(?:\\.|\[:\w+:\]|[^\]\\])*)\]
    | (?P<broken>[\[\\])
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WILDCARDS = {"any_folders": "(?:.*/)?", "everything": ".+", "stars": "[^/]*", "one": "[^/]"}
_POSIX_CLASSES = {
    "[:alnum:]": "0-9A-Za-z",
    "[:alpha:]": "A-Za-z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:upper:]": "A-Z",
    "[:xdigit:]": "0-9A-Fa-f",
}


def _translate(pattern: str) -> str | None:
    """Return the regular expression of a pattern; None for one that is empty or not well formed."""
    parts = []
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        if kind == "broken":
            return None
        if kind == "members":
            parts.append(_translate_class(token["negation"], token["members"]))
        else:
            parts.append(_WILDCARDS.get(kind) or re.escape(token[kind]))
    expression = "".join(parts)
    return expression if _compiles(expression) else None


def _translate_class(negation: str, members: str) -> str:
    def member(match: re.Match[str]) -> str:
        text = match.group()
        if text in _POSIX_CLASSES:
            return _POSIX_CLASSES[text]
        return "-" if text == "-" else re.escape(text.removeprefix("\\"))

    inside = re.sub(r"\[:\w+:\]|\\.|.", member, members, flags=re.DOTALL)
    return f"(?!/)[{'^' if negation else ''}{inside}]"


def _compiles(expression: str) -> bool:
    try:
        re.compile(expression)
    except re.error:  # a range that runs backwards, as in [z-a]
        return False
    return True
