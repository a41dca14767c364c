"""Tokens: Python's own, of a program; and by one pattern, of text that may be a piece of one, or not quite Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenize import TokenInfo

# Python's tokenizer cannot read a cell of IPython, nor a piece that ends within a bracket, and splits f-strings from
# 3.12 on: what is known by its tokens would have another name there.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
    | (?P<join>\\(?:\r\n|\r|\n))
    | (?P<newline>\r\n|\r|\n)
    | (?P<blank>[^\S\r\n]+)
    | (?P<string>(?P<prefix>[A-Za-z]{0,2})(?:
        (?P<quotes>'''|\"\"\")(?P<lines>(?:\\.|(?!(?P=quotes)).)*)(?P=quotes)
        | (?P<quote>['"])(?P<body>(?:\\(?:\r\n|.)|(?!(?P=quote))[^\\\r\n])*)(?P=quote)
      ))
    | (?P<number>\.?\d\w*)
    | (?P<word>\w+)
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def token_at(text: str, place: int) -> re.Match[str]:
    """Return the token at an offset of any text; its kind is the `lastgroup`, and no character is in none."""
    found = _TOKEN.match(text, place)
    assert found is not None
    return found


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Return the tokens of any text, blanks and comments among them."""
    return _TOKEN.finditer(text)


def python_tokens(text: str) -> Iterator[TokenInfo]:
    """Yield Python's own tokens of a program, as far as it reads it. Rows are counted alike, whatever the line ends."""
    import io
    import tokenize  # here, since few files need it

    try:
        yield from tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
    except (tokenize.TokenError, SyntaxError):
        return
