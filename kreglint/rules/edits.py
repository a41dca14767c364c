"""The edits that fixes are made of."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.diagnostics import Edit, Fix, Removal, Safety, Span
from kreglint.facts.custom import Body
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Value


def replacement(title: str, span: Span, content: str, safety: Safety) -> Fix:
    return Fix(title, (Edit(span, content),), safety)


def insertion(title: str, at: int, content: str, safety: Safety, uses: str | None = None) -> Fix:
    return Fix(title, (Edit(Span(at, at), content),), safety, uses)


def decoration(title: str, body: Body, decorator: str, safety: Safety) -> Fix:
    """Decorate a class with what a call of a name of Keras gives."""
    return insertion(title, body.start, f"@{decorator}(){body.newline}{body.indent}", safety, decorator)


def method(title: str, body: Body, lines: Sequence[str], safety: Safety) -> Fix | None:
    """Add a method at the end of a class; None where its body stands in the row of the class.

    The lines are those of a function at the left margin.
    """
    if body.inner.strip():
        return None
    rows = ("", "", *(f"{body.inner}{line}" for line in lines))
    return insertion(title, body.end, body.newline.join(rows), safety)


def value_replacement(
    title: str, argument: Argument, value: Value, content: str, safety: Safety, uses: str | None = None
) -> Fix | None:
    """Replace the value of an argument where it stands; None where it stands elsewhere and others may use it."""
    if value.origin or value.span != argument.value_span:
        return None
    return Fix(title, (Edit(value.span, content),), safety, uses)


def renamed(argument: Argument, name: str, safety: Safety) -> Fix | None:
    """Write another keyword; None where the dict or the partial in which it stands may have other uses."""
    spelt = _spelt(argument, name)
    if spelt is None or argument.keyword_span is None:
        return None
    return replacement(f"Write {name}", argument.keyword_span, spelt, safety)


def beside(argument: Argument, name: str, value: str) -> str | None:
    """One more keyword, as it is written beside an argument; None as for `renamed`."""
    spelt = _spelt(argument, name)
    return None if spelt is None else f"{spelt}={value}" if spelt == name else f"{spelt}: {value}"


def _spelt(argument: Argument, name: str) -> str | None:
    """A keyword as this argument has its own: plain, or with the quotes of a dict's key."""
    if argument.inherited and not argument.inline:
        return None
    before, keyword, after = argument.keyword_source.partition(argument.keyword or "")
    is_plain = keyword != "" and before == after and before in ("", "'", '"')
    return f"{before}{name}{after}" if is_plain else None


def dropped(argument: Argument, call: LayerCall) -> Fix | None:
    """Take a keyword out of its call; None for what has a place, what binds a name besides, or stands elsewhere.

    Nor is one taken out that the user's own code hands on to a layer, since that may have another default.
    """
    if argument.keyword is None or argument.inherited or ":=" in argument.source:
        return None
    if any(reach.keyword == argument.keyword for reach in call.reaches):
        return None
    return Fix(f"Drop {argument.keyword}", (Removal(argument.span, call.span),), Safety.SAFE)


def quoted_like(argument: Argument, text: str) -> str:
    """A string literal with the quotes that the argument has.

    >>> from kreglint.facts.values import Const
    >>> at = Span(0, 4)
    >>> quoted_like(Argument(span=at, value_span=at, value=Const(span=at, value="l3"), source='"l3"'), "l2")
    '"l2"'
    """
    return f'"{text}"' if argument.source.endswith('"') else repr(text)
