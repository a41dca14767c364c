"""The weights that layers of the file's own make, by `self.add_weight(…, regularizer=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kreglint.analysis.keras.owners import has_as_keras
from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import Module
from kreglint.facts.custom import ForeignKeyword
from kreglint.facts.file import LayerCall, Reach
from kreglint.facts.values import Argument
from kreglint.likeness import closest

REGULARIZER = "regularizer"
AS_A_KERNEL = (Reach(REGULARIZER, "kernel_regularizer", ("Dense",)),)
_FACTORS = frozenset(("weight_decay", "l1", "l2", "l1_l2", "l2_reg", "regularization"))
_CLOSE = 0.84  # how like `regularizer` a name is that is meant for it

ArgumentsOf = Callable[[CallSite], tuple[Argument, ...]]
IsSpared = Callable[[CallSite], bool]


def own_weights(view: View, arguments_of: ArgumentsOf, is_spared: IsSpared) -> Iterator[LayerCall]:
    """Yield the calls of `self.add_weight` that are given a regularizer, in layers that derive from Keras'."""
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


def foreign_keywords(view: View) -> Iterator[ForeignKeyword]:
    """The keywords for a regularizer that `self.add_weight` does not have, in the same layers."""
    for site in view.program.found.calls_of("add_weight") if "add_weight" in view.text else ():
        named = [arg.keyword for arg in site.node.args if arg.keyword is not None]
        foreign = [each for each in named if _is_foreign(each.value)]
        free = all(each.value != REGULARIZER for each in named) and len(foreign) == 1
        if foreign and not site.provoked and _is_in_layer(site, view.module):
            for each in foreign:
                renamed = free and _is_like(each.value)
                yield ForeignKeyword(each.span, each.value, REGULARIZER if renamed else "")


def _is_foreign(name: str) -> bool:
    return name != REGULARIZER and (_is_like(name) or name in _FACTORS)


def _is_like(name: str) -> bool:
    """True if a keyword is meant for a regularizer, as `kernel_regularizer` or `regulariser`."""
    return name.endswith("_regularizer") or closest(name, (REGULARIZER,), _CLOSE) is not None


def is_own_weight(site: CallSite, module: Module) -> bool:
    """True if a call is `self.add_weight(…, regularizer=…)` in a layer that derives from Keras'."""
    named = any(arg.keyword is not None and arg.keyword.value == REGULARIZER for arg in site.node.args)
    return named and _is_in_layer(site, module)


def _is_in_layer(site: CallSite, module: Module) -> bool:
    """True if it is `add_weight` of a layer or model of Keras that is called, on `self`."""
    func = site.node.func
    if not isinstance(func, nodes.Attribute) or not isinstance(func.value, nodes.Name):
        return False
    own = receiver_class(func.value.value, site.scope) if func.attr.value == "add_weight" else None
    return own is not None and has_as_keras(module.own_class(module.found.objects.classes[own].node), "add_weight")
