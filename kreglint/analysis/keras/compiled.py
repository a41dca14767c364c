"""Which optimizer a model is compiled with, where it decays all of the model's weights."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.method_calls import MethodCalls
from kreglint.analysis.keras.reader import View, called, first_given
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.training import Compiled

_WORDS = ("weight_decay", "AdamW")  # what an optimizer is asked for
_EXCLUDING = ("exclude_from_weight_decay", "exclude_layers")  # methods of optimizers, and what they are made with
_DECAYING = ("weight_decay", "_weight_decay", "use_weight_decay", "_use_weight_decay", "_set_hyper", *_EXCLUDING)


def compiled_models(view: View) -> Iterator[Compiled]:
    """Yield the models whose optimizer is made by a call that the file shows, and whose making is seen too."""
    if "compile" not in view.text or not any(word in view.text for word in _WORDS):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("compile"):
        optimizer = finder.optimizer(site) if called(site.node) == "compile" else None
        if optimizer is not None:
            made_in = finder.model(site)
            far = finder.layers_elsewhere(site, made_in)
            here = finder.models.may_regularize(made_in) and finder.is_of_keras(site, view.escape)
            if (far or here) and finder.decays_all(optimizer, site):
                yield Compiled(optimizer=finder.span(optimizer), made_in=made_in, made_elsewhere=far)


class _Finder(MethodCalls):
    def optimizer(self, site: CallSite) -> nodes.Call | None:
        """Return the call that makes the optimizer of a `compile`, there or where its name is set."""
        node = first_given(site.node, "optimizer")
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, site.scope, site.time)
            node = bound.value if isinstance(bound, ExpressionBinding) and bound.whole else None
        return node if isinstance(node, nodes.Call) else None

    def decays_all(self, optimizer: nodes.Call, site: CallSite) -> bool:
        """True if nothing may take weights out of what an optimizer decays, or have it decay otherwise."""
        if any(arg.keyword is not None and arg.keyword.value in _EXCLUDING for arg in optimizer.args):
            return False
        return any(_decays_all(escape, optimizer, site) for escape in self.view.graphs(across_only=False))


def _decays_all(escape: Escape, optimizer: nodes.Call, site: CallSite) -> bool:
    holders = escape.holders((optimizer, site.scope))
    effects = Effects(escape, holders)
    excluded = any(True for _ in effects.reads(_EXCLUDING)) or effects.sets(_DECAYING)
    return not (excluded or holders.escapes())
