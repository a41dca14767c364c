"""Where a model of the file gets its layers: the code that makes it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from kreglint.analysis import bounds
from kreglint.analysis.keras.built import BuiltModels
from kreglint.analysis.keras.handed import Handed
from kreglint.analysis.keras.kept import KeptLayers
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.lineage import Kin, lineage
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reached import outputs_of
from kreglint.analysis.keras.reaching import Reaching
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    ExpressionBinding,
    ParameterBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.infer import infer
from kreglint.diagnostics import Span
from kreglint.facts.values import Symbol, Unknown

_MODELS = MODELS | SEQUENTIAL
_MOST_BY_PLACE = 1  # no layer has a regularizer as its first parameter


class Models(Reader):
    """The models of one file."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.makers = Makers(view)
        self.kept = KeptLayers(view)
        self.reaching = Reaching(view)
        self.handed = Handed(view)

    def made_in(self, node: nodes.Expression, scope: Scope, time: int, *, frozen_too: bool = False) -> tuple[Span, ...]:
        """The code that makes the model which an expression is, helpers included; empty where it is not certain.

        Layers of Keras that it makes and does not use are left out, and those that are frozen.
        """
        found = dict.fromkeys(self.code(node, scope, time))
        waiting = list(found)
        while waiting:
            new = [helper for helper in self._helpers(waiting.pop(0)) if helper not in found]
            found |= dict.fromkeys(new)
            waiting += new
        pieces, layers = list(found), self._regularizing(found)
        without = self._unused(layers, node, scope, time)
        without |= {each for each in layers - without if not self.kept.runs(each)}
        if not frozen_too and layers - without:
            without |= layers & self.kept.frozen
        if layers - without and self.kept.unset:
            first = min(time, self.kept.unset_at)
            without |= layers & self.kept.unset if not BuiltModels(self.view).is_built(node, scope, first) else set()
        return tuple(self._left(pieces, without))

    def _left(self, pieces: list[Span], without: set[nodes.Call]) -> Iterator[Span]:
        """What is left of pieces of code without some calls in it."""
        spans = sorted(map(self.span, without))
        starts = [span.start for span in spans]
        for piece in pieces:
            start = piece.start
            for span in spans[bisect_left(starts, piece.start) :]:
                if span.start >= piece.end:
                    break
                yield Span(start, max(start, span.start))
                start = max(start, span.end)
            yield Span(start, piece.end)

    def may_regularize(self, pieces: Iterable[Span]) -> bool:
        """True if some call in pieces of code may make a regularized layer."""
        return bool(self._regularizing(pieces))

    def call_other_files(self, pieces: Iterable[Span]) -> bool:
        """Whether some call, or the base of a class, in pieces of code leads to another file of the project."""
        spans = list(pieces)
        inner = (s for s in self.found.calls if any(p.start <= s.node.start < p.end for p in spans))
        classes = (
            s for s in self.found.objects.by_node.values() if any(p.start <= s.node.start < p.end for p in spans)
        )
        named = [(site.node.func, site.scope, site.time) for site in inner]
        named += [(base.value, site.outer, site.time) for site in classes for base in site.node.bases]
        return any(self.view.imported(*each) is not None for each in named)

    def may_be_elsewhere(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if an expression may be a model that another file makes: it is imported, or what no call of Keras is."""
        call = self.makers.call_of(node, scope, time)
        if call is None:
            return self.view.imported(node, scope, time) is not None
        return self.view.leads_elsewhere and self.canonical(call[0].func, *call[1:]) is None

    def _regularizing(self, pieces: Iterable[Span]) -> set[nodes.Call]:
        starts, layers = self._layers
        return {
            each
            for piece in pieces
            for each in layers[bisect_left(starts, piece.start) : bisect_left(starts, piece.end)]
        }

    def _unused(self, calls: set[nodes.Call], node: nodes.Expression, scope: Scope, time: int) -> set[nodes.Call]:
        """Return those of several calls that make a layer which the model that an expression is may not have."""
        layers = {call for call in calls if self.view.escape.is_layer(call)}
        unknown = {call for call in calls - layers if not self._is_known(call)}
        return unknown | (layers - self.reaching.calls(node, self.view.module.at(scope, time)) if layers else layers)

    def _is_known(self, call: nodes.Call) -> bool:
        """Whether it is known what a call runs: names that may stand for this or that are of libraries."""
        ways = infer(call.func, self.view.module.of(self.view.sites[call])).ways
        return (len(ways) == 1 and not isinstance(ways[0], Unknown)) or all(isinstance(way, Symbol) for way in ways)

    @cached_property
    def _layers(self) -> tuple[list[int], list[nodes.Call]]:
        """Where the calls start that may make a regularized layer, in order, and these calls; of others nobody asks."""
        found = [site.node for site in self.found.calls if _may_regularize(site.node)]
        found.sort(key=lambda node: self.span(node).start)
        return [self.span(node).start for node in found], found

    def _helpers(self, span: Span) -> Iterator[Span]:
        """Yield the functions and classes of the file that some code calls, but for those that make another model."""
        starts, called = self._called
        for made in dict.fromkeys(called[bisect_left(starts, span.start) : bisect_left(starts, span.end)]):
            if not self.makes_model(made):
                yield self.span(made)

    @cached_property
    def _called(self) -> tuple[list[int], list[nodes.FunctionDef | nodes.ClassDef]]:
        """Where calls of the file's own functions and classes start, in order, and what they call."""
        found = ((call, self.definition(call.node.func, call.scope, call.time)) for call in self.found.calls)
        called = [
            (self.span(call.node).start, made) for call, made in found if made is not None and self.kept.runs(call.node)
        ]
        called.sort(key=itemgetter(0))
        return [start for start, _ in called], [made for _, made in called]

    def makes_model(self, node: nodes.FunctionDef | nodes.ClassDef) -> bool:
        """True if a function or class of the file makes a model of its own."""
        calls = (each for each in descendants(node) if isinstance(each, nodes.Call))
        return any(self._by_node[each] in _MODELS for each in calls if each in self._by_node)

    @cached_property
    def _by_node(self) -> dict[nodes.Call, str | None]:
        return {c.node: self.canonical(c.node.func, c.scope, c.time) for c in self.found.calls}

    def code(self, node: nodes.Expression, scope: Scope, time: int, depth: int = 0) -> tuple[Span, ...]:
        """Return the code that makes a model, without the helpers that this calls."""
        if depth > bounds.MODEL_STEPS:
            return ()
        if isinstance(node, nodes.Call):
            return self._made_by(node, scope, time, depth)
        if isinstance(node, nodes.Name):
            own = receiver_class(node.value, scope)
            if own is not None:
                return self._of_class(self.found.objects.classes[own], depth=depth)
        return self._of_binding(self.makers.binding(node, scope, time), scope, depth)

    def is_model(self, call: nodes.Call, scope: Scope, time: int) -> bool:
        """True if a call makes one of Keras' own models."""
        return self.canonical(call.func, scope, time) in _MODELS

    def kin(self, site: ClassSite) -> tuple[Kin, ...]:
        """The classes that make up one which derives from `keras.Model`, and else only from classes of the project."""
        return lineage(self.view, site, _MODELS)

    def class_of(self, node: nodes.Expression, scope: Scope, time: int) -> ClassSite | None:
        """Return the class of the file of which an expression is certainly an instance."""
        if isinstance(node, nodes.Name):
            own = receiver_class(node.value, scope)
            if own is not None:
                return self.found.objects.classes[own]
            bound = lookup(node.value, scope, time)
            if isinstance(bound, ExpressionBinding) and bound.whole and isinstance(bound.value, nodes.Call):
                made = self.definition(bound.value.func, bound.scope, bound.time)
                return self.found.objects.by_node.get(made) if isinstance(made, nodes.ClassDef) else None
        return None

    def _of_binding(self, bound: Binding | None, scope: Scope, depth: int) -> tuple[Span, ...]:
        value = self.makers.value_of(bound)
        if value is not None:
            return self.code(*value, depth + 1)
        if isinstance(bound, ParameterBinding):
            given = self.makers.passed(bound, scope)
            made = [self.code(*each, depth + 1) if each is not None else () for each in given]
            return tuple(dict.fromkeys(span for spans in made for span in spans)) if all(made) else ()
        return ()

    def _made_by(self, node: nodes.Call, scope: Scope, time: int, depth: int) -> tuple[Span, ...]:
        if self.is_model(node, scope, time):
            listed = self.canonical(node.func, scope, time) in SEQUENTIAL and _lists_layers(node)
            named = self._named_layers(node, scope, time) if listed else ()
            return (self.span(node), *named) if listed else self._of_outputs(self.view.sites[node])
        if layer_class(self.canonical(node.func, scope, time)) is not None:
            return (self.span(node),)
        made = self.definition(node.func, scope, time) or self.makers.function(node.func, scope, time)
        if isinstance(made, nodes.ClassDef):
            return self._of_class(self.found.objects.by_node[made], node, depth)
        if isinstance(made, nodes.FunctionDef):
            return self._only_model_of(self.found.functions[made].scope)
        return ()

    def _named_layers(self, node: nodes.Call, scope: Scope, time: int) -> Iterator[Span]:
        """Yield the calls that make the layers which a list has by their names."""
        listed = node.args[0].value
        for each in listed.elements if isinstance(listed, nodes.List) else ():
            made = self.makers.call_of(each.value, scope, time) if isinstance(each.value, nodes.Name) else None
            if made is not None and layer_class(self.canonical(made[0].func, *made[1:])) is not None:
                yield self.span(made[0])

    def _of_class(self, site: ClassSite, call: nodes.Call | None = None, depth: int = 0) -> tuple[Span, ...]:
        """Return the code of a class of models, with that of what its calls hand to it: all of them, or this one."""
        kin = self.kin(site)
        calls = self.makers.calls_of_class(site.node) if kin else []
        calls = [each for each in calls if call is None or each.node is call]
        handed = [self._outputs(each, kin) for each in calls] if kin else []
        found = [self.span(each.site.node) for each in kin if each.view is self.view]
        found += [span for spans in handed for span in spans] if all(handed) else []
        for parameter in self.handed.parameters(kin):
            given = [self.makers.given(each, parameter) for each in calls]
            made = [self.code(*each, depth + 1) if each is not None else () for each in given]
            found += [span for spans in made for span in spans] if all(made) else []
        return tuple(dict.fromkeys(found))

    def _outputs(self, site: CallSite, kin: tuple[Kin, ...]) -> tuple[Span, ...]:
        """Return the code that makes the outputs of which a call makes a model, as a functional one."""
        return self._of_outputs(site) if self.handed.is_functional(site.node, kin) else ()

    def _of_outputs(self, site: CallSite) -> tuple[Span, ...]:
        """Return the code around the only model that a scope makes; of one of several, what its outputs show."""
        only, outputs = self._only_model_of(site.scope), outputs_of(site.node, True)
        if only or outputs is None:
            return only
        calls = self.reaching.calls(outputs, self.view.module.of(site))
        return tuple(self.span(call) for call in calls if call in self.view.sites)

    def _rows_of_the_module(self) -> Iterator[Span]:
        """Yield the statements of the module but for definitions, of which those count that they call."""
        for statement in self.program.module.body:
            if not isinstance(statement, (nodes.FunctionDef, nodes.ClassDef)):
                yield self.span(statement)

    @cached_property
    def _made_by_scope(self) -> Counter[Scope]:
        """How many models each scope makes."""
        own = (
            each.scope
            for site in self.found.objects.by_node.values()
            for each in self.makers.calls_of_class(site.node)
            if self.handed.is_functional(each.node, self.kin(site))
        )
        return Counter((*own, *(c.scope for c in self.found.calls if self._by_node[c.node] in _MODELS)))

    def _only_model_of(self, scope: Scope) -> tuple[Span, ...]:
        """Return the function or the rows of the module that a scope is the body of, where it makes no second model."""
        made = self._made_by_scope
        if made[scope] != 1:
            return ()
        if scope.kind == "module":
            return tuple(self._rows_of_the_module()) if made.total() == 1 else ()
        return (self.span(self.functions[scope]),) if scope in self.functions else ()


def _lists_layers(node: nodes.Call) -> bool:
    """True if it is `Sequential([…])`, with its layers in the call."""
    return bool(node.args) and isinstance(node.args[0].value, nodes.List) and len(node.args) < 3


def _may_regularize(call: nodes.Call) -> bool:
    """True if a call gives a regularizer by its keyword, or may by a place or an unpacked dict."""
    by_place = sum(arg.keyword is None for arg in call.args)
    return by_place > _MOST_BY_PLACE or any(
        arg.star or (arg.keyword is not None and "egularizer" in arg.keyword.value) for arg in call.args
    )
