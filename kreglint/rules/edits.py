"""The edits that fixes are made of, and the names that their text may use."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.diagnostics import Edit, Fix, Safety, Span
from kreglint.facts.file import FileFacts
from kreglint.facts.values import Argument, Value


def replacement(title: str, span: Span, content: str, safety: Safety, imports: tuple[str, ...] = ()) -> Fix:
    return Fix(title, (Edit(span, content),), safety, imports)


def value_replacement(
    title: str, argument: Argument, value: Value, content: str, safety: Safety, imports: tuple[str, ...] = ()
) -> Fix | None:
    """Replace the value of an argument where it stands; None where it stands elsewhere and others may use it."""
    if value.origin or value.span != argument.value_span:
        return None
    return replacement(title, value.span, content, safety, imports)


def dropped(argument: Argument, arguments: Sequence[Argument]) -> Fix | None:
    """Take a keyword out of its call, with the comma that parts it from its neighbour; None for what has a place."""
    if argument.keyword is None or argument.inherited:
        return None
    return replacement(f"Drop {argument.keyword}", _with_comma(argument, arguments), "", Safety.SAFE)


def _with_comma(argument: Argument, arguments: Sequence[Argument]) -> Span:
    written = [other for other in arguments if not other.inherited]
    index = written.index(argument)
    if index > 0:
        return Span(written[index - 1].span.end, argument.span.end)
    return Span(argument.span.start, written[1].span.start) if len(written) > 1 else argument.span


def keras_name(facts: FileFacts, canonical: str) -> tuple[str, tuple[str, ...]]:
    """How the file can write a name of Keras, and the import that this needs.

    >>> keras_name(FileFacts(names=(("keras.regularizers", "reg"),)), "keras.regularizers.L2")
    ('reg.L2', ())
    """
    for known, text in sorted(facts.names, key=lambda pair: len(pair[0]), reverse=True):
        if known == canonical:
            return text, ()
        if canonical.startswith(f"{known}."):
            return text + canonical[len(known) :], ()
    package, _, rest = canonical.partition(".")
    module, _, name = rest.partition(".")
    return f"{module}.{name}", (f"from {package} import {module}",)
