"""Whether a product has a factor of two, as far as the file shows it: there, or where a name of it is set."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.semantic import constants
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.scopes import (
    Binding,
    ChangeBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    ParameterBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import is_same_code
from kreglint.analysis.values.call_graph import UnclearArgumentsError, passed
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.method_callers import callers_of_parameter
from kreglint.analysis.values.module import Module
from kreglint.analysis.values.names import symbol
from kreglint.facts.values import Const

_TWO, _HALF = 2, 0.5
_WRAPPERS = frozenset(("float", "constant", "cast", "convert_to_tensor", "float32", "float64", "Variable"))


class Doubling:
    """Looks for factors of two in one program. All that a name is ever set to counts: it is asked who is silent."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._asked: set[tuple[object, float]] = set()

    def doubles(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression is a product with a factor 2, or a quotient by 1/2."""
        return self._has(node, scope, _TWO)

    def halves(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if dividing by an expression doubles."""
        return self._has(node, scope, _HALF)

    def _has(self, node: nodes.Expression, scope: Scope, wanted: float) -> bool:
        match node:
            case nodes.BinaryOperation(operator=nodes.Multiply()):
                return self._has(node.left, scope, wanted) or self._has(node.right, scope, wanted)
            case nodes.BinaryOperation(operator=nodes.Divide()):
                return self._has(node.left, scope, wanted) or self._has(node.right, scope, 1 / wanted)
            case nodes.BinaryOperation(operator=nodes.Add()) if wanted == _TWO:
                return is_same_code(node.left, node.right)
            case nodes.UnaryOperation():
                return self._has(node.expression, scope, wanted)
            case nodes.Integer() | nodes.Float():
                return _number(node) == wanted
            case nodes.Call() if len(node.args) in (1, 2) and _last(node.func) in _WRAPPERS:
                return self._has(node.args[0].value, scope, wanted)
        return any(self._is_set_to(binding, wanted) for binding in self._bindings(node, scope))

    def _bindings(self, node: nodes.Expression, scope: Scope) -> Iterator[Binding]:
        """Yield all that a name or an attribute of an instance is set to, whenever that is."""
        if isinstance(node, nodes.Name):
            owner: Scope | None = scope
            while owner is not None and (node.value not in owner.history or (owner.kind == "class" and owner != scope)):
                owner = owner.parent
            yield from owner.history[node.value][1] if owner is not None else ()
        elif isinstance(node, nodes.Attribute) and isinstance(node.value, nodes.Name):
            own = receiver_class(node.value.value, scope)
            if own is not None:
                yield from self._module.found.objects.classes[own].attributes.get(node.attr.value, ())
                yield from own.history.get(node.attr.value, ((), ()))[1]

    def _is_set_to(self, binding: Binding, wanted: float) -> bool:
        key = (binding, wanted)
        if key in self._asked:
            return False  # what is set from itself brings nothing new
        self._asked.add(key)
        found = self._binding_has(binding, wanted)
        self._asked.discard(key)
        return found

    def _binding_has(self, binding: Binding, wanted: float) -> bool:
        match binding:
            case ExpressionBinding(value=value) if binding.whole:
                return self._has(value, binding.scope, wanted) or self._is(value, binding.scope, binding.time, wanted)
            case ChangeBinding(step=nodes.AugAssign(operator=nodes.Multiply(), value=value)):
                return self._has(value, binding.scope, wanted)
            case ChangeBinding(step=nodes.AugAssign(operator=nodes.Divide(), value=value)):
                return self._has(value, binding.scope, 1 / wanted)
            case JoinBinding(alternatives=ways):
                return any(self._is_set_to(way, wanted) for way in ways)
            case ParameterBinding():
                return any(self._has(value, scope, wanted) for value, scope in self._given(binding))
            case ImportBinding(path=path):
                found = symbol(self._module.span(self._module.program.module), (path,), self._module)
                return isinstance(found, Const) and found.value == wanted
        return False

    def _is(self, node: nodes.Expression, scope: Scope, time: int, wanted: float) -> bool:
        value = infer(node, self._module.at(scope, time))
        return isinstance(value, Const) and isinstance(value.value, (int, float)) and value.value == wanted

    def _given(self, binding: ParameterBinding) -> Iterator[tuple[nodes.Expression, Scope]]:
        """Yield the default of a parameter, and what the calls in this file pass for it."""
        if binding.param.default is not None:
            yield binding.param.default, binding.scope
        for caller in callers_of_parameter(binding, self._module):
            try:
                given = passed(caller, binding)
            except UnclearArgumentsError:
                continue
            if given is not None:
                yield given[0].value, given[1].scope


def _number(node: nodes.Integer | nodes.Float) -> object:
    try:
        return constants.literal(node)
    except constants.NotConstantError:
        return None


def _last(node: nodes.Expression) -> str:
    return (dotted(node) or "").rpartition(".")[2]
