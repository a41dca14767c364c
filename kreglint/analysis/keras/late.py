"""Regularizers that are set on layers which are built, or changed while a model trains.

What is built again afterwards reads them. So nothing is said where the file clones or loads models, where the model
tells its configuration afterwards, or where code that is not seen may get it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.escape.cells import attribute_cell, instance_cell, own_cell
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.built import BuiltModels
from kreglint.analysis.keras.frozen import frozen_parts
from kreglint.analysis.keras.reader import Reader, View, called, is_weight_regularizer
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import ExpressionBinding, LoopBinding, Scope, lookup
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.late import LateAssignment, LateFacts, TracedChange
from kreglint.records import replace

_READ_AGAIN = re.compile(
    r"clone|from_config|from_json|from_yaml|load_model|add_loss|save_model|add_metric|add_weight|set_weights_by_config"
)
_TOLD_BY = frozenset(("get_config", "to_json", "to_yaml", "save", "export", "build", "build_from_config"))
_TRACED_AGAIN = re.compile(r"run_eagerly|run_functions_eagerly|train_function")
_VARIABLES = ("kernel", "bias", "gamma", "beta", "embeddings", "depthwise_kernel", "pointwise_kernel")
_FACTORS = ("l1", "l2", "factor")


def late_facts(view: View) -> LateFacts:
    """The facts of one program on late changes."""
    if "egularizer" not in view.text:
        return LateFacts(frozen=tuple(frozen_parts(view)) if view.leads_elsewhere else ())
    finder = _Finder(view)
    return LateFacts(
        frozen=tuple(frozen_parts(view)),
        assignments=tuple(finder.assignments()),
        traced=tuple(finder.traced()),
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
            if late and self._stays_built(owner, site):
                yield replace(self._assignment(site.node.attr, name, owner, site), of_variable=of_variable)
        for call in self.program.found.calls:
            given = self._set_by_name(call)
            if given is not None and self._stays_built(call.node.args[0].value, call):
                yield self._assignment(call.node.args[1].value, given, call.node.args[0].value, call)

    def _stays_built(self, layer: nodes.Expression, site: AttributeSite | CallSite) -> bool:
        """Whether it is a layer that is built, and that nothing may build anew."""
        self._models.forget()
        if not self._is_built_layer(layer, site.scope, site.time) or _builds_anew(self.view):
            return False
        graphs = self.view.graphs(across_only=self._models.is_elsewhere)
        return any(self._keeps(escape, layer, site) for escape in graphs)

    def _keeps(self, escape: Escape, layer: nodes.Expression, site: AttributeSite | CallSite) -> bool:
        """Whether nothing that is seen, and none that is not, may build a layer anew after a moment."""
        if any(_builds_anew(other) for other in self.view.others(escape)):
            return False
        holders = escape.holders((layer, site.scope))
        if holders.escapes() or holders.is_given_back():
            return False
        later = [(node, scope) for node, scope, time in _told(self.view) if time > site.time]
        for other in self.view.others(escape):
            later += [(node, scope) for node, scope, _ in _told(other) if scope not in self._models.builders]
        return not any(holders.of(node.value, scope) for node, scope in later)

    def _set_by_name(self, call: CallSite) -> str | None:
        """The name in `setattr(layer, "kernel_regularizer", …)`, also where it is one of a list."""
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
        """The statement that goes through an iterable; None for a comprehension."""
        loops = (node for node in descendants(self.program.module) if isinstance(node, nodes.For))
        return next((loop for loop in loops if loop.iter is iterable), None)

    def traced(self) -> Iterator[TracedChange]:
        for site in self.program.found.attributes:
            owner = site.node.value
            owned = owner.attr.value if isinstance(owner, nodes.Attribute) else ""
            factor = site.assigned and site.node.attr.value in _FACTORS
            made = self._callback(site) if factor and is_weight_regularizer(owned) else None
            if made is not None and not self._is_traced_again(made):
                yield TracedChange(span=self.span(site.node), compiled=self._compiled())

    def _is_traced_again(self, made: ClassSite) -> bool:
        """Whether a callback, or another who gets its model, may have the step traced anew."""
        compiles = any(called(site.node) == "compile" for site in self.found.calls_within(made.scope))
        if compiles or _may_trace_again(self.view):
            return True
        return not any(self._traces_once(escape, made) for escape in self.view.graphs(across_only=False))

    def _traces_once(self, escape: Escape, made: ClassSite) -> bool:
        """Whether neither code that is not seen nor that of several programs compiles the model of a callback anew."""
        cells = (attribute_cell("model"), own_cell(made.scope))
        holders = escape.holders_of(*cells, blocked=frozenset((instance_cell(made.scope),)))
        others = self.view.others(escape)
        if holders.escapes() or any(_may_trace_again(other) or _has_own_fit(other) for other in others):
            return False
        calls = [site for view in (self.view, *others) for site in view.program.found.calls_of("compile")]
        funcs = [(site.node.func, site.scope) for site in calls]
        return not any(isinstance(func, nodes.Attribute) and holders.of(func.value, scope) for func, scope in funcs)

    def _compiled(self) -> int | None:
        """The end of the last argument of the only `compile` of a model."""
        sites = self.found.calls_of("compile")
        of_models = [s.node for s in sites if s.node.args and not self.paths.of(s.node.func, s.scope, s.time)]
        return self.span(of_models[0].args[-1]).end if len(of_models) == 1 else None

    def _callback(self, site: AttributeSite) -> ClassSite | None:
        """The class of a callback in which something stands."""
        scope: Scope | None = site.scope
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        made = self.program.found.objects.classes.get(scope) if scope is not None else None
        bases = made.node.bases if made is not None else ()
        names = [self.canonical(base.value, made.outer, made.time) for base in bases] if made is not None else []
        return made if "keras.callbacks.Callback" in names else None

    def _is_built_layer(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """Whether it is one of the layers of a model that knows its shapes."""
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, scope, time)
            if isinstance(bound, LoopBinding):
                return self._is_layers(bound.iterable, scope, time)
            if not isinstance(bound, ExpressionBinding) or not bound.whole:
                return False
            if self._is_layer(bound) and self._models.is_called("build", node, bound, time):
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

    def _is_layer(self, bound: ExpressionBinding) -> bool:
        made = bound.value.func if isinstance(bound.value, nodes.Call) else None
        return made is not None and (self.canonical(made, bound.scope, bound.time) or "").startswith("keras.layers.")

    def _is_layers(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """`model.layers`, or a slice of it."""
        if isinstance(node, nodes.Subscript):
            node = node.value
        named = isinstance(node, nodes.Attribute) and node.attr.value == "layers"
        return named and isinstance(node, nodes.Attribute) and self._models.is_built(node.value, scope, time)


def _builds_anew(view: View) -> bool:
    """Whether a program names what makes layers of a configuration, or penalties beside them."""
    unbuilt = any(site.assigned and site.node.attr.value == "built" for site in view.program.found.attributes)
    return unbuilt or view.speaks_of(_READ_AGAIN)


def _may_trace_again(view: View) -> bool:
    """Whether a program names what has a step traced anew or not at all, or compiles with options that are not seen."""
    hidden = any(arg.star for site in view.program.found.calls_of("compile") for arg in site.node.args)
    return hidden or view.speaks_of(_TRACED_AGAIN)


def _has_own_fit(view: View) -> bool:
    """Whether a class of a program may train in a way of its own."""
    return any(site.member("fit") is not None for site in view.program.found.objects.by_node.values())


def _told(view: View) -> list[tuple[nodes.Attribute, Scope, int]]:
    """The methods that tell a configuration, or build, as a program calls them."""
    calls = ((site.node.func, site) for name in _TOLD_BY for site in view.program.found.calls_of(name))
    return [(func, site.scope, site.time) for func, site in calls if isinstance(func, nodes.Attribute)]


def _model_of(node: nodes.Expression) -> nodes.Expression | None:
    """`model` in `model.layers`, an item of it, or `model.get_layer(…)`."""
    while isinstance(node, (nodes.Subscript, nodes.Call)):
        node = node.func if isinstance(node, nodes.Call) else node.value
    return node.value if isinstance(node, nodes.Attribute) and node.attr.value in ("layers", "get_layer") else None


def _strings(node: nodes.Expression) -> list[object]:
    """The plain string that an expression is, or those that a list or tuple holds; None stands for anything else."""
    items = [each.value for each in node.elements] if isinstance(node, (nodes.List, nodes.Tuple)) else [node]
    return [string_of(item) for item in items]
