"""Lists, tuples, sets and dicts."""

from __future__ import annotations

import libcst as cst

from kreglint.analysis.evaluation.core import Evaluation
from kreglint.analysis.scopes import Scope
from kreglint.facts.values import Const, Mapping, Sequence, Value


class DisplayEvaluation(Evaluation):
    """Works out displays."""

    def display(self, node: cst.Tuple | cst.List | cst.Set, scope: Scope, time: int) -> Value:
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return self.unknown(self.span(node), "unpacks something else")
        items = tuple(self.value(element.value, scope, time) for element in node.elements)
        return Sequence(span=self.span(node), kind=type(node).__name__.lower(), items=items)

    def dict_display(self, node: cst.Dict, scope: Scope, time: int) -> Value:
        entries: list[tuple[object, Value]] = []
        complete = True
        for element in node.elements:
            key = self.value(element.key, scope, time) if isinstance(element, cst.DictElement) else None
            if isinstance(key, Const):
                entries.append((key.value, self.value(element.value, scope, time)))
            else:
                complete = False
        return Mapping(span=self.span(node), entries=tuple(entries), complete=complete)
