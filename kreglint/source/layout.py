"""Source text without its layout: what stays the same when somebody moves or reformats it."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<layout>\s+ | \\(?:\r\n|\r|\n) | \#[^\r\n]*)
    | (?P<prefix>[A-Za-z]{0,2})(?P<quotes>'''|\"\"\"|'|")(?P<body>(?:\\.|(?!(?P=quotes)).)*)(?P=quotes)
    | (?P<number>\.?\d\w*)
    | (?P<word>\w+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_QUOTE = re.compile(r"\\(['\"])")


def without_layout(text: str) -> str:
    r"""The tokens of a piece of Python, as a formatter leaves them.

    Blanks, line ends, comments, the kind of quotes, the case of numbers and prefixes, and a comma before a closing
    bracket do not count.

    >>> without_layout("l2(\n  1E-4,  # as in the paper\n)") == without_layout("l2(1e-4)")
    True
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        if match["layout"]:
            continue
        token = _normal(match)
        if token in (")", "]", "}") and tokens[-1:] == [","]:
            tokens.pop()
        tokens.append(token)
    return "\0".join(tokens)


def _normal(match: re.Match[str]) -> str:
    if match["quotes"]:
        prefix = match["prefix"].lower().replace("u", "")
        body = match["body"] if "r" in prefix else _ESCAPED_QUOTE.sub(r"\1", match["body"])
        return f"{prefix}'{body}'"
    return match.group().lower() if match["number"] else match.group()
