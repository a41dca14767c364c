"""The regularization inventory of one file: the calls that take a regularizer, in rows and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kreglint.catalog.model import Keras, Layer, load
from kreglint.engine.inventory_values import EffectOf, Target, Values, places_of
from kreglint.engine.targets import targets
from kreglint.facts.binding import bound_arguments, layer_of
from kreglint.facts.effects import Effect, common, effect_on_layer, effect_on_weight
from kreglint.facts.file import FileFacts, LayerCall, WrapperCall
from kreglint.facts.meaning import Meaning
from kreglint.facts.values import Argument, Const, Construct, Origin, Provenance, Symbol, Value
from kreglint.inventory import CALL, LAYER, WEIGHT, WRAPPER, LayerEntry, RegularizerEntry
from kreglint.records import replace
from kreglint.settings.schema import Settings
from kreglint.source.text import Source

if TYPE_CHECKING:
    from kreglint.engine.run import Run

_SUFFIX = "_regularizer"
_OF_WEIGHT = "regularizer"
_MAKES_ITS_OWN = "ActivityRegularization"  # of its arguments l1 and l2
_HANDS_THROUGH = ("keras.regularizers.get", "keras.regularizers.deserialize")


def inventory(source: Source, facts: FileFacts, settings: Settings, run: Run | None = None) -> tuple[LayerEntry, ...]:
    """Return every call that makes a layer or weight which can take a regularizer, or that is given one.

    Without a run nothing beside the file is read.
    """
    versions = sorted(targets(facts, settings, source, run).versions, reverse=True)
    taken = _Inventory(source, [Target(version, load(version)) for version in versions])
    return tuple(sorted(taken.entries(facts), key=lambda entry: (entry.cell or 0, entry.location, entry.end_location)))


def versions_judged(source: Source, facts: FileFacts, settings: Settings, run: Run | None = None) -> tuple[str, ...]:
    """Return the versions of Keras that the inventory of a file is taken for."""
    return tuple(map(str, sorted(targets(facts, settings, source, run).versions)))


class _Inventory:
    """Makes the entries of one file; `targets` are the versions that it may run on, the newest first."""

    def __init__(self, source: Source, targets: Sequence[Target]) -> None:
        self._source = source
        self._catalogs = [target.keras for target in targets]
        self._values = Values(source, targets)

    def entries(self, facts: FileFacts) -> Iterator[LayerEntry]:
        start = self._source.context  # of what is before, the program that it belongs to tells
        wrappers = {call.span: call for call in facts.wrappers if call.span.start >= start}
        for call in (each for each in facts.layers if each.span.start >= start):
            wrapper = wrappers.pop(call.span, None)
            if wrapper is not None and not self._is_layer(call):
                yield self._wrapper(wrapper, call)
            elif self._belongs(call):
                yield self._call(call, wrapper.inside if wrapper is not None else ())
        for wrapper in wrappers.values():
            yield self._wrapper(wrapper)
        for call in (each for each in facts.weights if each.span.start >= start):
            given = ((name, argument) for name, argument in self._given(call) if name == _OF_WEIGHT)
            regularizers = [self._values.entry(argument, name, _on_weight(call)) for name, argument in given]
            yield self._entry(call, WEIGHT, call.dotted, regularizers)

    # Calls that are written with a regularizer, or that are layers

    def _belongs(self, call: LayerCall) -> bool:
        among = [layer for keras in self._catalogs for layer in self._layers(call, keras)]
        takes_one = any(layer.regularizers or layer.name == _MAKES_ITS_OWN for layer in among)
        return takes_one or any(name.endswith(_SUFFIX) for name, _ in self._given(call))

    def _call(self, call: LayerCall, inside: tuple[Origin, ...]) -> LayerEntry:
        effect_of = self._on_layers(call) if self._is_layer(call) else _on_reached(call)
        given = [
            self._values.entry(argument, name, effect_of, foreign=self._foreign(call, name))
            for name, argument in self._given(call)
            if name.endswith(_SUFFIX)
        ]
        regularizers = (*given, *self._made_by_layer(call), *self._unpacked(call))
        entry = self._entry(call, _kind(call), call.layer or call.dotted, regularizers)
        return replace(entry, inside=places_of(inside, self._source))

    def _given(self, call: LayerCall) -> list[tuple[str, Argument]]:
        """Return the arguments with the parameters that they set, by the newest version that has the layer."""
        layer = next((layer for keras in self._catalogs if (layer := layer_of(call, keras)) is not None), None)
        if layer is not None:
            return list(bound_arguments(call, layer))
        return [(argument.keyword or "", argument) for argument in call.arguments]

    def _foreign(self, call: LayerCall, name: str) -> str:
        """Return why what a call is given by a name may be no regularizer; empty if a layer of Keras gets it."""
        if call.layer is not None or any(reach.keyword == name for reach in call.reaches):
            return ""
        of_keras = call.dotted.rpartition(".")[2] in self._catalogs[0].layer_names
        if of_keras and call.symbol is None:
            return f"'{call.dotted}' is not imported from Keras"
        return f"'{call.dotted}' is not {'' if call.only_takes else 'known to be '}a Keras layer"

    def _is_layer(self, call: LayerCall) -> bool:
        return call.layer is not None or bool(call.stands_for)

    def _layers(self, call: LayerCall, keras: Keras) -> list[Layer]:
        names = (call.layer,) if call.layer is not None else call.stands_for
        return [layer for name in names if (layer := keras.layer(name)) is not None]

    def _on_layers(self, call: LayerCall) -> EffectOf:
        def effect(name: str, found: Meaning, keras: Keras) -> Effect:
            return common(effect_on_layer(call, each, name, found, keras) for each in self._layers(call, keras))

        return effect

    def _unpacked(self, call: LayerCall) -> Iterator[RegularizerEntry]:
        """Yield a `**` that may bring regularizers to a layer: which, nobody can tell."""
        layer = next((layer for keras in self._catalogs if (layer := layer_of(call, keras)) is not None), None)
        if layer is not None and layer.regularizers:
            yield from self._values.unpacked(call)

    def _made_by_layer(self, call: LayerCall) -> Iterator[RegularizerEntry]:
        """Yield the L1L2 that `ActivityRegularization(l1=…, l2=…)` makes."""
        if call.layer == _MAKES_ITS_OWN and call.symbol is not None:
            symbol = Symbol(span=call.callee_span, path="keras.regularizers.L1L2", canonical="keras.regularizers.L1L2")
            factors = tuple(a for a in call.arguments if a.keyword in ("l1", "l2") or a.keyword is None)
            value = Construct(span=call.span, symbol=symbol, arguments=factors, callee_span=call.callee_span)
            text = self._source.text[call.span.start : call.span.end]
            argument = Argument(span=call.span, value=value, value_span=call.span, source=text)
            yield self._values.entry(argument, "activity_regularizer", lambda _, found, __: effect_on_weight(found))

    # Calls of wrappers

    def _wrapper(self, wrapper: WrapperCall, call: LayerCall | None = None) -> LayerEntry:
        """Return the entry of a wrapper's call; `call` is the same, where it names a regularizer itself."""
        inner = [(made, name, argument) for made in wrapper.made for name, argument in self._regularizers(made)]
        regularizers = []
        for name, argument in self._given(call) if call is not None else ():
            if name.endswith(_SUFFIX) and call is not None:
                arrived = [each for each in inner if _is_same(each[2].value, argument.value)]
                inner = [each for each in inner if each not in arrived]
                effect_of = self._on_inner(*arrived[0][:2]) if arrived else _on_reached(call)
                foreign = "" if arrived else self._foreign(call, name)
                regularizers.append(self._values.entry(argument, name, effect_of, foreign=foreign))
        for made, name, argument in inner:
            regularizers.append(self._values.entry(argument, name, self._on_inner(made, name), is_inner=True))
        for made in wrapper.made:
            regularizers += self._unpacked(made)
        of_layer = next((_name(made) for made in wrapper.made if made.kind == "layer"), None)
        entry = self._entry(wrapper, WRAPPER, wrapper.dotted, regularizers)
        return replace(entry, name=entry.name or of_layer, inside=places_of(wrapper.inside, self._source))

    def _regularizers(self, made: LayerCall) -> Iterator[tuple[str, Argument]]:
        for name, argument in self._given(made):
            if name == _OF_WEIGHT if made.kind == "weight" else name.endswith(_SUFFIX):
                yield name, argument

    def _on_inner(self, made: LayerCall, name: str) -> EffectOf:
        on_layers, on_weight = self._on_layers(made), _on_weight(made)

        def effect(_: str, found: Meaning, keras: Keras) -> Effect:
            return on_weight(name, found, keras) if made.kind == "weight" else on_layers(name, found, keras)

        return effect

    def _entry(
        self, call: LayerCall | WrapperCall, kind: str, layer: str, regularizers: Sequence[RegularizerEntry]
    ) -> LayerEntry:
        location, end_location, cell = self._source.extent(call.span)
        known = call.layer if isinstance(call, LayerCall) else None
        return LayerEntry(
            entry=kind,
            filename=self._source.path,
            cell=cell,
            code_cell=self._source.part(self._source.location(call.span.start).row).code_cell,
            location=location,
            end_location=end_location,
            layer=layer,
            canonical=f"keras.layers.{known}" if known is not None else None,
            name=_name(call),
            scope=call.scope,
            regularizers=tuple(regularizers),
        )


def _kind(call: LayerCall) -> str:
    # A callee that the settings name stands for one layer, one that branches choose for several.
    if call.layer is not None or len(call.stands_for) > 1:
        return LAYER
    is_input = call.symbol is not None and call.symbol.canonical == "keras.Input"
    return CALL if call.only_takes or is_input else WRAPPER


def _on_reached(call: LayerCall) -> EffectOf:
    """Return what comes of what a call of the user's own code is given, as far as it comes to layers of Keras."""

    def effect(name: str, found: Meaning, keras: Keras) -> Effect:
        reached = [
            (layer, reach.parameter) for reach in call.reaches if reach.keyword == name for layer in reach.layers
        ]
        layers = [(keras.layer(layer), parameter) for layer, parameter in reached]
        return common(
            effect_on_layer(None, layer, parameter, found, keras) if layer is not None else "unknown"
            for layer, parameter in layers
        )

    return effect


def _on_weight(call: LayerCall) -> EffectOf:
    """Return what comes of the regularizer of a weight, if that is trained."""
    trainable = call.keyword("trainable")
    trained = trainable is None or (isinstance(trainable.value, Const) and trainable.value.value is True)
    return lambda _, found, __: effect_on_weight(found) if trained or found.kind in ("none", "invalid") else "unknown"


def _is_same(arrived: Value, given: Value) -> bool:
    """True if a value is the one that a call gives, or what `regularizers.get` makes of it."""
    if isinstance(arrived, Construct) and arrived.symbol.canonical in _HANDS_THROUGH and len(arrived.arguments) == 1:
        return _is_same(arrived.arguments[0].value, given)
    return arrived.span == given.span and type(arrived) is type(given)


def _name(call: LayerCall | WrapperCall) -> str | None:
    """Return the layer's name, where it is the same in every call."""
    given = call.keyword("name")
    if given is None or not isinstance(given.value, Const) or given.value.provenance > Provenance.CROSS_FILE:
        return None
    return given.value.value if isinstance(given.value.value, str) else None
