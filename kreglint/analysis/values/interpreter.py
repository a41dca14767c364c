"""How the expressions and the bindings of a program are worked out: a function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kreglint.analysis.semantic import scopes
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values import names, operators, parameters
from kreglint.analysis.values.attributes import attribute
from kreglint.analysis.values.calls import call
from kreglint.analysis.values.displays import dict_display, display, subscript
from kreglint.analysis.values.functions import lambda_value
from kreglint.analysis.values.module import At, Interpreter, Library
from kreglint.diagnostics import Span
from kreglint.facts.values import Value

_EXPRESSIONS: dict[type, Callable[[Any, At], Value]] = {
    nodes.Name: names.name,
    nodes.Attribute: attribute,
    nodes.Call: call,
    nodes.Tuple: display,
    nodes.List: display,
    nodes.Set: display,
    nodes.Dict: dict_display,
    nodes.Subscript: subscript,
    nodes.IfExp: operators.choice,
    nodes.BooleanOperation: operators.either,
    nodes.Comparison: operators.comparison,
    nodes.NamedExpr: operators.named,
    nodes.UnaryOperation: operators.unary,
    nodes.BinaryOperation: operators.binary,
    nodes.FormattedString: operators.f_string,
    nodes.Lambda: lambda_value,
}
_BINDINGS: dict[type, Callable[[str, Span, Any, At], Value]] = {
    scopes.ExpressionBinding: names.assigned,
    scopes.ParameterBinding: parameters.parameter,
    scopes.DefinitionBinding: names.defined,
    scopes.JoinBinding: names.joined,
    scopes.OpaqueBinding: names.opaque,
    scopes.LoopBinding: names.looped,
    scopes.ImportBinding: names.imported,
    scopes.ArgsBinding: names.passed_by_position,
    scopes.RestBinding: parameters.rest,
    scopes.ChangeBinding: names.changed,
}


def interpreter(library: Library) -> Interpreter:
    """Return the interpreter that knows a library."""
    return Interpreter(_EXPRESSIONS, _BINDINGS, library)
