"""Where a function uses a name of its own: functions in it that bind the name anew mean another."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import Reader
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite, FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

_OF_ALL_NAMES = ("locals", "vars", "eval", "exec")  # builtins that see each name of the function around them
_OF_FRAMES = ("builtins.", "inspect.", "sys._getframe")


class NameUses(Reader):
    """Reads the functions of one program."""

    def of(self, name: str, body: nodes.Node) -> Iterator[nodes.Name]:
        """Yield the places in the body of a function where its own name stands, those that set it too."""
        stack: list[nodes.Node] = [body]
        while stack:
            node = stack.pop()
            if isinstance(node, nodes.Name) and node.value == name:
                yield node
            site = self.found.functions.get(node)
            if site is not None and _binds(site.scope, name):
                stack += [*getattr(node, "decorators", ()), *_defaults(site.node.params)]  # evaluated outside of it
            else:
                stack += children(node)

    def reads_all(self, site: FunctionSite) -> bool:
        """True if a function may read its names without naming them: by a builtin, or by its frame."""
        calls = [each for each in self.found.calls_within(site.scope) if self._is_within(each, site)]
        return any(map(self._reads_all, calls))

    def _is_within(self, call: CallSite, site: FunctionSite) -> bool:
        body = site.node.body
        return body.start <= call.node.start < body.end

    def _reads_all(self, call: CallSite) -> bool:
        paths = self.paths.of(call.node.func, call.scope, call.time)
        name = _builtin(call.node.func, call.scope, call.time)
        sees = name in _OF_ALL_NAMES and not (name == "vars" and call.node.args)  # `vars(x)` has those of an object
        return sees or any(path.startswith(_OF_FRAMES) for path in paths)


def _builtin(node: nodes.Expression, scope: Scope, time: int) -> str | None:
    """Return the builtin function that an expression is, by that name or one that is set to it."""
    for _ in range(bounds.NAMES):
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        if not isinstance(bound, ExpressionBinding) or not bound.whole:
            return node.value if isinstance(node, nodes.Name) and bound is None else None
        node, scope, time = bound.value, bound.scope, bound.time
    return None


def _defaults(params: nodes.Parameters) -> Iterator[nodes.Expression]:
    every = (*params.posonly_params, *params.params, *params.kwonly_params)
    return (param.default for param in every if param.default is not None)


def _binds(scope: Scope, name: str) -> bool:
    return name in scope.history and name not in scope.declared
