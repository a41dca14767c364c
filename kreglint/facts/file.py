"""What a whole file says about Keras: the facts that rules judge."""

from __future__ import annotations

from dataclasses import dataclass

from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Construct, Symbol, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerCall:
    """A call that constructs a Keras layer, or that hands some `*_regularizer` to anything else.

    `symbol` is None where the callee is not known; `layer` is the Keras class name where it is a Keras layer,
    else None. `dotted` is the callee as written. `statement` is the span of the statement that the call is in.
    `provoked` says that the call stands inside `pytest.raises` or `assertRaises`: a fault there is on purpose.
    """

    span: Span
    callee_span: Span
    dotted: str
    arguments: tuple[Argument, ...]
    scope: str
    symbol: Symbol | None = None
    layer: str | None = None
    provoked: bool = False

    def keyword(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.keyword == name), None)

    @property
    def positional(self) -> tuple[Argument, ...]:
        """The leading positional arguments whose index is certain: those before any `*` argument."""
        found = []
        for argument in self.arguments:
            if argument.star == "*":
                break
            if argument.keyword is None and not argument.star:
                found.append(argument)
        return tuple(found)

    @property
    def has_unknown_keywords(self) -> bool:
        return any(argument.star == "**" for argument in self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularizerCall:
    """A call of a Keras regularizer anywhere in the file, whatever is done with it."""

    value: Construct
    provoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUse:
    """A name of Keras that is imported or read, with the place: for names that a version does not have."""

    symbol: Symbol
    span: Span
    called: bool = False
    provoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """All that the rules and the inventory know about one file.

    `majors` are the Keras majors that the file itself proves by its imports (empty: it does not tell).
    `names` maps a dotted path to the name under which the module has it, for fixes that need one.
    `registers_custom_objects`: the file adds names that `regularizers.get` may then know.
    """

    layers: tuple[LayerCall, ...] = ()
    regularizer_calls: tuple[RegularizerCall, ...] = ()
    regularizer_names: tuple[NameUse, ...] = ()
    majors: tuple[int, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    registers_custom_objects: bool = False


def value_spans(value: Value) -> tuple[Span, ...]:
    """The places of a value, from its use to where it stands."""
    return (*value.origin, value.span)
