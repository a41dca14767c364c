"""Which models are built: their layers have made their weights, and read no regularizer any more."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    ParameterBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Elsewhere

_INPUTS = ("keras.Input", "keras.layers.Input", "keras.layers.InputLayer")
_SHAPES = ("input_shape", "batch_input_shape", "input_dim")
_OWN_INPUT_DIM = "keras.layers.Embedding"  # whose input_dim is the size of its vocabulary; Keras 3 is told no shape
_BUILDING = ("build", "fit", "predict", "evaluate")


class BuiltModels(Reader):
    """The built models of one file, and those that it has from others of the project.

    Of the models that were asked for since `forget`, `builders` are the functions that make them and give them back,
    and `is_elsewhere` says that some other file has a part in that.
    """

    def __init__(self, view: View, builders: set[Scope] | None = None) -> None:
        super().__init__(view)
        self._makers = Makers(view)
        self.builders: set[Scope] = set() if builders is None else builders
        self.is_elsewhere = False

    def forget(self) -> None:
        """Tell anew how the next model is found."""
        self.builders.clear()
        self.is_elsewhere = False

    def is_built(self, node: nodes.Expression, scope: Scope, time: int, levels: int = bounds.BUILDER_STEPS) -> bool:
        """True if an expression is certainly a model that knows its shapes."""
        if isinstance(node, nodes.Call):
            return self._makes_built(node, scope, time, levels)
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        if bound is None or isinstance(bound, ImportBinding):
            return self._is_built_elsewhere(node, scope, time, levels)
        if isinstance(bound, ParameterBinding):
            passed = self._makers.passed(bound, scope)
            known = levels > 0 and bool(passed)
            return known and all(each is not None and self.is_built(*each, levels - 1) for each in passed)
        if not isinstance(bound, ExpressionBinding) or not bound.whole or not isinstance(bound.value, nodes.Call):
            return False
        if self._makes_built(bound.value, bound.scope, bound.time, levels):
            return True
        made = self.canonical(bound.value.func, bound.scope, bound.time)
        return made in SEQUENTIAL and self._is_built_by_calls(node, bound, time)

    def _is_built_elsewhere(self, node: nodes.Expression, scope: Scope, time: int, levels: int) -> bool:
        """True if it is such a model of another file, by its name there."""
        far = self.view.imported(node, scope, time)
        only = far.only_value if far is not None else None
        if far is None or only is None or not levels:
            return False
        self.is_elsewhere = True
        return BuiltModels(far.view, self.builders).is_built(only.value, only.scope, only.time, levels - 1)

    def place_elsewhere(self, node: nodes.Expression, scope: Scope, time: int) -> Elsewhere | None:
        """Return where another file builds the model that an expression is; None where it is one of this file."""
        call = self._makers.call_of(node, scope, time)
        far = self.view.imported(*((call[0].func, *call[1:]) if call is not None else (node, scope, time)))
        if far is None:
            return None
        made = far.binding.node.name if isinstance(far.binding, DefinitionBinding) else None
        value = made or (far.only_value.value if far.only_value is not None else None)
        module = far.view.module
        return module.analysis.elsewhere(module.span(value)) if value is not None else None

    def is_called(self, method: str, owner: nodes.Expression, bound: ExpressionBinding, time: int) -> bool:
        """True if a method of a name is called between its binding and a moment, in the same scope, on every way."""
        return any(not call.guards for call in self._calls(method, owner, bound, time))

    def _makes_built(self, call: nodes.Call, scope: Scope, time: int, levels: int) -> bool:
        made = self.canonical(call.func, scope, time) or ""
        if made in SEQUENTIAL:
            first = _first_layer(call)
            return first is not None and self._states_shape(first, scope, time)
        if made in MODELS or made.startswith("keras.applications."):
            return True
        definition = self.definition(call.func, scope, time)
        if definition is not None:
            return levels > 0 and self.returns_built(definition, levels - 1)
        return levels > 0 and self._makes_built_elsewhere(call, scope, time, levels - 1)

    def _makes_built_elsewhere(self, call: nodes.Call, scope: Scope, time: int, levels: int) -> bool:
        """True if a call of a function of another file gives such a model."""
        far = self.view.imported(call.func, scope, time)
        made = far.binding.node if far is not None and isinstance(far.binding, DefinitionBinding) else None
        across = self.view.first.across if made is not None else None
        if far is None or made is None or across is None or not across.runs_only(call, scope, made):
            return False
        self.is_elsewhere = True
        return BuiltModels(far.view, self.builders).returns_built(made, levels)

    def returns_built(self, definition: nodes.FunctionDef | nodes.ClassDef | None, levels: int) -> bool:
        """True if whatever a function of the file gives back is such a model."""
        if not isinstance(definition, nodes.FunctionDef) or definition.decorators:
            return False
        site = self.found.functions[definition]
        given = [(each.value, each.time) for each in site.returns]
        if all(_is_made_in(site.scope, value, time) for value, time in given):
            self.builders.add(site.scope)
        return (
            site.plain
            and bool(given)
            and all(value is not None and self.is_built(value, site.scope, time, levels) for value, time in given)
        )

    def _is_built_by_calls(self, owner: nodes.Expression, bound: ExpressionBinding, time: int) -> bool:
        """True if a `Sequential` is built or run, or whether the first layer that it gets states its input's shape."""
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


def _is_made_in(scope: Scope, node: nodes.Expression | None, time: int) -> bool:
    """True if an expression is a call in a scope, or a name that is set to one there."""
    bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
    own = isinstance(bound, ExpressionBinding) and bound.scope is scope
    return isinstance(node, nodes.Call) or own


def _has_layers(made: nodes.Expression) -> bool:
    return isinstance(made, nodes.Call) and any(
        arg.keyword is None or arg.keyword.value == "layers" for arg in made.args
    )


def _first_layer(made: nodes.Call) -> nodes.Expression | None:
    """Return the first layer that `Sequential([…])` lists."""
    listed = made.args[0].value if _has_layers(made) else None
    first = listed.elements[0] if isinstance(listed, (nodes.List, nodes.Tuple)) and listed.elements else None
    return first.value if isinstance(first, nodes.Element) else None
