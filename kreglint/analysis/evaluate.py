"""From an expression to its value, on demand.

Names are looked up at the moment at which the expression is reached (scopes.py). What is not understood is Unknown,
with the reason that a reader of the file would give.
"""

from __future__ import annotations

import libcst as cst

from kreglint.analysis.evaluation.methods import MethodEvaluation
from kreglint.analysis.frames import Body, ClassBody
from kreglint.analysis.scopes import Binding, ExpressionBinding, LoopBinding, Scope, lookup
from kreglint.facts.values import Construct, Function, Value


class Evaluator(MethodEvaluation):
    """Works out the expressions of one module."""

    def is_layer(self, node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        """Whether the expression is certainly a Keras layer: built here, or taken from a model's `layers`."""
        passed: set[Binding] = set()
        while isinstance(node, cst.Name):
            binding = lookup(node.value, scope, time)
            if isinstance(binding, LoopBinding):
                return _is_layers_attribute(binding.iterable)
            if not isinstance(binding, ExpressionBinding) or not binding.whole or binding in passed:
                break
            passed.add(binding)
            node, scope, time = binding.value, binding.scope, binding.time
        if isinstance(node, cst.Subscript):
            return _is_layers_attribute(node.value)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_layer":
            return True
        value = self.value(node, scope, time)
        return isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers.")

    def body(self, node: cst.FunctionDef | cst.Lambda) -> Body:
        return Body(self.found.functions[node], self.frame, self)

    def class_body(self, node: cst.ClassDef) -> ClassBody:
        return ClassBody(self.found.objects.by_node[node], self)

    def work_out(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        match node:
            case cst.Name():
                return self.name(node, scope, time)
            case cst.Attribute():
                return self.attribute(node, scope, time)
            case cst.Call():
                return self.call(node, scope, time)
            case cst.Tuple() | cst.List() | cst.Set():
                return self.display(node, scope, time)
            case cst.Dict():
                return self.dict_display(node, scope, time)
            case cst.Subscript():
                return self.subscript(node, scope, time)
            case cst.IfExp():
                return self.choice(node, scope, time)
            case cst.BooleanOperation():
                return self.either(node, scope, time)
            case cst.Comparison():
                return self.comparison(node, scope, time)
            case cst.NamedExpr():
                return self.named(node, scope, time)
            case cst.Lambda():
                return Function(span=self.span(node), name="<lambda>", kind="lambda", body=self.body(node))
            case _:
                return self.constant(node, scope, time)


def _is_layers_attribute(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "layers"
