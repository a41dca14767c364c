"""Which functions of the file Keras calls as regularizers of weights, and which of their parameters is the weight."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.owners import Owner, Owners, Place
from kreglint.analysis.keras.reader import is_weight_regularizer
from kreglint.analysis.keras.surroundings import AnyFunction
from kreglint.analysis.libraries.partials import PARTIAL
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.module import Module, OwnClass
from kreglint.analysis.values.objects import InstanceValue
from kreglint.analysis.values.own_classes import ancestors
from kreglint.facts.values import Argument, Construct, OneOf, Value
from kreglint.records import replace

_REGULARIZERS = "keras.regularizers."
_LAYERS = "keras.layers."
_OWN = "regularizer"  # the parameter of `add_weight`


class PenaltyFunctions:
    """Finds them in one program."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._owners = Owners(module)

    def found(self) -> dict[AnyFunction, int]:
        """Return each with the place of the weight among its parameters."""
        return dict((*self._of_classes(), *self._of_arguments()))

    def _of_classes(self) -> Iterator[tuple[AnyFunction, int]]:
        for node in self._module.found.objects.by_node:
            cls = self._module.own_class(node)
            above = (base for base in ancestors(cls) if isinstance(base, str))
            if any((canonical(base) or "").startswith(_REGULARIZERS) for base in above):
                yield from self._called(cls)

    def _called(self, cls: OwnClass) -> Iterator[tuple[AnyFunction, int]]:
        """Yield the `__call__` of a class of this file, after whose instance comes the weight."""
        member = cls.site.member("__call__") if cls.home is self._module else None
        if isinstance(member, DefinitionBinding) and isinstance(member.node, nodes.FunctionDef):
            yield member.node, 1

    def _of_arguments(self) -> Iterator[tuple[AnyFunction, int]]:
        module = self._module
        for site in module.found.calls:
            if self._takes_regularizers(site):
                for argument in arguments_of(site.node, module.of(site)):
                    name = argument.keyword or ""
                    if is_weight_regularizer(name) or name == _OWN:
                        yield from self._of_value(argument.value)

    def _takes_regularizers(self, site: CallSite) -> bool:
        """True if it makes a layer of Keras, or a partial of one, or a weight of the file's own layer."""
        module, node = self._module, site.node
        paths = module.paths.of(node.func, site.scope, site.time)
        if paths == (PARTIAL,) and node.args:
            paths = module.paths.of(node.args[0].value, site.scope, site.time)
        if paths:
            return all((canonical(path) or "").startswith(_LAYERS) for path in paths)
        func = node.func
        if not isinstance(func, nodes.Attribute) or func.attr.value != "add_weight":
            return False
        own = receiver_class(func.value.value, site.scope) if isinstance(func.value, nodes.Name) else None
        return own is not None and self._owners.kind(func.value, Place(site.scope, site.time)) is Owner.KERAS

    def _of_value(self, value: Value) -> Iterator[tuple[AnyFunction, int]]:
        match value:
            case OneOf(alternatives=ways):
                for way in ways:
                    yield from self._of_value(way)
            case FunctionValue(body=body) if body.home is self._module:
                yield body.site.node, int(body.receiver is not None)
            case InstanceValue(of=cls):
                yield from self._called(cls)
            case Construct() if value.symbol.path == PARTIAL and value.positional:
                given = _after_the_function(value)
                for function, place in self._of_value(value.positional[0].value):
                    yield function, place + len(given)


def _after_the_function(partial: Construct) -> tuple[Argument, ...]:
    """Return what a partial gives by place, which comes before the weight."""
    return replace(partial, arguments=partial.arguments[1:]).positional
