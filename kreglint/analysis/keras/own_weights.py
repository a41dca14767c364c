"""The weights that layers of the file's own make, by `self.add_weight(…, regularizer=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kreglint.analysis.keras.reader import MODELS, Reader, View
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.file import LayerCall, Reach
from kreglint.facts.values import Argument

_REGULARIZER = "regularizer"
_AS_A_KERNEL = (Reach(_REGULARIZER, "kernel_regularizer", ("Dense",)),)

ArgumentsOf = Callable[[CallSite], tuple[Argument, ...]]
IsSpared = Callable[[CallSite], bool]


def own_weights(view: View, arguments_of: ArgumentsOf, is_spared: IsSpared) -> Iterator[LayerCall]:
    """Yield the calls of `self.add_weight` that are given a regularizer, in layers that derive from Keras'."""
    if "add_weight" not in view.text:
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("add_weight"):
        if finder.is_of_layer(site):
            yield LayerCall(
                span=finder.span(site.node),
                callee_span=finder.span(site.node.func),
                dotted="self.add_weight",
                arguments=arguments_of(site),
                scope=site.scope.qualified_name,
                provoked=is_spared(site),
                reaches=_AS_A_KERNEL,
                kind="weight",
            )


class _Finder(Reader):
    def is_of_layer(self, site: CallSite) -> bool:
        func = site.node.func
        named = any(arg.keyword is not None and arg.keyword.value == _REGULARIZER for arg in site.node.args)
        if not named or not isinstance(func, nodes.Attribute) or not isinstance(func.value, nodes.Name):
            return False
        own = receiver_class(func.value.value, site.scope)
        return own is not None and self._derives(self.found.objects.classes[own])

    def _derives(self, site: ClassSite) -> bool:
        """True if its first base is a layer or model of Keras, and it has no `add_weight` of its own."""
        base = site.node.bases[0].value if site.node.bases else None
        name = self.canonical(base, site.outer, site.time) if base is not None else None
        of_keras = name is not None and (name in MODELS or name == "keras.Layer" or name.startswith("keras.layers."))
        return of_keras and len(site.node.bases) == 1 and site.member("add_weight") is None
