"""Which layers a file makes for certain, and which of them keep the penalty that they are made with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from kreglint.analysis.keras.reader import Reader, called, is_weight_regularizer, sets
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.infer import hold, infer
from kreglint.analysis.values.module import At, Frame
from kreglint.facts.values import Const, Sequence

_LEAVING = (nodes.Break, nodes.Continue, nodes.Return)
FREEZES = ("trainable",)
"""What takes the penalty of a layer away when it is set to False."""


class KeptLayers(Reader):
    """The layers of one file."""

    def runs(self, call: nodes.Call, frame: Frame | None = None) -> bool:
        """True if a call is made wherever its function is run: its conditions hold, and no loop around it is empty."""
        site = self.view.sites[call]
        at = self.view.module.of(site, frame)
        asked = tuple(guard for guard in site.guards if guard.test is not None)
        if asked and hold(asked, at)[0] is not True:
            return False
        around = [each for each in self._blocks if each.start <= call.start < each.end] if site.guards else ()
        return all(isinstance(each, nodes.For) and self._gets_to(call, each, at) for each in around)

    def _gets_to(self, call: nodes.Call, loop: nodes.For, at: At) -> bool:
        """True if a loop has a turn, and its first one is not left before a call."""
        left = (each.start for each in descendants(loop.body) if isinstance(each, _LEAVING))
        return not _is_empty(loop.iter, at) and not any(start < call.start for start in left)

    @property
    def loops(self) -> list[nodes.For]:
        return [each for each in self._blocks if isinstance(each, nodes.For)]

    @cached_property
    def _blocks(self) -> list[nodes.For | nodes.While | nodes.ExceptHandler | nodes.MatchCase]:
        """What may run not at all."""
        kinds = (nodes.For, nodes.While, nodes.ExceptHandler, nodes.MatchCase)
        return [each for each in descendants(self.program.module) if isinstance(each, kinds)]

    @cached_property
    def frozen(self) -> set[nodes.Call]:
        """The layers that are, or are in models that are, made or set to be anything but trained."""
        return self._layers_set(lambda name: name in FREEZES, "True") | self._made_frozen

    @cached_property
    def _made_frozen(self) -> set[nodes.Call]:
        """The layers that are, or are in models that are, made with anything but `trainable=True`."""
        found: set[nodes.Call] = set()
        for site in self.found.calls:
            given = [arg.value for arg in site.node.args if arg.keyword is not None and arg.keyword.value in FREEZES]
            value = infer(given[0], self.view.module.of(site)) if given else None
            if given and not (isinstance(value, Const) and value.value is True):
                found |= {site.node, *self.view.escape.layers_of(site.node, site.scope)}
        return found

    @cached_property
    def unset(self) -> set[nodes.Call]:
        """The layers that are given another regularizer than they are made with."""
        return self._layers_set(is_weight_regularizer)

    @cached_property
    def unset_at(self) -> int:
        """The moment before which no regularizer is another one for certain; 0 if a function may set it."""
        assigned = (each for each in self.found.attributes if each.assigned)
        found = [each for each in assigned if is_weight_regularizer(each.node.attr.value)]
        of_module = all(each.scope is self.found.module_scope for each in found)
        return min((each.time for each in found), default=0) if of_module else 0

    def _layers_set(self, is_meant: Callable[[str], bool], but: str = "") -> set[nodes.Call]:
        """The layers of which such an attribute is set, or that of a model that has them; `but` to one constant."""
        found = (each for each in self.found.attributes if each.assigned and is_meant(each.node.attr.value))
        owners = [(each.node.value, each.scope) for each in found if not sets(each, but)]
        if any(called(site.node) == "setattr" for site in self.found.calls):
            by_name = (each for each in self.view.escape.flows.named if each.is_set)
            owners += [(each.owner, each.scope) for each in by_name if each.name is None or is_meant(each.name)]
        return {layer for owner in owners for layer in self.view.escape.layers_of(*owner)}


def _is_empty(node: nodes.Expression, at: At) -> bool:
    """True if a loop goes through a sequence that certainly has no item, or `range(0)`."""
    if isinstance(node, nodes.Call) and called(node) == "range" and len(node.args) == 1:
        last = infer(node.args[0].value, at)
        return isinstance(last, Const) and last.value == 0
    value = infer(node, at)
    return isinstance(value, Sequence) and not value.items
