"""Regularizers that are given to a model instead of its layers."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.reader import MODELS, SEQUENTIAL, Reader, is_weight_regularizer
from kreglint.analysis.scopes import ExpressionBinding, Scope, lookup
from kreglint.analysis.sites import CallSite
from kreglint.facts.late import Misplaced

_REGULARIZERS = "keras.regularizers."

_MODELS = MODELS | SEQUENTIAL


def misplaced(program: Program, paths: Paths) -> Iterator[Misplaced]:
    """What a program sets on a model, adds to it or lists among its layers."""
    if "egularizer" in program.text:
        finder = _Finder(program, paths)
        yield from finder.attributes()
        for site in program.found.calls:
            if not site.provoked:
                yield from finder.listed(site)
                yield from finder.added(site)


class _Finder(Reader):
    def attributes(self) -> Iterator[Misplaced]:
        for site in self.program.found.attributes:
            name = site.node.attr.value
            if (
                site.assigned
                and is_weight_regularizer(name)
                and self._is_made_by(_MODELS, site.node.value, site.scope, site.time)
            ):
                yield Misplaced(span=self.span(site.node.attr), name=name)

    def added(self, site: CallSite) -> Iterator[Misplaced]:
        func, args = site.node.func, site.node.args
        if not isinstance(func, cst.Attribute) or func.attr.value != "add" or len(args) != 1:
            return
        to_model = self._is_made_by(SEQUENTIAL, func.value, site.scope, site.time)
        if to_model and self._is_regularizer(args[0].value, site):
            yield Misplaced(span=self.span(args[0].value))

    def listed(self, site: CallSite) -> Iterator[Misplaced]:
        given = site.node.args[0].value if site.node.args else None
        if isinstance(given, cst.List) and self.canonical(site.node.func, site.scope, site.time) in SEQUENTIAL:
            for element in given.elements:
                if self._is_regularizer(element.value, site):
                    yield Misplaced(span=self.span(element.value))

    def _is_regularizer(self, node: cst.BaseExpression, site: CallSite) -> bool:
        if not isinstance(node, cst.Call):
            return False
        return (self.canonical(node.func, site.scope, site.time) or "").startswith(_REGULARIZERS)

    def _is_made_by(self, classes: frozenset[str], node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        bound = lookup(node.value, scope, time) if isinstance(node, cst.Name) else None
        if not isinstance(bound, ExpressionBinding) or not bound.whole or not isinstance(bound.value, cst.Call):
            return False
        return self.canonical(bound.value.func, bound.scope, bound.time) in classes
