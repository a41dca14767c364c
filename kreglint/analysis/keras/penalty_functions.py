"""Which functions of the file Keras calls as regularizers of weights, and which of their parameters is the weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kreglint.analysis.keras.owners import Owner, Owners, Place
from kreglint.analysis.keras.reader import is_weight_regularizer
from kreglint.analysis.keras.surroundings import AnyFunction
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.evaluate import Evaluator
from kreglint.analysis.values.frames import Body, ClassBody, Instance
from kreglint.facts.values import Argument, Construct, Function, OneOf, Value

_REGULARIZERS = "keras.regularizers."
_LAYERS = "keras.layers."
_PARTIAL = "functools.partial"
_OWN = "regularizer"  # the parameter of `add_weight`


class PenaltyFunctions:
    """Finds them in one program."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._owners = Owners(evaluator)

    def found(self) -> dict[AnyFunction, int]:
        """Each with the place of the weight among its parameters."""
        return dict((*self._of_classes(), *self._of_arguments()))

    def _of_classes(self) -> Iterator[tuple[AnyFunction, int]]:
        for node in self._evaluator.found.objects.by_node:
            cls = self._evaluator.class_body(node)
            above = (base for base in self._evaluator.ancestors(cls) if isinstance(base, str))
            if any((canonical(base) or "").startswith(_REGULARIZERS) for base in above):
                yield from self._called(cls)

    def _called(self, cls: ClassBody) -> Iterator[tuple[AnyFunction, int]]:
        """The `__call__` of a class of this file, after whose instance comes the weight."""
        member = cls.site.member("__call__") if cls.home is self._evaluator else None
        if isinstance(member, DefinitionBinding) and isinstance(member.node, nodes.FunctionDef):
            yield member.node, 1

    def _of_arguments(self) -> Iterator[tuple[AnyFunction, int]]:
        evaluator = self._evaluator
        for site in evaluator.found.calls:
            if self._takes_regularizers(site):
                for argument in evaluator.arguments(site.node, site.scope, site.time):
                    name = argument.keyword or ""
                    if is_weight_regularizer(name) or name == _OWN:
                        yield from self._of_value(argument.value)

    def _takes_regularizers(self, site: CallSite) -> bool:
        """Whether it makes a layer of Keras, or a partial of one, or a weight of the file's own layer."""
        evaluator, node = self._evaluator, site.node
        paths = evaluator.paths.of(node.func, site.scope, site.time)
        if paths == (_PARTIAL,) and node.args:
            paths = evaluator.paths.of(node.args[0].value, site.scope, site.time)
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
            case Function(body=Body() as body) if body.home is self._evaluator:
                yield body.site.node, int(body.receiver is not None)
            case Function(kind="instance", body=Instance(of=cls)):
                yield from self._called(cls)
            case Construct() if value.symbol.path == _PARTIAL and value.positional:
                given = _after_the_function(value)
                for function, place in self._of_value(value.positional[0].value):
                    yield function, place + len(given)


def _after_the_function(partial: Construct) -> tuple[Argument, ...]:
    """What a partial gives by place, which comes before the weight."""
    return replace(partial, arguments=partial.arguments[1:]).positional
