"""Which layer gets the output of which, where the text shows it: in a list, by `add`, or from call to call.

Each block of statements is read by itself, in order; what a branch or loop may have changed is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from kreglint.analysis.program import Program
from kreglint.analysis.sites import dotted
from kreglint.analysis.walk import children

_NO_BLOCKS = (cst.BaseExpression, cst.SimpleStatementLine, cst.Parameters)
_COMPOUND = (cst.If, cst.For, cst.While, cst.Try, cst.TryStar, cst.Match)


def previous_layers(program: Program) -> Iterator[tuple[int, int]]:
    """Pairs of calls by the offsets at which they start: a layer's, and that of the layer before it."""
    for body in _blocks(program.module):
        yield from _Block(program).pairs(body)
    for site in program.found.calls:
        if _is_sequential(site.node):
            yield from _Block(program).listed(site.node)


def _blocks(module: cst.Module) -> Iterator[Iterable[cst.CSTNode]]:
    """The statements of each block; expressions are not looked into."""
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Module, cst.IndentedBlock)):
            yield node.body
        stack += [each for each in children(node) if not isinstance(each, _NO_BLOCKS)]


class _Block:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._last: dict[str, cst.Call] = {}  # by the name of a tensor or Sequential

    def pairs(self, statements: Iterable[cst.CSTNode]) -> Iterator[tuple[int, int]]:
        for statement in statements:
            if isinstance(statement, _COMPOUND):
                self._last.clear()
            elif isinstance(statement, cst.SimpleStatementLine):
                for part in statement.body:
                    yield from self._statement(part)

    def listed(self, sequential: cst.Call) -> Iterator[tuple[int, int]]:
        """The neighbours in `Sequential([…])`."""
        before: cst.Call | None = None
        for layer in _layers_of(sequential):
            if before is not None and layer is not None:
                yield self._pair(layer, before)
            before = layer

    def _statement(self, node: cst.CSTNode) -> Iterator[tuple[int, int]]:
        if isinstance(node, cst.Assign) and len(node.targets) == 1 and isinstance(node.targets[0].target, cst.Name):
            yield from self._assigned(node.targets[0].target.value, node.value)
        elif isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
            yield from self._added(node.value)
        elif isinstance(node, cst.Assign):
            self._last.clear()

    def _assigned(self, name: str, value: cst.BaseExpression) -> Iterator[tuple[int, int]]:
        calls: list[cst.Call] = []
        while isinstance(value, cst.Call) and isinstance(value.func, cst.Call) and len(value.args) == 1:
            calls.append(value.func)
            value = value.args[0].value
        last = self._last.get(value.value) if isinstance(value, cst.Name) and calls else None
        for call in reversed(calls):
            if last is not None:
                yield self._pair(call, last)
            last = call
        self._last.pop(name, None)
        if isinstance(value, cst.Call) and not calls:
            listed = list(_layers_of(value)) if _is_sequential(value) else [value]
            last = listed[-1] if listed else None
        if last is not None:
            self._last[name] = last

    def _added(self, node: cst.Call) -> Iterator[tuple[int, int]]:
        """`model.add(layer)`."""
        func = node.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "add" or not isinstance(func.value, cst.Name):
            return
        name = func.value.value
        layer = node.args[0].value if len(node.args) == 1 else None
        last = self._last.pop(name, None)
        if isinstance(layer, cst.Call):
            if last is not None:
                yield self._pair(layer, last)
            self._last[name] = layer

    def _pair(self, layer: cst.Call, before: cst.Call) -> tuple[int, int]:
        positions = self._program.positions
        return positions.span(layer).start, positions.span(before).start


def _is_sequential(node: cst.Call) -> bool:
    return (dotted(node.func) or "").rpartition(".")[2] == "Sequential"


def _layers_of(sequential: cst.Call) -> Iterator[cst.Call | None]:
    """The calls in the list that a Sequential is given; None for what is no call."""
    given = sequential.args[0].value if sequential.args else None
    for element in given.elements if isinstance(given, cst.List) else ():
        yield element.value if isinstance(element, cst.Element) and isinstance(element.value, cst.Call) else None
