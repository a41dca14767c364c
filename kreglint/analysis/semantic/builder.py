"""One walk over a module that notes its bindings, its calls and what else may become a fact."""

from __future__ import annotations

from kreglint.analysis.semantic import assignments, control_flow, expressions, import_statements, nested_scopes, reads
from kreglint.analysis.semantic.call_notes import call
from kreglint.analysis.semantic.sites import Collected
from kreglint.analysis.semantic.walk import IsNoted, StarNames, Visitors, Walk, block, simple_statements
from kreglint.analysis.syntax import nodes

_COMPREHENSIONS = (nodes.GeneratorExp, nodes.ListComp, nodes.SetComp, nodes.DictComp)
_EXPRESSIONS: Visitors = {
    nodes.Name: reads.name,
    nodes.Call: call,
    nodes.Attribute: reads.attribute,
    nodes.Subscript: reads.subscript,
    nodes.Comparison: reads.comparison,
    nodes.StarredDictElement: reads.starred,
    nodes.IfExp: expressions.choice,
    nodes.BooleanOperation: expressions.operation,
    nodes.BinaryOperation: expressions.combination,
    nodes.NamedExpr: expressions.walrus,
    nodes.Yield: expressions.yield_,
    nodes.Lambda: nested_scopes.lambda_,
    **dict.fromkeys(_COMPREHENSIONS, nested_scopes.nested_comprehension),
}
_STATEMENTS: Visitors = {
    nodes.SimpleStatementLine: simple_statements,
    nodes.SimpleStatementSuite: simple_statements,
    nodes.Expr: assignments.expression_statement,
    nodes.Assign: assignments.assign,
    nodes.AnnAssign: assignments.annotated_assign,
    nodes.AugAssign: assignments.augmented_assign,
    nodes.Del: assignments.delete,
    nodes.TypeAlias: assignments.type_alias,
    nodes.Import: import_statements.import_names,
    nodes.ImportFrom: import_statements.import_from,
    nodes.Global: import_statements.global_,
    nodes.Nonlocal: import_statements.nonlocal_,
    nodes.FunctionDef: nested_scopes.function,
    nodes.ClassDef: nested_scopes.class_,
    nodes.If: control_flow.if_,
    nodes.For: control_flow.for_,
    nodes.While: control_flow.while_,
    nodes.Try: control_flow.try_,
    nodes.With: control_flow.with_,
    nodes.Match: control_flow.match,
    nodes.Return: control_flow.return_,
    nodes.Raise: control_flow.leave,
    nodes.Break: control_flow.leave,
    nodes.Continue: control_flow.leave,
}


def collect(module: nodes.Module, is_noted: IsNoted, star_names: StarNames) -> Collected:
    """Walk a module. Of the attributes that are read, only those are noted of which `is_noted` says so."""
    walk = Walk(module, is_noted, star_names, _EXPRESSIONS, _STATEMENTS)
    block(walk, module.body)
    return walk.found
