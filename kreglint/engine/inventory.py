"""The regularization inventory of one file: its layer calls, in rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kreglint.catalog.model import Keras, Layer, load
from kreglint.diagnostics import Span
from kreglint.engine.targets import targets
from kreglint.facts.binding import bound_arguments, layer_of
from kreglint.facts.file import FileFacts, LayerCall
from kreglint.facts.meaning import Meaning, meaning
from kreglint.facts.values import Argument, Const, Construct, Mapping, Provenance, Symbol, Unknown, Value
from kreglint.inventory import Alternative, LayerEntry, Place, RegularizerEntry
from kreglint.settings.schema import Settings
from kreglint.source.paths import shown
from kreglint.source.text import Source

if TYPE_CHECKING:
    from kreglint.engine.run import Run

_SUFFIX = "_regularizer"
_MAKES_ITS_OWN = "ActivityRegularization"  # of its arguments l1 and l2


def inventory(source: Source, facts: FileFacts, settings: Settings, run: Run | None = None) -> tuple[LayerEntry, ...]:
    """Return every call that constructs a layer which can take a regularizer, or that may hand one on to a layer.

    Without a run nothing beside the file is read.
    """
    keras = load(max(targets(facts, settings, source, run).versions))
    calls = [call for call in facts.layers if _belongs(call, keras)]
    return tuple(_entry(call, keras, source) for call in sorted(calls, key=lambda call: call.span))


def _belongs(call: LayerCall, keras: Keras) -> bool:
    layer = layer_of(call, keras)
    takes_one = layer is not None and (layer.regularizers or layer.name == _MAKES_ITS_OWN)
    takes_one = takes_one or any(other and other.regularizers for other in map(keras.layer, call.stands_for))
    return bool(takes_one) or (not call.only_takes and any(True for _ in _regularizer_arguments(call, keras)))


def _regularizer_arguments(call: LayerCall, keras: Keras) -> Iterator[tuple[str, Argument]]:
    """Yield the arguments that are named for a regularizer, or that set one by position."""
    layer = layer_of(call, keras)
    named = bound_arguments(call, layer) if layer is not None else ((a.keyword or "", a) for a in call.arguments)
    return ((name, argument) for name, argument in named if name.endswith(_SUFFIX))


def _entry(call: LayerCall, keras: Keras, source: Source) -> LayerEntry:
    given = [
        _regularizer(a, p, _meaning(call, a.value, p, keras), source) for p, a in _regularizer_arguments(call, keras)
    ]
    location, end_location, cell = source.extent(call.span)
    return LayerEntry(
        filename=source.path,
        cell=cell,
        location=location,
        end_location=end_location,
        layer=call.layer or call.dotted,
        canonical=f"keras.layers.{call.layer}" if call.layer is not None else None,
        name=_name(call),
        scope=call.scope,
        regularizers=(*given, *_made_by_layer(call, keras, source), *_unpacked_arguments(call, keras, source)),
    )


def _name(call: LayerCall) -> str | None:
    """Return the layer's name, where it is the same in every call."""
    given = call.keyword("name")
    if given is None or not isinstance(given.value, Const) or given.value.provenance > Provenance.CROSS_FILE:
        return None
    return given.value.value if isinstance(given.value.value, str) else None


def _unpacked_arguments(call: LayerCall, keras: Keras, source: Source) -> Iterator[RegularizerEntry]:
    """Yield a `**` that may bring regularizers to a layer: which, nobody can tell."""
    layer = layer_of(call, keras)
    if layer is None or not layer.regularizers:
        return
    for argument in call.arguments:
        if argument.star == "**" and not _is_complete(argument.value):
            yield _regularizer(argument, f"**{argument.source}", _of_callers(argument.value), source)


def _of_callers(value: Value) -> Meaning:
    """Return what a `**` brings that is not known whole: `**kwargs` brings nothing unless callers pass something."""
    if all(isinstance(way, Mapping) and (way.complete or way.overridable) for way in value.ways):
        return Meaning(kind="none", provenance=Provenance.DEFAULT)
    return Meaning(kind="unknown", provenance=Provenance.UNKNOWN, reason=_why_not_whole(value))


def _is_complete(value: Value) -> bool:
    """True if it is a dict of which every entry is known: what it brings is then among the call's arguments."""
    ways = value.ways
    return all(isinstance(way, Mapping) and way.complete for way in ways)


def _why_not_whole(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.reason
    ways = value.ways
    by_callers = any(way.provenance is Provenance.DEFAULT or getattr(way, "overridable", False) for way in ways)
    return "callers decide what it brings" if by_callers else "it may have more entries than are known"


def _made_by_layer(call: LayerCall, keras: Keras, source: Source) -> Iterator[RegularizerEntry]:
    """Yield the L1L2 that `ActivityRegularization(l1=…, l2=…)` makes."""
    if call.layer == _MAKES_ITS_OWN and call.symbol is not None:
        symbol = Symbol(span=call.callee_span, path="keras.regularizers.L1L2", canonical="keras.regularizers.L1L2")
        factors = tuple(a for a in call.arguments if a.keyword in ("l1", "l2") or a.keyword is None)
        value = Construct(span=call.span, symbol=symbol, arguments=factors, callee_span=call.callee_span)
        argument = Argument(span=call.span, value=value, value_span=call.span, source=_text(source, call.span))
        yield _regularizer(argument, "activity_regularizer", meaning(value, keras), source)


def _regularizer(argument: Argument, name: str, found: Meaning, source: Source) -> RegularizerEntry:
    location, end_location, _ = source.extent(argument.value_span)
    return RegularizerEntry(
        argument=name,
        location=location,
        end_location=end_location,
        source=argument.source,
        kind=found.kind,
        l1=found.l1,
        l2=found.l2,
        factor=found.factor,
        resolution=found.word,
        reason=found.reason,
        alternatives=tuple(_alternative(way, means, source) for way, means in found.alternatives),
        origin=tuple(dict.fromkeys(_origin(argument.value, source))),
    )


def _meaning(call: LayerCall, value: Value, name: str, keras: Keras) -> Meaning:
    """Return what the value is to the call that is given it: a layer may not take a regularizer by this name at all."""
    found = meaning(value, keras)
    if call.layer is None and found.kind == "invalid" and not any(reach.keyword == name for reach in call.reaches):
        return Meaning(
            kind="unknown", provenance=Provenance.UNKNOWN, reason=f"'{call.dotted}' is {_no_layer(call, keras)}"
        )
    layer = layer_of(call, keras)
    return Meaning(kind="invalid") if layer is not None and _rejects(layer, name) else found


def _no_layer(call: LayerCall, keras: Keras) -> str:
    """Return why a call makes no layer: Keras may have one of its name."""
    named = call.dotted.rpartition(".")[2] in keras.layer_names
    return "not imported from Keras" if named and call.symbol is None else "not a Keras layer"


def _rejects(layer: Layer, keyword: str) -> bool:
    """True if it certainly raises when it is constructed with a regularizer by this name."""
    known = keyword in layer.regularizers or layer.undeclared.get(keyword) == "ignored"
    return not known and layer.unprobed is None


def _alternative(value: Value, found: Meaning, source: Source) -> Alternative:
    return Alternative(
        kind=found.kind,
        l1=found.l1,
        l2=found.l2,
        factor=found.factor,
        location=source.extent(value.span).location,
    )


def _origin(value: Value, source: Source) -> Iterator[Place]:
    """Yield the places that the value and its factors came through."""
    for origin in value.origin:
        if origin.elsewhere is not None:
            yield Place(shown(origin.elsewhere.filename), origin.elsewhere.location)
        else:
            location, _, cell = source.extent(origin.span)
            yield Place(source.path, location, cell)
    if isinstance(value, Construct):
        for argument in value.arguments:
            yield from _origin(argument.value, source)


def _text(source: Source, span: Span) -> str:
    return source.text[span.start : span.end]
