"""Regularizers that are set on layers which are built.

What is built again afterwards reads them. So nothing is said where the model is cloned or tells its configuration
afterwards, where something reads what was set, or where code that is not seen may get it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.effects import Effects, Gift
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.escape.linked import function_of
from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.built import BuiltModels
from kreglint.analysis.keras.frozen import frozen_parts
from kreglint.analysis.keras.reader import Reader, View, builds_or_shows, called, is_weight_regularizer
from kreglint.analysis.keras.traced import traced_changes
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, LoopBinding, Scope
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.late import LateAssignment, LateFacts
from kreglint.records import replace

_TOLD_BY = (
    *("get_config", "to_json", "to_yaml", "save", "export", "build", "build_from_config", "from_config"),
    *("add_loss", "add_metric", "add_weight", "add_variable"),
)  # methods that read a regularizer again, or may be given what it gives
_WRITTEN_BY = (
    "keras.layers.serialize",
    "keras.saving.serialize_keras_object",
    "keras.utils.serialize_keras_object",
    "keras.layers.Bidirectional",  # makes its second layer of the first one's configuration
)
_SHOWING = frozenset(("print", "isinstance", "type", "repr", "str", "bool", "id"))
_VARIABLES = ("kernel", "bias", "gamma", "beta", "embeddings", "depthwise_kernel", "pointwise_kernel")


def late_facts(view: View) -> LateFacts:
    """Return the facts of one program on late changes."""
    if "egularizer" not in view.text:
        return LateFacts(frozen=tuple(frozen_parts(view)) if view.leads_elsewhere else ())
    finder = _Finder(view)
    return LateFacts(
        frozen=tuple(frozen_parts(view)),
        assignments=tuple(finder.assignments()),
        traced=tuple(traced_changes(view)),
    )


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = BuiltModels(view)

    def assignments(self) -> Iterator[LateAssignment]:
        for site in self.program.found.attributes:
            name, owner = site.node.attr.value, site.node.value
            of_variable = (
                name == "regularizer" and isinstance(owner, nodes.Attribute) and owner.attr.value in _VARIABLES
            )
            if isinstance(owner, nodes.Attribute) and of_variable:
                owner = owner.value
            late = site.assigned and (of_variable or is_weight_regularizer(name))
            if late and not self._is_restored(site) and self._stays_built(owner, name, site):
                yield replace(self._assignment(site.node.attr, name, owner, site), of_variable=of_variable)
        for call in self.program.found.calls:
            given = self._set_by_name(call)
            if given is not None and self._stays_built(call.node.args[0].value, given, call):
                yield self._assignment(call.node.args[1].value, given, call.node.args[0].value, call)

    def _stays_built(self, layer: nodes.Expression, name: str, site: AttributeSite | CallSite) -> bool:
        """True if it is a layer that is built, and that nothing may build anew, or ask for what is set."""
        self._models.forget()
        if not self._is_built_layer(layer, site.scope, site.time):
            return False
        graphs = self.view.graphs(across_only=self._models.is_elsewhere)
        return any(self._keeps(escape, layer, name, site) for escape in graphs)

    def _keeps(self, escape: Escape, layer: nodes.Expression, name: str, site: AttributeSite | CallSite) -> bool:
        """True if nothing that is seen, and none that is not, may build a layer anew after a moment."""
        holders = escape.holders((layer, site.scope))
        effects = Effects(escape, holders)
        if holders.escapes() or holders.is_given_back() or effects.sets(("built",), but=site.node):
            return False
        told = any(self._is_later(each.node, each.scope, site) for each in effects.reads(_TOLD_BY))
        given = (each for each in effects.gifts(HOLDS) if each.callee.path and not builds_or_shows(each.callee.path))
        if told or any(self._is_later(each.node, each.scope, site) for each in (*given, *self._written(effects))):
            return False
        shown = {arg.value for node, _ in escape.flows.calls if called(node) in _SHOWING for arg in node.args}
        read = (each for each in effects.reads((name,)) if each.node not in shown)
        return not any(self._is_later(each.node, each.scope, site, in_loops=False) for each in read)

    def _written(self, effects: Effects) -> Iterator[Gift]:
        """Yield the calls by which Keras writes down the configuration of the layer, or of what holds it."""
        return (each for each in effects.gifts(HOLDS) if canonical(each.callee.path or "") in _WRITTEN_BY)

    def _is_restored(self, site: AttributeSite) -> bool:
        """True if an attribute is set to what was read by its name before, and kept under a name of its own."""
        statement = site.statement
        if not isinstance(statement, nodes.Assign) or all(each.target is not site.node for each in statement.targets):
            return False
        kept = self._behind(statement.value, site)
        read = (each for each in (descendants(kept) if kept is not None else ()) if isinstance(each, nodes.Attribute))
        return any(each.attr.value == site.node.attr.value for each in read)

    def _behind(self, node: nodes.Expression, site: AttributeSite) -> nodes.Expression | None:
        """Return what a name, or what it is one of, was set to."""
        kept: nodes.Expression | None = None
        while isinstance(node, nodes.Name):
            bound = lookup(node.value, site.scope, site.time)
            if not isinstance(bound, (ExpressionBinding, LoopBinding)):
                return None
            kept = bound.value if isinstance(bound, ExpressionBinding) else bound.iterable
            if kept is node:
                return None
            node = kept
        return kept

    def _is_later(
        self, node: nodes.Node, scope: Scope, site: AttributeSite | CallSite, *, in_loops: bool = True
    ) -> bool:
        """True if code may run after a moment; what builds the model runs before."""
        if function_of(scope) is not function_of(site.scope):
            return function_of(scope) not in self._models.builders
        return node.start > site.node.start or (in_loops and self._is_in_one_loop(node, site.node))

    def _is_in_one_loop(self, *parts: nodes.Node) -> bool:
        return any(all(loop.start <= part.start < loop.end for part in parts) for loop in self._loops)

    @cached_property
    def _loops(self) -> list[nodes.Node]:
        return [each for each in descendants(self.program.module) if isinstance(each, (nodes.For, nodes.While))]

    def _set_by_name(self, call: CallSite) -> str | None:
        """Return the name in `setattr(layer, "kernel_regularizer", …)`, also where it is one of a list."""
        func, args = call.node.func, call.node.args
        if not isinstance(func, nodes.Name) or func.value != "setattr" or len(args) != 3:
            return None
        node = args[1].value
        bound = lookup(node.value, call.scope, call.time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, LoopBinding) and not bound.picks:
            node = bound.iterable
        names = [name for name in _strings(node) if isinstance(name, str) and is_weight_regularizer(name)]
        return names[0] if names and len(names) == len(_strings(node)) else None

    def _assignment(
        self, node: nodes.Node, name: str, layer: nodes.Expression, site: AttributeSite | CallSite
    ) -> LateAssignment:
        bound = lookup(layer.value, site.scope, site.time) if isinstance(layer, nodes.Name) else None
        looped = bound.iterable if isinstance(bound, LoopBinding) else None
        source, scope, time = layer, site.scope, site.time
        if isinstance(bound, ExpressionBinding):
            source, scope, time = bound.value, bound.scope, bound.time
        elif looped is not None:
            source = looped
        owner = _model_of(source)
        whole = self._loop_over(looped) if looped is not None else site.statement
        span = self.span(whole if whole is not None else site.statement)
        text = self.program.text
        return LateAssignment(
            span=self.span(node),
            name=name,
            model=owner.value if whole is not None and isinstance(owner, nodes.Name) else None,
            end=span.start + len(text[span.start : span.end].rstrip()),
            indent=re.split(r"[\r\n]", text[: span.start])[-1],
            built_at=self._models.place_elsewhere(owner, scope, time) if owner is not None else None,
        )

    def _loop_over(self, iterable: nodes.Expression) -> nodes.For | None:
        """Return the statement that goes through an iterable; None for a comprehension."""
        loops = (node for node in descendants(self.program.module) if isinstance(node, nodes.For))
        return next((loop for loop in loops if loop.iter is iterable), None)

    def _is_built_layer(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if it is one of the layers of a model that knows its shapes."""
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, scope, time)
            if isinstance(bound, LoopBinding):
                return self._is_layers(bound.iterable, scope, time)
            if not isinstance(bound, ExpressionBinding) or not bound.whole:
                return False
            if self._makes_layer(bound) and self._models.is_called("build", node, bound, time):
                return True
            node, scope, time = bound.value, bound.scope, bound.time
        if isinstance(node, nodes.Subscript):
            return self._is_layers(node.value, scope, time)
        if (
            isinstance(node, nodes.Call)
            and isinstance(node.func, nodes.Attribute)
            and node.func.attr.value == "get_layer"
        ):
            return self._models.is_built(node.func.value, scope, time)
        return False

    def _makes_layer(self, bound: ExpressionBinding) -> bool:
        return isinstance(bound.value, nodes.Call) and self.makes_layer(bound.value, bound.scope, bound.time)

    def _is_layers(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if it is `model.layers`, or a slice of it."""
        if isinstance(node, nodes.Subscript):
            node = node.value
        named = isinstance(node, nodes.Attribute) and node.attr.value == "layers"
        return named and isinstance(node, nodes.Attribute) and self._models.is_built(node.value, scope, time)


def _model_of(node: nodes.Expression) -> nodes.Expression | None:
    """Return `model` in `model.layers`, an item of it, or `model.get_layer(…)`."""
    while isinstance(node, (nodes.Subscript, nodes.Call)):
        node = node.func if isinstance(node, nodes.Call) else node.value
    return node.value if isinstance(node, nodes.Attribute) and node.attr.value in ("layers", "get_layer") else None


def _strings(node: nodes.Expression) -> list[object]:
    """Return the plain string that an expression is, or those that a list or tuple holds.

    None stands for anything else.
    """
    items = [each.value for each in node.elements] if isinstance(node, (nodes.List, nodes.Tuple)) else [node]
    return [string_of(item) for item in items]
