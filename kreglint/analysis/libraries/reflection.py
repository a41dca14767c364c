"""What a program asks of values: `isinstance`, `callable`, `getattr`; and what a string is without its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kreglint.analysis import bounds
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.behaviour import attribute_of
from kreglint.analysis.values.certainty import at_least, is_callable, is_instance, surest
from kreglint.analysis.values.displays import dict_made
from kreglint.analysis.values.infer import computed
from kreglint.analysis.values.module import Call
from kreglint.analysis.values.names import symbol
from kreglint.facts.values import Const, Construct, OneOf, Sequence, Symbol, Unknown, Value, unknown

_TEXTS: Mapping[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "strip": str.strip}


def is_called(name: str, call: Call) -> Value | None:
    """`callable(value)`."""
    arguments = call.arguments()
    if len(arguments) != 1:
        return None
    return _answer(is_callable(arguments[0].value), arguments[0].value, call)


def is_of_kind(name: str, call: Call) -> Value | None:
    """`isinstance(value, kind)`, with kinds of Python's own."""
    args = call.node.args if call.node is not None else ()
    if len(args) != 2:
        return None
    kinds = args[1].value
    named = [element.value for element in kinds.elements] if isinstance(kinds, nodes.Tuple) else [kinds]
    names = [
        kind.value
        for kind in named
        if isinstance(kind, nodes.Name) and lookup(kind.value, call.at.scope, call.at.time) is None
    ]
    value = call.arguments()[0].value
    return _answer(is_instance(value, names), value, call) if len(names) == len(named) else None


def _answer(answer: bool | None, value: Value, call: Call) -> Value | None:
    return Const(span=call.span, value=answer, provenance=surest(value)) if answer is not None else None


def got_attribute(name: str, call: Call) -> Value | None:
    """`getattr(owner, "name")`, or with a default that takes the place of what is certainly not there."""
    given = [argument.value for argument in call.arguments()]
    if not 2 <= len(given) <= 3:
        return None
    owner, wanted, *default = given
    if isinstance(wanted, OneOf):
        lost = unknown(call.span, "an attribute that is not known")
        return wanted.map(lambda way: _got((owner, way, *default), call) or lost, call.span)
    return _got((owner, wanted, *default), call)


def _got(given: tuple[Value, ...], call: Call) -> Value | None:
    owner, wanted, *default = given
    attribute = wanted.value if isinstance(wanted, Const) else None
    found = _attribute(owner, attribute, call) if isinstance(attribute, str) else None
    if found is None and default and isinstance(owner, Const):
        return default[0]
    return at_least(found, surest(wanted)) if found is not None and not isinstance(found, Unknown) else found


def _attribute(owner: Value, name: str, call: Call) -> Value | None:
    found = attribute_of(owner, name, call.span, call.at)
    if found is not None or not name.isidentifier() or not all(isinstance(way, Symbol) for way in owner.ways):
        return found
    paths = tuple(f"{way.path}.{name}" for way in owner.ways if isinstance(way, Symbol))
    named = symbol(call.span, paths, call.at.module)  # of a module: `getattr(regularizers, config["name"])`
    return at_least(named, surest(owner)) if named is not None else None


def dict_of(name: str, call: Call) -> Value | None:
    """`dict(base, key=…, **more)`."""
    return dict_made(call.node, call.at) if call.node is not None else None


def text(owner: Value, name: str, call: Call) -> Value | None:
    """Return what a string's method gives back that takes no arguments."""
    if not isinstance(owner, Const) or not isinstance(owner.value, str) or len(owner.value) > bounds.ITEMS:
        return None
    return computed(_TEXTS[name](owner.value), (owner,), call.span) if not call.arguments() else None


def affix(owner: Value, name: str, call: Call) -> Value | None:
    """`text.endswith("_regularizer")`, or one of several ends."""
    arguments = call.arguments()
    if len(arguments) != 1 or not isinstance(owner, Const) or not isinstance(owner.value, str):
        return None
    given = arguments[0].value
    ways = given.items if isinstance(given, Sequence) and given.kind == "tuple" else (given,)
    known = [way for way in ways if isinstance(way, Const) and isinstance(way.value, str)]
    if len(known) < len(ways):
        return None
    asks = owner.value.startswith if name == "startswith" else owner.value.endswith
    return computed(asks(tuple(str(way.value) for way in known)), (owner, *known), call.span)


def plain_object(name: str, call: Call) -> Value | None:
    """`object()`, which is nothing but itself."""
    if call.arguments():
        return None
    made_by = Symbol(span=call.callee, path="builtins.object")
    return Construct(span=call.span, symbol=made_by, callee_span=call.callee, arguments=())


BUILTINS = {
    "callable": is_called,
    "isinstance": is_of_kind,
    "getattr": got_attribute,
    "dict": dict_of,
    "object": plain_object,
}
METHODS = {**dict.fromkeys(_TEXTS, text), **dict.fromkeys(("startswith", "endswith"), affix)}
