"""Which cells hold nothing but layers and models of Keras, so that a call of what they hold keeps nothing."""

from __future__ import annotations

from functools import cached_property

from kreglint.analysis import bounds
from kreglint.analysis.escape.cells import Cell, item_cell, returned_cell
from kreglint.analysis.escape.flows import Flows
from kreglint.analysis.escape.origins import Origins
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes

MODELS = frozenset(("keras.Model", "keras.models.Model", "keras.Sequential", "keras.models.Sequential"))


def makes_layer(path: str) -> bool:
    """True if a path of Keras is that of a layer or model which runs no function that it is given."""
    return path in MODELS or (path.startswith("keras.layers.") and path != "keras.layers.Lambda")


class LayerCells:
    """Asks what the statements of linked programs put into their cells."""

    def __init__(self, flows: Flows, origins: Origins) -> None:
        self._flows = flows
        self._origins = origins

    def is_layer(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression is certainly one of Keras' own layers or models, made there or by its name."""
        return not self._sets_by_name and self._makes_layer(node, scope, bounds.OWNER_STEPS)

    def holds_layers(self, cell: Cell, depth: int = bounds.OWNER_STEPS) -> bool:
        """True if all that a cell is given is one of Keras' own layers or models."""
        into = self._flows.into.get(cell, ())
        return (
            bool(depth and into)
            and not self._sets_by_name
            and all(self._makes_layer(node, scope, depth, item) for node, scope, item in into)
        )

    @cached_property
    def _sets_by_name(self) -> bool:
        """True if some attribute is set by `setattr`, which may be any."""
        functions = (node.func for node, _ in self._flows.calls)
        return any(isinstance(func, nodes.Name) and func.value == "setattr" for func in functions)

    def _makes_layer(self, node: nodes.Expression, scope: Scope, depth: int, item: Cell | None = None) -> bool:
        if isinstance(node, nodes.Name):
            return self.holds_layers(self._flows.cells.of_name(node.value, scope), depth - 1)
        if not isinstance(node, nodes.Call):
            return False
        callee = self._origins.callee(node, scope)
        if callee.path:
            return makes_layer(canonical(callee.path) or "")
        scopes = [self._flows.found.functions[each].scope for each in callee.functions]
        returned = list(map(returned_cell, scopes))
        if item is not None:
            items = self._flows.unpacked[node]
            apart = all(self._flows.has_items(each, len(items)) for each in callee.functions)
            returned = [item_cell(each, items.index(item)) for each in scopes if apart]
        own = bool(returned) and self._origins.is_own(node, scope, callee)
        return own and all(self.holds_layers(each, depth - 1) for each in returned)
