"""The calls that certainly make the outputs of a functional model, by the names under which they stand."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import Reader
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span

_Place = tuple[nodes.Expression, Scope, int]


class Functional(Reader):
    """The functional models of one file."""

    def spans(self, site: CallSite) -> tuple[Span, ...]:
        """Return the calls behind the outputs of which a call makes a model, whichever way is taken before it."""
        given = {arg.keyword.value: arg.value for arg in site.node.args if arg.keyword is not None}
        by_place = [arg.value for arg in site.node.args if arg.keyword is None and not arg.star]
        outputs = by_place[1] if len(by_place) > 1 else given.get("outputs")
        if outputs is None:
            return ()
        found: dict[nodes.Call, None] = {}
        waiting: list[_Place] = [(outputs, site.scope, site.time)]
        for _ in range(bounds.OUTPUTS):
            if not waiting:
                break
            node, scope, time = waiting.pop()
            if isinstance(node, nodes.Call) and node not in found:
                found[node] = None
                waiting += ((arg.value, scope, time) for arg in node.args)
                waiting += self._behind(node.func, scope, time)
            elif not isinstance(node, nodes.Call):
                waiting += self._behind(node, scope, time)
        return tuple(map(self.span, found))

    def _behind(self, node: nodes.Expression, scope: Scope, time: int) -> Iterator[_Place]:
        """Yield what a name was set to, and the elements of a list."""
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, scope, time)
            if isinstance(bound, ExpressionBinding) and bound.whole:
                yield bound.value, bound.scope, bound.time
        elif isinstance(node, (nodes.List, nodes.Tuple)):
            yield from ((each.value, scope, time) for each in node.elements)
