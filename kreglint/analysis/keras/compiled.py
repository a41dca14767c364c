"""Which optimizer a model is compiled with, and which model is fitted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.semantic.scopes import ExpressionBinding, lookup
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.training import Compiled

_EXCLUDES = re.compile("exclude_from_weight_decay|exclude_layers")
_WORDS = ("weight_decay", "AdamW")  # what an optimizer is asked for


def compiled_models(view: View) -> Iterator[Compiled]:
    """The models whose optimizer is made by a call that the file shows, and whose making it shows too."""
    if "compile" not in view.text or not any(word in view.text for word in _WORDS):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("compile"):
        optimizer = finder.optimizer(site)
        made_in = finder.model(site)
        regularized = called(site.node) == "compile" and finder.models.may_regularize(made_in)
        if optimizer is not None and regularized and finder.decays_all(optimizer, site):
            yield Compiled(optimizer=finder.span(optimizer), made_in=made_in)


def fitted_models(view: View) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """Each call of `fit`, with the code that makes the layers of its model."""
    if "egularizer" not in view.text:
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("fit"):
        made_in = finder.model(site) if called(site.node) == "fit" else ()
        if finder.models.may_regularize(made_in) and finder.is_only_here(site):
            yield finder.span(site.node), made_in


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def optimizer(self, site: CallSite) -> nodes.Call | None:
        """The call that makes the optimizer of a `compile`, there or where its name is set."""
        first = site.node.args[0] if site.node.args else None
        positional = first if first is not None and first.keyword is None and not first.star else None
        named = (arg for arg in site.node.args if arg.keyword is not None and arg.keyword.value == "optimizer")
        given = next(named, positional)
        node = given.value if given is not None else None
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, site.scope, site.time)
            node = bound.value if isinstance(bound, ExpressionBinding) and bound.whole else None
        return node if isinstance(node, nodes.Call) else None

    def decays_all(self, optimizer: nodes.Call, site: CallSite) -> bool:
        """Whether nothing may take weights out of what an optimizer decays."""
        escapes = self.view.escape.holders((optimizer, site.scope)).escapes()
        return not escapes and not self.view.speaks_of(_EXCLUDES)

    def is_only_here(self, site: CallSite) -> bool:
        """Whether code that is not seen gets nothing of the model that is fitted."""
        func = site.node.func
        holders = self.view.escape.holders((func.value, site.scope)) if isinstance(func, nodes.Attribute) else None
        return holders is not None and not (holders.escapes() or holders.is_given_back())

    def model(self, site: CallSite) -> tuple[Span, ...]:
        func = site.node.func
        return self.models.made_in(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else ()
