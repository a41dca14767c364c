"""Whether a layer that code makes becomes a part of its model, as far as the names show under which it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.analysis.keras.lineage import Kin, member_of
from kreglint.analysis.keras.models import Models
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    UNBOUND,
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    JoinBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants

_PERHAPS = (nodes.If, nodes.Try, nodes.While, nodes.Match, nodes.IfExp, nodes.BooleanOperation, nodes.Lambda)


def is_part(
    models: Models, around: nodes.FunctionDef | nodes.ClassDef | None, site: CallSite, kin: Sequence[Kin] = ()
) -> bool:
    """Whether the layer that a call makes, in a function or class, becomes a part of the model, by its name.

    `kin` are the classes of the model, where it is of a class.
    """
    if not isinstance(around, nodes.ClassDef):
        return _is_read(models, site)
    made = models.found.objects.by_node[around]
    found = member_of(kin or (Kin(models.view, made),), "call")
    call = found[1] if found is not None else None
    if not isinstance(call, DefinitionBinding):
        return False
    kept = {each.attr.value for each in descendants(site.statement) if isinstance(each, nodes.Attribute)}
    return bool(kept & set(_certainly_read(call.node)) & set(made.attributes))


def _certainly_read(function: nodes.Node) -> Iterator[str]:
    """Yield the attributes that a function reads at each call: only these layers of a model are certainly built."""
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
    """True if the name that a layer's output is given is read before it is set anew."""
    only = site.statement
    if isinstance(only, nodes.SimpleStatementLine):
        only = next((part for part in only.body if any(each is site.node for each in descendants(part))), only)
    target = only.targets[0].target if isinstance(only, nodes.Assign) and len(only.targets) == 1 else None
    if not isinstance(only, nodes.Assign) or not isinstance(target, nodes.Name):
        return True
    output = _Output(target.value, only.value, site.time)
    return any(output.is_read(*each) for each in _read_in(models, site))


class _Output:
    """The value that a name is certainly given at a moment, and what is made of it under the same name."""

    def __init__(self, name: str, value: nodes.Expression, since: int) -> None:
        self._name = name
        self._value = value
        self._since = since

    def is_read(
        self, node: nodes.Expression, scope: Scope, time: int, passed: frozenset[Binding] = frozenset()
    ) -> bool:
        """True if an expression reads it, whichever way is taken."""
        named = any(isinstance(each, nodes.Name) and each.value == self._name for each in descendants(node))
        bound = lookup(self._name, scope, time) if named else None
        ways = bound.alternatives if isinstance(bound, JoinBinding) else (bound,)
        since = [way for way in ways if way is not UNBOUND and not self._is_older(way)]
        return bool(since) and all(self._is_of(way, passed) for way in since)

    def _is_older(self, way: Binding | None) -> bool:
        """True if a way leads around the value, which is certainly set: none takes it."""
        return isinstance(way, ExpressionBinding) and way.time < self._since

    def _is_of(self, way: Binding | None, passed: frozenset[Binding]) -> bool:
        if way in passed:
            return True  # once more round a loop
        if not isinstance(way, ExpressionBinding):
            return False
        return way.value is self._value or self.is_read(way.value, way.scope, way.time, passed | {way})


def _read_in(models: Models, site: CallSite) -> Iterator[tuple[nodes.Expression, Scope, int]]:
    """Yield what the body of a function, or the module, calls or gives back whenever a call is made there, and when."""
    scope = site.scope
    calls = models.found.calls if scope.kind == "module" else models.found.calls_within(scope)
    yield from ((each.node, each.scope, each.time) for each in calls if set(each.guards) <= set(site.guards))
    function = models.functions.get(scope)
    for each in models.found.functions[function].returns if function is not None else ():
        if each.value is not None and set(each.guards) <= set(site.guards):
            yield each.value, scope, each.time
