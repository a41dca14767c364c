"""Regularizers that are set on layers which are built, or changed while a model trains.

What is built again afterwards reads them, so a file that clones, saves or configures anything is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.names import canonical
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.scopes import ExpressionBinding, LoopBinding, Scope, lookup
from kreglint.analysis.sites import AttributeSite, CallSite
from kreglint.diagnostics import Span
from kreglint.facts.late import LateAssignment, LateFacts

_READ_AGAIN = re.compile(
    r"clone|from_config|json|yaml|load_model|get_config|add_loss|\.save\(|save_model|\.export\(|add_metric|add_weight"
)
_TRACED_AGAIN = re.compile(r"run_eagerly|run_functions_eagerly|train_function|self\.model\.compile")
_FACTORS = ("l1", "l2", "factor")
_FUNCTIONAL = ("keras.Model", "keras.models.Model")
_SEQUENTIAL = ("keras.Sequential", "keras.models.Sequential")
_STATES_SHAPE = re.compile(r"\bInput(?:Layer)?\(|\binput_shape\s*=|\binput_dim\s*=|\bbatch_input_shape\s*=")


def late_facts(program: Program, paths: Paths) -> LateFacts:
    """The facts of one program on late changes."""
    if "_regularizer" not in program.text:
        return LateFacts()
    finder = _Finder(program, paths)
    again = _READ_AGAIN.search(program.text)
    return LateFacts(
        assignments=() if again else tuple(finder.assignments()),
        traced=() if _TRACED_AGAIN.search(program.text) else tuple(finder.traced()),
    )


class _Finder:
    def __init__(self, program: Program, paths: Paths) -> None:
        self.program = program
        self.paths = paths

    def assignments(self) -> Iterator[LateAssignment]:
        for site in self.program.found.attributes:
            late = site.assigned and _is_weight_regularizer(site.node.attr.value)
            if late and self._is_built_layer(site.node.value, site.scope, site.time):
                yield LateAssignment(span=self._span(site.node.attr), name=site.node.attr.value)
        for call in self.program.found.calls:
            name = _set_by_name(call)
            if name is not None and self._is_built_layer(call.node.args[0].value, call.scope, call.time):
                yield LateAssignment(span=self._span(call.node.args[1].value), name=name)

    def traced(self) -> Iterator[Span]:
        for site in self.program.found.attributes:
            owner = site.node.value
            owned = owner.attr.value if isinstance(owner, cst.Attribute) else ""
            factor = site.assigned and site.node.attr.value in _FACTORS
            if factor and _is_weight_regularizer(owned) and self._is_in_callback(site):
                yield self._span(site.node)

    def _is_in_callback(self, site: AttributeSite) -> bool:
        scope: Scope | None = site.scope
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        made = self.program.found.objects.classes.get(scope) if scope is not None else None
        return made is not None and any(
            self._canonical(base.value, made.outer, made.time) == "keras.callbacks.Callback" for base in made.node.bases
        )

    def _is_built_layer(self, node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        """Whether it is one of the layers of a model that knows its shapes."""
        if isinstance(node, cst.Name):
            bound = lookup(node.value, scope, time)
            if isinstance(bound, LoopBinding):
                return self._is_layers(bound.iterable, scope, time)
            if not isinstance(bound, ExpressionBinding) or bound.index is not None:
                return False
            if self._is_layer(bound) and self._is_called("build", node.value, bound, time):
                return True
            node, scope, time = bound.value, bound.scope, bound.time
        if isinstance(node, cst.Subscript):
            return self._is_layers(node.value, scope, time)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_layer":
            return self._is_built_model(node.func.value, scope, time)
        return False

    def _is_layer(self, bound: ExpressionBinding) -> bool:
        made = bound.value.func if isinstance(bound.value, cst.Call) else None
        return made is not None and (self._canonical(made, bound.scope, bound.time) or "").startswith("keras.layers.")

    def _is_called(self, method: str, name: str, bound: ExpressionBinding, time: int) -> bool:
        """Whether a method of a name is called between its binding and a moment, in the same scope."""
        for call in self.program.found.calls_of(method):
            func = call.node.func
            owner = func.value if isinstance(func, cst.Attribute) and func.attr.value == method else None
            named = isinstance(owner, cst.Name) and owner.value == name
            if named and call.scope is bound.scope and bound.time < call.time < time:
                return True
        return False

    def _is_layers(self, node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        """`model.layers`, or a slice of it."""
        if isinstance(node, cst.Subscript):
            node = node.value
        named = isinstance(node, cst.Attribute) and node.attr.value == "layers"
        return named and isinstance(node, cst.Attribute) and self._is_built_model(node.value, scope, time)

    def _is_built_model(self, node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        bound = lookup(node.value, scope, time) if isinstance(node, cst.Name) else None
        if not isinstance(bound, ExpressionBinding) or bound.index is not None or not isinstance(bound.value, cst.Call):
            return False
        made = self._canonical(bound.value.func, bound.scope, bound.time) or ""
        if made in _SEQUENTIAL:
            span = self._span(bound.value)
            return _STATES_SHAPE.search(self.program.text[span.start : span.end]) is not None
        return made in _FUNCTIONAL or made.startswith("keras.applications.")

    def _canonical(self, node: cst.BaseExpression, scope: Scope, time: int) -> str | None:
        names = {canonical(path) for path in self.paths.of(node, scope, time)}
        return names.pop() if len(names) == 1 else None

    def _span(self, node: cst.CSTNode) -> Span:
        return self.program.positions.span(node)


def _is_weight_regularizer(name: str) -> bool:
    return name.endswith("_regularizer") and name != "activity_regularizer"


def _set_by_name(call: CallSite) -> str | None:
    """The name in `setattr(layer, "kernel_regularizer", …)`."""
    func, args = call.node.func, call.node.args
    if not isinstance(func, cst.Name) or func.value != "setattr" or len(args) != 3:
        return None
    name = args[1].value.evaluated_value if isinstance(args[1].value, cst.SimpleString) else None
    return name if isinstance(name, str) and _is_weight_regularizer(name) else None
