"""Which models are built: their layers have made their weights, and read no regularizer any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.models import Models
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.reader import MODELS, SEQUENTIAL, Reader
from kreglint.analysis.scopes import ExpressionBinding, ParameterBinding, Scope, lookup

_STATES_SHAPE = re.compile(r"\bInput(?:Layer)?\(|\binput_shape\s*=|\binput_dim\s*=|\bbatch_input_shape\s*=")
_BUILDING = ("build", "fit", "predict", "evaluate")
_DEEPEST = 4  # functions that return what other functions return


class BuiltModels(Reader):
    """The built models of one file."""

    def __init__(self, program: Program, paths: Paths) -> None:
        super().__init__(program, paths)
        self._models = Models(program, paths)

    def is_built(self, node: cst.BaseExpression, scope: Scope, time: int, levels: int = _DEEPEST) -> bool:
        """Whether an expression is certainly a model that knows its shapes."""
        if isinstance(node, cst.Call):
            return self._makes_built(node, scope, time, levels)
        bound = lookup(node.value, scope, time) if isinstance(node, cst.Name) else None
        if isinstance(bound, ParameterBinding):
            passed = self._models.passed(bound, scope)
            known = levels > 0 and bool(passed)
            return known and all(each is not None and self.is_built(*each, levels - 1) for each in passed)
        if not isinstance(bound, ExpressionBinding) or not bound.whole or not isinstance(bound.value, cst.Call):
            return False
        if self._makes_built(bound.value, bound.scope, bound.time, levels):
            return True
        made = self.canonical(bound.value.func, bound.scope, bound.time)
        return made in SEQUENTIAL and self._is_built_by_calls(node, bound, time)

    def is_called(self, method: str, owner: cst.BaseExpression, bound: ExpressionBinding, time: int) -> bool:
        """Whether a method of a name is called between its binding and a moment, in the same scope, on every way."""
        return any(self._calls(method, owner, bound, time))

    def _makes_built(self, call: cst.Call, scope: Scope, time: int, levels: int) -> bool:
        made = self.canonical(call.func, scope, time) or ""
        if made in SEQUENTIAL:
            return _STATES_SHAPE.search(self.text(call)) is not None
        if made in MODELS or made.startswith("keras.applications."):
            return True
        return levels > 0 and self._returns_built(self.definition(call.func, scope, time), levels - 1)

    def _returns_built(self, definition: cst.FunctionDef | cst.ClassDef | None, levels: int) -> bool:
        """Whether whatever a function of the file gives back is such a model."""
        if not isinstance(definition, cst.FunctionDef) or definition.decorators:
            return False
        site = self.found.functions[definition]
        given = [(each.value, each.time) for each in site.returns]
        return (
            site.plain
            and bool(given)
            and all(value is not None and self.is_built(value, site.scope, time, levels) for value, time in given)
        )

    def _is_built_by_calls(self, owner: cst.BaseExpression, bound: ExpressionBinding, time: int) -> bool:
        """Whether a `Sequential` is given a layer that states its input's shape, or is built or run."""
        shaped = (_STATES_SHAPE.search(self.text(call)) for call in self._calls("add", owner, bound, time))
        return any(shaped) or any(self.is_called(method, owner, bound, time) for method in _BUILDING)

    def _calls(self, method: str, owner: cst.BaseExpression, bound: ExpressionBinding, time: int) -> Iterator[cst.Call]:
        for call in self.found.calls_of(method):
            func = call.node.func
            called = func.value if isinstance(func, cst.Attribute) and func.attr.value == method else None
            same = isinstance(called, cst.Name) and isinstance(owner, cst.Name) and called.value == owner.value
            if same and call.scope is bound.scope and bound.time < call.time < time and not call.guards:
                yield call.node
