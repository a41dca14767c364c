"""Which layer gets the output of which, where the text shows it: in a list, by `add`, or from call to call.

Each block of statements is read by itself, in order; what a branch or loop may have changed is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

_NO_BLOCKS = (nodes.Expression, nodes.SimpleStatementLine, nodes.Parameters)
_COMPOUND = (nodes.If, nodes.For, nodes.While, nodes.Try, nodes.Match)


def previous_layers(program: Program) -> Iterator[tuple[int, int]]:
    """Return pairs of calls by the offsets at which they start: a layer's, and that of the layer before it."""
    for body in _blocks(program.module):
        yield from _Block().pairs(body)
    for site in program.found.calls:
        if _is_sequential(site.node):
            yield from _Block().listed(site.node)


def _blocks(module: nodes.Module) -> Iterator[Iterable[nodes.Node]]:
    """Yield the statements of each block; expressions are not looked into."""
    stack: list[nodes.Node] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, (nodes.Module, nodes.Suite)):
            yield node.body
        stack += [each for each in children(node) if not isinstance(each, _NO_BLOCKS)]


class _Block:
    def __init__(self) -> None:
        self._last: dict[str, nodes.Call] = {}  # by the name of a tensor or Sequential

    def pairs(self, statements: Iterable[nodes.Node]) -> Iterator[tuple[int, int]]:
        for statement in statements:
            if isinstance(statement, _COMPOUND):
                self._last.clear()
            elif isinstance(statement, nodes.SimpleStatementLine):
                for part in statement.body:
                    yield from self._statement(part)
            elif isinstance(statement, nodes.SmallStatement):
                yield from self._statement(statement)

    def listed(self, sequential: nodes.Call) -> Iterator[tuple[int, int]]:
        """Yield the neighbours in `Sequential([…])`."""
        before: nodes.Call | None = None
        for layer in _layers_of(sequential):
            if before is not None and layer is not None:
                yield self._pair(layer, before)
            before = layer

    def _statement(self, node: nodes.Node) -> Iterator[tuple[int, int]]:
        if isinstance(node, nodes.Assign) and len(node.targets) == 1 and isinstance(node.targets[0].target, nodes.Name):
            yield from self._assigned(node.targets[0].target.value, node.value)
        elif isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Call):
            yield from self._added(node.value)
        elif isinstance(node, nodes.Assign):
            self._last.clear()

    def _assigned(self, name: str, value: nodes.Expression) -> Iterator[tuple[int, int]]:
        calls: list[nodes.Call] = []
        while isinstance(value, nodes.Call) and isinstance(value.func, nodes.Call) and len(value.args) == 1:
            calls.append(value.func)
            value = value.args[0].value
        last = self._last.get(value.value) if isinstance(value, nodes.Name) and calls else None
        for call in reversed(calls):
            if last is not None:
                yield self._pair(call, last)
            last = call
        self._last.pop(name, None)
        if isinstance(value, nodes.Call) and not calls:
            listed = list(_layers_of(value)) if _is_sequential(value) else [value]
            last = listed[-1] if listed else None
        if last is not None:
            self._last[name] = last

    def _added(self, node: nodes.Call) -> Iterator[tuple[int, int]]:
        """`model.add(layer)`."""
        func = node.func
        if not isinstance(func, nodes.Attribute) or func.attr.value != "add" or not isinstance(func.value, nodes.Name):
            return
        name = func.value.value
        layer = node.args[0].value if len(node.args) == 1 else None
        last = self._last.pop(name, None)
        if isinstance(layer, nodes.Call):
            if last is not None:
                yield self._pair(layer, last)
            self._last[name] = layer

    def _pair(self, layer: nodes.Call, before: nodes.Call) -> tuple[int, int]:
        return layer.start, before.start


def _is_sequential(node: nodes.Call) -> bool:
    return (dotted(node.func) or "").rpartition(".")[2] == "Sequential"


def _layers_of(sequential: nodes.Call) -> Iterator[nodes.Call | None]:
    """Yield the calls in the list that a Sequential is given; None for what is no call."""
    given = sequential.args[0].value if sequential.args else None
    for element in given.elements if isinstance(given, nodes.List) else ():
        yield element.value if isinstance(element, nodes.Element) and isinstance(element.value, nodes.Call) else None
