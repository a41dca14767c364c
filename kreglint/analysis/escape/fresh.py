"""Which functions and classes make another object at each call, so that what one call gives is none of another's."""

from __future__ import annotations

from collections.abc import Collection

from kreglint.analysis.escape.cells import Cell
from kreglint.analysis.escape.flows import Flows
from kreglint.analysis.escape.linked import function_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes

_GIVING = ("<returned>", "<instance>", "<item ")


class Fresh:
    """Judges the cells of what functions give back, and of instances, by what these are made of."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._calls = dict(flows.calls)
        self._functions = {site.scope: node for node, site in flows.found.functions.items()}

    def is_fresh(self, cell: Cell, origins: Collection[Cell]) -> bool:
        """True if a cell gets a new object at each call: all that this is made of is made while the call runs."""
        return cell.name.startswith(_GIVING) and isinstance(cell.owner, Scope) and all(map(self._is_local, origins))

    def _is_local(self, cell: Cell) -> bool:
        owner = cell.owner
        if isinstance(owner, nodes.Call):
            scope = self._calls.get(owner)
            return scope is not None and self._is_run_anew(function_of(scope))
        return isinstance(owner, Scope) and self._is_run_anew(owner)

    def _is_run_anew(self, scope: Scope) -> bool:
        """True if a scope is of a function whose names nothing keeps from one call to the next, or of a class."""
        if scope.kind == "class":
            site = self._flows.found.objects.classes[scope]
            own = not site.node.keywords and site.member("__new__") is None and not is_remade(site.node)
            return own and site.outer.kind == "module"
        made = self._functions.get(scope)
        around = scope.parent
        if not isinstance(made, nodes.FunctionDef) or made.decorators or around is None:
            return False
        return around.kind == "module" or (around.kind == "class" and self._is_run_anew(around))
