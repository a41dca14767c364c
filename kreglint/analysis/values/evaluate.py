"""From an expression to its value, on demand.

Names are looked up at the moment at which the expression is reached (scopes.py). What is not understood is Unknown,
with the reason that a reader of the file would give.
"""

from __future__ import annotations

from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, LoopBinding, Scope, lookup
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.evaluation.methods import MethodEvaluation
from kreglint.analysis.values.frames import Body, ClassBody
from kreglint.facts.values import Construct, Function, Value


class Evaluator(MethodEvaluation):
    """Works out the expressions of one module."""

    def is_layer(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """Whether the expression is certainly a Keras layer: built here, or taken from a model's `layers`."""
        passed: set[Binding] = set()
        while isinstance(node, nodes.Name):
            binding = lookup(node.value, scope, time)
            if isinstance(binding, LoopBinding):
                return _is_layers_attribute(binding.iterable)
            if not isinstance(binding, ExpressionBinding) or not binding.whole or binding in passed:
                break
            passed.add(binding)
            node, scope, time = binding.value, binding.scope, binding.time
        if isinstance(node, nodes.Subscript):
            return _is_layers_attribute(node.value)
        if (
            isinstance(node, nodes.Call)
            and isinstance(node.func, nodes.Attribute)
            and node.func.attr.value == "get_layer"
        ):
            return True
        value = self.value(node, scope, time)
        return isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers.")

    def body(self, node: nodes.FunctionDef | nodes.Lambda) -> Body:
        return Body(self.found.functions[node], self.frame, self)

    def class_body(self, node: nodes.ClassDef) -> ClassBody:
        return ClassBody(self.found.objects.by_node[node], self)

    def work_out(self, node: nodes.Expression, scope: Scope, time: int) -> Value:
        match node:
            case nodes.Name():
                return self.name(node, scope, time)
            case nodes.Attribute():
                return self.attribute(node, scope, time)
            case nodes.Call():
                return self.call(node, scope, time)
            case nodes.Tuple() | nodes.List() | nodes.Set():
                return self.display(node, scope, time)
            case nodes.Dict():
                return self.dict_display(node, scope, time)
            case nodes.Subscript():
                return self.subscript(node, scope, time)
            case nodes.IfExp():
                return self.choice(node, scope, time)
            case nodes.BooleanOperation():
                return self.either(node, scope, time)
            case nodes.Comparison():
                return self.comparison(node, scope, time)
            case nodes.NamedExpr():
                return self.named(node, scope, time)
            case nodes.Lambda():
                return Function(span=self.span(node), name="<lambda>", kind="lambda", body=self.body(node))
            case _:
                return self.constant(node, scope, time)


def _is_layers_attribute(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Attribute) and node.attr.value == "layers"
