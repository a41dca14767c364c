"""A digit where a letter should be, as in `regularizers.12(0.1)`: what Python says of it does not help."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise

from kreglint.analysis.syntax.errors import UnparsableError

# Numbers that look like names of Keras: l1, l2, l1_l2.
_LIKE_NAMES = re.compile(r"\.?1([12])(?:(_?)1([12]))?")


def misread(text: str, refused: UnparsableError) -> UnparsableError:
    """The same refusal, or one that names what is meant where its row has such a number."""
    if _LIKE_NAMES.search(text) is None:
        return refused
    for before, number in pairwise(_tokens(text, refused.row)):
        found = _LIKE_NAMES.fullmatch(number.string) if number.type == tokenize.NUMBER else None
        if found is None or before.type != tokenize.NAME or number.start[0] != refused.row:
            continue
        name = f"l{found[1]}" + (f"{found[2]}l{found[3]}" if found[3] else "")
        if number.string.startswith(".") and before.end == number.start:
            written, meant, place = before.string + number.string, f"{before.string}.{name}", before
        elif before.string == "import":
            written, meant, place = number.string, name, number
        else:
            continue
        reason = f"'{written}' is a number, not a name; did you mean '{meant}'?"
        return UnparsableError(refused.row, place.start[1] + 1, reason)
    return refused


def _tokens(text: str, last: int) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a text up to a row, as far as it can be read."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.start[0] > last or token.type == tokenize.ERRORTOKEN:
                return
            yield token
    except (tokenize.TokenError, SyntaxError):
        return
