"""Penalties on weights that count half of Σw²: `tf.nn.l2_loss` where no factor makes up for the half."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis.keras.callees import Callees
from kreglint.analysis.keras.doubling import Doubling
from kreglint.analysis.keras.owners import Place
from kreglint.analysis.keras.penalty_functions import PenaltyFunctions
from kreglint.analysis.keras.reader import View
from kreglint.analysis.keras.sinks import Sinks
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.keras.terms import Terms
from kreglint.analysis.keras.weights import Weights, mapped_by
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import Module
from kreglint.diagnostics import Span
from kreglint.facts.contrib import is_halved
from kreglint.facts.halves import HALVES, HalfFacts, HalfPenalty

_WORDS = ("l2_loss", "l2_regularizer")
_TENSOR = "t"  # the parameter of tf.nn.l2_loss


class _Half(NamedTuple):
    """An expression that is half of Σw² of `of`, by a function that is named at `callee`.

    `each`: it is a collection of such, one for each of several tensors.
    """

    node: nodes.Call
    callee: nodes.Expression
    of: nodes.Expression
    site: CallSite
    each: bool = False


def half_facts(module: Module) -> HalfFacts:
    """Return the facts of one program."""
    if not any(word in module.text for word in _WORDS):
        return HalfFacts()
    finder = _Finder(module)
    return HalfFacts(penalties=tuple(finder.penalties()), doubled=frozenset(finder.doubled()))


class _Finder:
    def __init__(self, module: Module) -> None:
        self._module = module
        self._tree = Tree(module.program)
        self._doubling = Doubling(module)

    def penalties(self) -> Iterator[HalfPenalty]:
        halves = list(self._halves())
        if not halves:
            return
        functions = PenaltyFunctions(self._module).found()
        weights = Weights(self._module, self._tree, functions)
        callees = Callees(View(self._module), self._tree)
        terms = Terms(self._tree, {half.node for half in halves}, callees.own)
        sinks = Sinks(callees, self._tree, self._doubling, terms, functions)
        for half in halves:
            asked = weights.are_several if half.each else weights.is_one
            if asked(half.of, Place(half.site.scope, half.site.time)):
                fate = sinks.fate(half.node)
                if (fate.joined or fate.returned) and not fate.doubled:
                    alone = half.each or (len(half.node.args) == 1 and half.node.args[0].keyword is None)
                    yield HalfPenalty(span=self._module.span(half.callee), alone=alone)

    def _halves(self) -> Iterator[_Half]:
        for site in self._module.found.calls:
            call = site.node
            if site.provoked or not call.args:
                continue
            if self._is_half(call.func, site):
                of = _tensor(call)
                if of is not None:
                    yield _Half(call, call.func, of, site)
            elif self._is_half(call.args[0].value, site) and mapped_by(call.args[0].value, self._tree) is call:
                yield _Half(call, call.args[0].value, call.args[1].value, site, each=True)

    def _is_half(self, node: nodes.Expression, site: CallSite) -> bool:
        if not isinstance(node, (nodes.Name, nodes.Attribute)):
            return False
        paths = self._module.paths.of(node, site.scope, site.time)
        return bool(paths) and all(path in HALVES for path in paths)

    def doubled(self) -> Iterator[Span]:
        """Yield the calls that make a regularizer of contrib or slim with a factor that is a double of another."""
        for site in self._module.found.calls:
            paths = self._module.paths.of(site.node.func, site.scope, site.time)
            if paths and all(map(is_halved, paths)):
                scope = self._tree.scope(site.node)
                if any(self._doubling.doubles(arg.value, scope) for arg in site.node.args if not arg.star):
                    yield self._module.span(site.node)


def _tensor(call: nodes.Call) -> nodes.Expression | None:
    """Return what `tf.nn.l2_loss` is called on."""
    if call.args[0].keyword is None:
        return call.args[0].value if not call.args[0].star else None
    named = (arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == _TENSOR)
    return next(named, None)
