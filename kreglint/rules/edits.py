"""The edits that fixes are made of."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.diagnostics import Edit, Fix, Removal, Safety, Span
from kreglint.facts.custom import Body
from kreglint.facts.file import LayerCall
from kreglint.facts.training import TapeLoss
from kreglint.facts.values import Argument, Value


def replacement(title: str, span: Span, content: str, safety: Safety, uses: str | None = None) -> Fix:
    return Fix(title, (Edit(span, content),), safety, uses)


def insertion(title: str, at: int, content: str, safety: Safety, uses: str | None = None) -> Fix:
    return replacement(title, Span(at, at), content, safety, uses)


def decoration(title: str, body: Body, decorator: str, safety: Safety) -> Fix:
    """Decorate a class with what a call of a name of Keras gives."""
    return insertion(title, body.start, f"@{decorator}(){body.newline}{body.indent}", safety, decorator)


def registration(body: Body) -> Fix:
    """Register a class with Keras, so that a configuration can name it."""
    return decoration("Register the class", body, "keras.utils.register_keras_serializable", Safety.UNSAFE)


def losses_added(found: TapeLoss) -> Fix | None:
    """Add a model's losses behind the value of a loss; return None if no single place has that value."""
    if found.value is None:
        return None
    text = f"sum({found.model}.losses)"
    return insertion(f"Add {text}", found.value.end, f" + {text}", Safety.UNSAFE)


def method(title: str, body: Body, lines: Sequence[str], safety: Safety) -> Fix | None:
    """Add a method at the end of a class; return None if its body is on the line of the class.

    The lines are those of a function at the left margin.
    """
    if body.inner.strip():
        return None
    rows = ("", "", *(f"{body.inner}{line}" for line in lines))
    return insertion(title, body.end, body.newline.join(rows), safety)


def value_replacement(
    title: str, argument: Argument, value: Value, content: str, safety: Safety, uses: str | None = None
) -> Fix | None:
    """Replace the value of an argument in place; return None if it is written elsewhere and others may use it."""
    if value.origin or value.span != argument.value_span:
        return None
    return replacement(title, value.span, content, safety, uses)


def renamed(argument: Argument, name: str, safety: Safety) -> Fix | None:
    """Write another keyword; return None if it is in a dict or a partial that may have other uses."""
    spelt = _spelt(argument, name)
    if spelt is None or argument.keyword_span is None:
        return None
    return replacement(f"Write {name}", argument.keyword_span, spelt, safety)


def beside(argument: Argument, name: str, value: str) -> str | None:
    """Return one more keyword, as it is written beside an argument; None as for `renamed`."""
    spelt = _spelt(argument, name)
    return None if spelt is None else f"{spelt}={value}" if spelt == name else f"{spelt}: {value}"


def _spelt(argument: Argument, name: str) -> str | None:
    """Return a keyword as this argument has its own: plain, or with the quotes of a dict's key."""
    if argument.inherited and not argument.inline:
        return None
    before, keyword, after = argument.keyword_source.partition(argument.keyword or "")
    is_plain = keyword != "" and before == after and before in ("", "'", '"')
    return f"{before}{name}{after}" if is_plain else None


def dropped(argument: Argument, call: LayerCall) -> Fix | None:
    """Remove a keyword from its call; return None if it is positional, binds a name or is written elsewhere.

    A keyword that the user's own code passes on to a layer also stays, because that code may have another default.
    """
    if argument.keyword is None or argument.inherited or ":=" in argument.source:
        return None
    if any(reach.keyword == argument.keyword for reach in call.reaches):
        return None
    return Fix(f"Drop {argument.keyword}", (Removal(argument.span, call.span),), Safety.SAFE)


def quoted_like(argument: Argument, text: str) -> str:
    """Return a string literal with the quotes that the argument has.

    >>> from kreglint.facts.values import Const
    >>> at = Span(0, 4)
    >>> quoted_like(Argument(span=at, value_span=at, value=Const(span=at, value="l3"), source='"l3"'), "l2")
    '"l2"'
    """
    return f'"{text}"' if argument.source.endswith('"') else repr(text)
