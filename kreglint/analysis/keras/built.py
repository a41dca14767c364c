"""Which models are built: their layers have made their weights, and read no regularizer any more."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View
from kreglint.analysis.semantic.scopes import ExpressionBinding, ParameterBinding, Scope, lookup
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes

_INPUTS = ("keras.Input", "keras.layers.Input", "keras.layers.InputLayer")
_SHAPES = ("input_shape", "batch_input_shape", "input_dim")
_OWN_INPUT_DIM = "keras.layers.Embedding"  # whose input_dim is the size of its vocabulary; Keras 3 is told no shape
_BUILDING = ("build", "fit", "predict", "evaluate")


class BuiltModels(Reader):
    """The built models of one file."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)

    def is_built(self, node: nodes.Expression, scope: Scope, time: int, levels: int = bounds.BUILDER_STEPS) -> bool:
        """Whether an expression is certainly a model that knows its shapes."""
        if isinstance(node, nodes.Call):
            return self._makes_built(node, scope, time, levels)
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, ParameterBinding):
            passed = self._models.passed(bound, scope)
            known = levels > 0 and bool(passed)
            return known and all(each is not None and self.is_built(*each, levels - 1) for each in passed)
        if not isinstance(bound, ExpressionBinding) or not bound.whole or not isinstance(bound.value, nodes.Call):
            return False
        if self._makes_built(bound.value, bound.scope, bound.time, levels):
            return True
        made = self.canonical(bound.value.func, bound.scope, bound.time)
        return made in SEQUENTIAL and self._is_built_by_calls(node, bound, time)

    def is_called(self, method: str, owner: nodes.Expression, bound: ExpressionBinding, time: int) -> bool:
        """Whether a method of a name is called between its binding and a moment, in the same scope, on every way."""
        return any(not call.guards for call in self._calls(method, owner, bound, time))

    def _makes_built(self, call: nodes.Call, scope: Scope, time: int, levels: int) -> bool:
        made = self.canonical(call.func, scope, time) or ""
        if made in SEQUENTIAL:
            first = _first_layer(call)
            return first is not None and self._states_shape(first, scope, time)
        if made in MODELS or made.startswith("keras.applications."):
            return True
        return levels > 0 and self._returns_built(self.definition(call.func, scope, time), levels - 1)

    def _returns_built(self, definition: nodes.FunctionDef | nodes.ClassDef | None, levels: int) -> bool:
        """Whether whatever a function of the file gives back is such a model."""
        if not isinstance(definition, nodes.FunctionDef) or definition.decorators:
            return False
        site = self.found.functions[definition]
        given = [(each.value, each.time) for each in site.returns]
        return (
            site.plain
            and bool(given)
            and all(value is not None and self.is_built(value, site.scope, time, levels) for value, time in given)
        )

    def _is_built_by_calls(self, owner: nodes.Expression, bound: ExpressionBinding, time: int) -> bool:
        """Whether a `Sequential` is built or run, or whether the first layer that it gets states its input's shape."""
        if any(self.is_called(method, owner, bound, time) for method in _BUILDING):
            return True
        first = next(self._calls("add", owner, bound, time), None)
        if first is None or first.guards or not first.node.args or _has_layers(bound.value):
            return False
        return self._states_shape(first.node.args[0].value, first.scope, first.time)

    def _states_shape(self, layer: nodes.Expression, scope: Scope, time: int) -> bool:
        made = self.maker(layer, scope, time) or ""
        if made in _INPUTS:
            return True
        keywords = {arg.keyword.value for arg in layer.args if arg.keyword} if isinstance(layer, nodes.Call) else set()
        stated = keywords.intersection(_SHAPES) - ({"input_dim"} if made == _OWN_INPUT_DIM else set())
        return made.startswith("keras.layers.") and bool(stated)

    def _calls(self, method: str, owner: nodes.Expression, bound: ExpressionBinding, time: int) -> Iterator[CallSite]:
        for call in self.found.calls_of(method):
            func = call.node.func
            called = func.value if isinstance(func, nodes.Attribute) and func.attr.value == method else None
            same = isinstance(called, nodes.Name) and isinstance(owner, nodes.Name) and called.value == owner.value
            if same and call.scope is bound.scope and bound.time < call.time < time:
                yield call


def _has_layers(made: nodes.Expression) -> bool:
    return isinstance(made, nodes.Call) and any(
        arg.keyword is None or arg.keyword.value == "layers" for arg in made.args
    )


def _first_layer(made: nodes.Call) -> nodes.Expression | None:
    """The first layer that `Sequential([…])` lists."""
    listed = made.args[0].value if _has_layers(made) else None
    first = listed.elements[0] if isinstance(listed, (nodes.List, nodes.Tuple)) and listed.elements else None
    return first.value if isinstance(first, nodes.Element) else None
