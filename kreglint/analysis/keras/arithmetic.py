"""Operators on regularizers, as in `l1(0.1) + l2(0.1)`, and numbers that are called as if they were one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kreglint.analysis.keras.far_settings import imported_programs
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.custom import Arithmetic, CalledNumber

_PREFIX = "keras.regularizers."
_FACTOR = {"L1": "l1", "l1": "l1", "L2": "l2", "l2": "l2"}
_CLASSES = frozenset(_PREFIX + name for name in (*_FACTOR, "L1L2", "l1_l2", "OrthogonalRegularizer"))
_LOOK_ALIKE = {"11": "l1", "12": "l2"}
_FORMATS = (nodes.Modulo,)  # "%s" % l2(0.1) is a string


def arithmetic(view: View) -> Iterator[Arithmetic]:
    """Yield the operations of which one side is made by a regularizer of Keras, and the other by one or a number."""
    found = tuple(_Finder(view).operations()) if "egularizer" in view.text else ()
    if found and not any(map(_sets_operators, chain((view.program,), imported_programs(view)))):
        yield from found


def _sets_operators(program: Program) -> bool:
    """True if a program may give Keras' classes operators."""
    return any(name.startswith("__") for name in program.found.objects.set_from_outside)


def called_numbers(view: View) -> Iterator[CalledNumber]:
    """Yield the numbers that are called and look like a regularizer, as the digit in `12(0.1)` like the letter."""
    reader = Reader(view)
    for site in view.program.found.calls if "egularizer" in view.text else ():
        func = site.node.func
        meant = _LOOK_ALIKE.get(reader.text(func)) if isinstance(func, nodes.Integer) else None
        if meant is not None and not site.provoked:
            yield CalledNumber(span=reader.span(func), meant=meant)


class _Finder(Reader):
    def operations(self) -> Iterator[Arithmetic]:
        made = {site.node: site for site in self.found.calls if not site.provoked and self._kind(site)}
        for statement in {id(site.statement): site.statement for site in made.values()}.values():
            for node in descendants(statement):
                if isinstance(node, nodes.BinaryOperation) and not isinstance(node.operator, _FORMATS):
                    yield from self._operation(node, made)

    def _operation(self, node: nodes.BinaryOperation, made: dict[nodes.Call, CallSite]) -> Iterator[Arithmetic]:
        sides = [made.get(side) if isinstance(side, nodes.Call) else None for side in (node.left, node.right)]
        others = [side for side, site in zip((node.left, node.right), sides, strict=True) if site is None]
        if any(sides) and all(isinstance(other, (nodes.Integer, nodes.Float)) for other in others):
            adds = isinstance(node.operator, nodes.Add) and not others
            factors = dict(self._factor(site) for site in sides if site is not None) if adds else {}
            both = {name: text for name, text in factors.items() if text}
            yield Arithmetic(span=self.span(node), l1=both.get("l1", ""), l2=both.get("l2", ""), by_number=bool(others))

    def _factor(self, site: CallSite) -> tuple[str, str]:
        """Return the name of its only factor and what it is, as written; no text where that is not plain."""
        name, args = _FACTOR.get(self._kind(site).removeprefix(_PREFIX), ""), site.node.args
        plain = len(args) == 1 and not args[0].star and (args[0].keyword is None or args[0].keyword.value == name)
        return name, self.text(args[0].value) if plain else ""

    def _kind(self, site: CallSite) -> str:
        name = self.canonical(site.node.func, site.scope, site.time) or ""
        return name if name in _CLASSES else ""
