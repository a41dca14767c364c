"""Source text without its layout: what stays the same when somebody moves or reformats it."""

from __future__ import annotations

import re

from kreglint.source.tokens import tokens

_LAYOUT = ("blank", "newline", "join", "comment")
_ESCAPED_QUOTE, _UNESCAPED = re.compile(r"\\(['\"])"), r"\1"


def without_layout(text: str) -> str:
    r"""Return the tokens of a piece of Python, as a formatter leaves them.

    Blanks, line ends, comments, the kind of quotes, the case of numbers and prefixes, and a comma before a closing
    bracket do not count.

    >>> without_layout("l2(\n  1E-4,  # as in the paper\n)") == without_layout("l2(1e-4)")
    True
    """
    normal: list[str] = []
    for token in tokens(text):
        if token.lastgroup in _LAYOUT:
            continue
        if token["close"] and normal[-1:] == [","]:
            normal.pop()
        normal.append(_normal(token))
    return "\0".join(normal)


def _normal(token: re.Match[str]) -> str:
    if token["string"]:
        prefix = token["prefix"].lower().replace("u", "")
        body = token["body"] or token["lines"] or ""
        return f"{prefix}'{body if 'r' in prefix else _ESCAPED_QUOTE.sub(_UNESCAPED, body)}'"
    return token.group().lower() if token["number"] else token.group()
