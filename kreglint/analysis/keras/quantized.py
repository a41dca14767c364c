"""Which models and layers are quantized, and fitted afterwards: their kernels are then integers.

And the layers that a call of their own gives the factors of LoRA, in place of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.linked import function_of
from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.method_calls import MethodCalls
from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.infer import infer
from kreglint.diagnostics import Span
from kreglint.facts.training import Factored, Quantized
from kreglint.facts.values import Const

_QUANTIZE = "quantize"
_ENABLE = "enable_lora"
_TRAINS = ("fit", "train_on_batch")
_ADDS_WEIGHTS = frozenset((".enable_lora", "lora_rank"))  # which are trained in the place of the kernel


def quantized_models(view: View) -> Iterator[Quantized]:
    """Yield the calls that quantize a model of one program before it is fitted."""
    if _QUANTIZE not in view.text or "egularizer" not in view.text or not _ADDS_WEIGHTS.isdisjoint(view.names):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of(_QUANTIZE):
        found = None if is_spared(site, view.module) else finder.quantized(site)
        if found is not None:
            yield found


def factored_layers(view: View) -> Iterator[Factored]:
    """Yield the layers of one program that `enable_lora` is called of, with a rank that is known."""
    if _ENABLE not in view.text or "egularizer" not in view.text:
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of(_ENABLE):
        found = None if is_spared(site, view.module) else finder.factored(site)
        if found is not None:
            yield found


class _Finder(MethodCalls):
    def quantized(self, site: CallSite) -> Quantized | None:
        func, mode = site.node.func, self._mode(site)
        named = isinstance(func, nodes.Attribute) and func.attr.value == _QUANTIZE
        if not isinstance(func, nodes.Attribute) or not named or not mode:
            return None
        layer = self.layer(site)
        if layer is not None and any(self._trains_layer(each, site, layer) for each in self._trainings):
            return Quantized(span=self.span(func), mode=mode, made_in=(layer,))
        if layer is not None or not self.is_fitted_later(site, func.value):
            return None
        made_in = self.model(site)
        if not made_in or not self.is_of_keras(site, self.view.escape):
            return None
        return Quantized(span=self.span(func), mode=mode, made_in=made_in)

    def factored(self, site: CallSite) -> Factored | None:
        layer = self.layer(site)
        given = next((arg for arg in site.node.args if arg.keyword is None or arg.keyword.value == "rank"), None)
        if layer is None or given is None or given.star or not self.is_of_keras(site, self.view.escape):
            return None
        rank = infer(given.value, self.view.module.of(site))
        if not isinstance(rank, Const) or not isinstance(rank.value, int) or not rank.is_exact:
            return None
        return Factored(span=self.span(site.node), made_in=layer, rank=rank.value)

    def layer(self, site: CallSite) -> Span | None:
        """Return the call that makes the layer of Keras whose method is called."""
        func = site.node.func
        made = (
            self.models.makers.call_of(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else None
        )
        path = self.canonical(made[0].func, *made[1:]) if made is not None else None
        return self.span(made[0]) if made is not None and layer_class(path) is not None else None

    @cached_property
    def _trainings(self) -> list[CallSite]:
        return [each for name in _TRAINS for each in self.found.calls_of(name)]

    def _trains_layer(self, call: CallSite, site: CallSite, layer: Span) -> bool:
        """Whether a model that has a layer is trained after a call, wherever that is reached."""
        func = call.node.func
        named = isinstance(func, nodes.Attribute) and func.attr.value in _TRAINS
        return named and self._is_next(call, site) and layer in self.model(call)

    def _mode(self, site: CallSite) -> str:
        """Return the mode, where nothing else says what is quantized, and how."""
        args = site.node.args
        only = args[0] if len(args) == 1 and not args[0].star else None
        if only is None or (only.keyword is not None and only.keyword.value != "mode"):
            return ""
        value = infer(only.value, self.view.module.of(site))
        return value.value if isinstance(value, Const) and isinstance(value.value, str) and value.is_exact else ""

    def is_fitted_later(self, site: CallSite, model: nodes.Expression) -> bool:
        """Whether the very model is trained later wherever it is quantized, by the same name."""
        return any(self._trains(each, site, model) for each in self._trainings)

    def _trains(self, call: CallSite, site: CallSite, model: nodes.Expression) -> bool:
        func = call.node.func
        owner = func.value if isinstance(func, nodes.Attribute) and func.attr.value in _TRAINS else None
        if not isinstance(owner, nodes.Name) or not isinstance(model, nodes.Name) or owner.value != model.value:
            return False
        same = lookup(owner.value, call.scope, call.time) is lookup(model.value, site.scope, site.time)
        return same and self._is_next(call, site)

    def _is_next(self, call: CallSite, site: CallSite) -> bool:
        """True if one call is made after another has been, and not as that fails.

        It is in the same function, or in one that is defined there afterwards: two functions have no order.
        """
        around: Scope | None = call.scope
        while around is not None and around is not function_of(site.scope):
            around = around.parent
        handlers = (each for each in descendants(self.program.module) if isinstance(each, nodes.ExceptHandler))
        handled = any(site.node.start < each.start <= call.node.start < each.end for each in handlers)
        later = around is not None and call.node.start > site.node.start and call.time > site.time
        return later and not handled and set(site.guards) <= set(call.guards)
