"""Whether a layer that code makes becomes a part of its model, as far as the names show under which it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.models import Models
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, JoinBinding, Scope, lookup
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants

_PERHAPS = (nodes.If, nodes.Try, nodes.While, nodes.Match, nodes.IfExp, nodes.BooleanOperation, nodes.Lambda)


def is_part(models: Models, around: nodes.FunctionDef | nodes.ClassDef | None, site: CallSite) -> bool:
    """Whether the layer that a call makes, in a function or class, becomes a part of the model, by its name."""
    if not isinstance(around, nodes.ClassDef):
        return _is_read(models, site)
    made = models.found.objects.by_node[around]
    call = made.member("call")
    if not isinstance(call, DefinitionBinding):
        return False
    kept = {each.attr.value for each in descendants(site.statement) if isinstance(each, nodes.Attribute)}
    return bool(kept & set(_certainly_read(call.node)) & set(made.attributes))


def _certainly_read(function: nodes.Node) -> Iterator[str]:
    """The attributes that a function reads whenever it is called: only these layers of a model are certainly built."""
    body = getattr(function, "body", None)
    for statement in body.body if isinstance(body, nodes.IndentedBlock) else ():
        if isinstance(statement, _PERHAPS):
            if any(isinstance(each, (nodes.Return, nodes.Raise)) for each in descendants(statement)):
                return
            continue
        stack: list[nodes.Node] = [statement]
        while stack:
            node = stack.pop()
            if isinstance(node, nodes.Attribute):
                yield node.attr.value
            stack += [each for each in children(node) if not isinstance(each, _PERHAPS)]


def _is_read(models: Models, site: CallSite) -> bool:
    """Whether the name that a layer's output is given is read before it is set anew."""
    only = site.statement
    if isinstance(only, nodes.SimpleStatementLine):
        only = next((part for part in only.body if any(each is site.node for each in descendants(part))), only)
    target = only.targets[0].target if isinstance(only, nodes.Assign) and len(only.targets) == 1 else None
    if not isinstance(only, nodes.Assign) or not isinstance(target, nodes.Name):
        return True
    for node, scope, time in _read_in(models, site.scope):
        named = any(isinstance(each, nodes.Name) and each.value == target.value for each in descendants(node))
        bound = lookup(target.value, scope, time) if named else None
        ways = bound.alternatives if isinstance(bound, JoinBinding) else (bound,)
        if any(isinstance(way, ExpressionBinding) and way.value is only.value for way in ways):
            return True
    return False


def _read_in(models: Models, scope: Scope) -> Iterator[tuple[nodes.Expression, Scope, int]]:
    """What the body of a function, or the module, calls or gives back, with the moment of it."""
    calls = models.found.calls if scope.kind == "module" else models.found.calls_within(scope)
    yield from ((each.node, each.scope, each.time) for each in calls)
    function = models.functions.get(scope)
    for each in models.found.functions[function].returns if function is not None else ():
        if each.value is not None:
            yield each.value, scope, each.time
