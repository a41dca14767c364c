"""The weights that layers of the file's own make, by `self.add_weight(…, regularizer=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kreglint.analysis.keras.reader import MODELS, View
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import Module
from kreglint.facts.file import LayerCall, Reach
from kreglint.facts.values import Argument

REGULARIZER = "regularizer"
AS_A_KERNEL = (Reach(REGULARIZER, "kernel_regularizer", ("Dense",)),)

ArgumentsOf = Callable[[CallSite], tuple[Argument, ...]]
IsSpared = Callable[[CallSite], bool]


def own_weights(view: View, arguments_of: ArgumentsOf, is_spared: IsSpared) -> Iterator[LayerCall]:
    """The calls of `self.add_weight` that are given a regularizer, in layers that derive from Keras'."""
    if "add_weight" not in view.text:
        return
    for site in view.program.found.calls_of("add_weight"):
        if is_own_weight(site, view.module):
            yield LayerCall(
                span=site.node.span,
                callee_span=site.node.func.span,
                dotted="self.add_weight",
                arguments=arguments_of(site),
                scope=site.scope.qualified_name,
                provoked=is_spared(site),
                reaches=AS_A_KERNEL,
                kind="weight",
            )


def is_own_weight(site: CallSite, module: Module) -> bool:
    """Whether a call is `self.add_weight(…, regularizer=…)` in a layer that derives from Keras'."""
    func = site.node.func
    named = any(arg.keyword is not None and arg.keyword.value == REGULARIZER for arg in site.node.args)
    if not named or not isinstance(func, nodes.Attribute) or not isinstance(func.value, nodes.Name):
        return False
    own = receiver_class(func.value.value, site.scope) if func.attr.value == "add_weight" else None
    return own is not None and _derives(module.found.objects.classes[own], module)


def _derives(site: ClassSite, module: Module) -> bool:
    """Whether its first base is a layer or model of Keras, and it has no `add_weight` of its own."""
    base = site.node.bases[0].value if site.node.bases else None
    names = {canonical(path) for path in module.paths.of(base, site.outer, site.time)} if base is not None else set()
    name = names.pop() if len(names) == 1 else None
    of_keras = name is not None and (name in MODELS or name == "keras.Layer" or name.startswith("keras.layers."))
    return of_keras and len(site.node.bases) == 1 and site.member("add_weight") is None
