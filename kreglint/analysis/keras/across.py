"""The layers that a model gets in other files of the project: by a function that builds it, a class, or a helper.

A model is followed from its name to the call that makes it, from file to file. What counts is what that very call runs:
a layer below a condition that is not known to hold is none, and arguments are those that the call passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from kreglint.analysis import bounds
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.built import BuiltModels
from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.kept import FREEZES
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.lineage import Kin, member_of, runs_base
from kreglint.analysis.keras.makers import item_returned, only_return
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.own_callees import call_frame, constructor_frame
from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import DefinitionBinding, Pick, Scope
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.infer import hold
from kreglint.analysis.values.localize import Localizer
from kreglint.analysis.values.module import Frame
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Provenance, Symbol
from kreglint.records import record

_OF_KERAS = ("losses", "__call__", "trainable_variables")  # of a model, as Keras gives them


@record()
class _Code:
    """Code of a program that a call runs, and the frame of that call, where it is known."""

    models: Models
    node: nodes.FunctionDef | nodes.ClassDef | None  # None: the rows of the module
    spans: tuple[Span, ...]
    frame: Frame | None = None
    kin: tuple[Kin, ...] = ()  # of a class: those that its instances are of


class Across:
    """Looks for the layers of models of one file in the others; `escape` follows objects through all of them."""

    def __init__(self, view: View, escape: Escape) -> None:
        self._view = view
        self._escape = escape
        self._models: dict[View, Models] = {}

    def layers(
        self, node: nodes.Expression, scope: Scope, time: int, place: Span, lost_by: tuple[str, ...] = FREEZES
    ) -> Iterator[FarLayer]:
        """Yield the layers of Keras that the model which an expression is certainly gets by code of other files.

        Setting an attribute of `lost_by` takes them away, as that of a regularizer does.
        """
        if self._may_lose(node, scope, time, lost_by):
            return
        reached = self._of(self._view).reaching.calls(node, self._view.module.at(scope, time))
        for code in self._all_code(self._made_by(self._of(self._view), node, scope, time, None), reached):
            if code.models.view is not self._view:
                for site in self._runs(code):
                    if site.node in reached:
                        yield from self._layer(code, site, place)

    def _of(self, view: View) -> Models:
        if view not in self._models:
            self._models[view] = Models(view)
        return self._models[view]

    def is_model(self, node: nodes.Expression, scope: Scope, time: int, members: Iterable[str] = ()) -> bool:
        """True if an expression is certainly a model that another file makes, and no class has `members` of its own."""
        classes = [site for unit in self._escape.units for site in unit.program.found.objects.by_node.values()]
        if any(site.member(name) is not None for site in classes for name in members):
            return False
        made = self._made_by(self._of(self._view), node, scope, time, None)
        return any(code.models.view is not self._view for code in made)

    def has_as_keras(self, node: nodes.Expression, scope: Scope, time: int, members: Collection[str]) -> bool:
        """True if an expression is such a model, and these members are what Keras gives it."""
        for found in (unit.program.found for unit in self._escape.units):
            if found.objects.untraceable or any(
                each.assigned and each.node.attr.value in members for each in found.attributes
            ):
                return False
        return self.is_model(node, scope, time, members)

    def _may_lose(self, node: nodes.Expression, scope: Scope, time: int, lost_by: tuple[str, ...]) -> bool:
        """True if some code may freeze a layer of a model, or take its regularizer away before it is built."""
        built = BuiltModels(self._view).is_built(node, scope, time)
        holders = self._escape.holders((node, scope))
        if holders.escapes():
            return True
        for unit in self._escape.units:
            for owner, name, where in _changes(unit.program):
                takes = name is None or name in lost_by or ("egularizer" in name and not built)
                if takes and holders.of(owner, where):
                    return True
            calls = unit.program.found.calls
            if any(
                arg.keyword is not None and arg.keyword.value in FREEZES for site in calls for arg in site.node.args
            ):
                return True
        return False

    # The code that makes a model

    def _made_by(
        self, models: Models, node: nodes.Expression, scope: Scope, time: int, frame: Frame | None, depth: int = 0
    ) -> list[_Code]:
        """Return the code that makes a model, if that is one call for certain; empty where it is not."""
        if depth > bounds.MODEL_STEPS:
            return []
        bound = models.makers.unpacked_from(node, scope, time)
        if bound is not None:
            return self._returned(models, (bound.value, bound.scope, bound.time), bound.picks, frame, depth)
        call = models.makers.call_of(node, scope, time)
        if call is None:
            far = models.view.imported(node, scope, time)
            bound = far.only_value if far is not None else None
            if far is not None and bound is not None:
                return self._made_by(self._of(far.view), bound.value, bound.scope, bound.time, None, depth + 1)
            own = models.class_of(node, scope, time)
            return self._of_class(models, own, None) if own is not None else []
        if models.is_model(*call):
            return [_Code(models, models.function_around(call[1]), models.code(*call), frame)]
        home, made = self._callee(models, *call)
        if isinstance(made, nodes.ClassDef):
            return self._of_class(home, home.found.objects.by_node[made], self._instance(models, call, frame))
        return self._returned(models, call, (), frame, depth)

    def _returned(
        self,
        models: Models,
        call: tuple[nodes.Expression, Scope, int],
        picks: tuple[Pick, ...],
        frame: Frame | None,
        depth: int,
    ) -> list[_Code]:
        """Return the code that makes what a call of a function gives, or an item of that."""
        node, scope, time = call
        if not isinstance(node, nodes.Call):
            return []
        home, made = self._callee(models, node, scope, time)
        if not isinstance(made, nodes.FunctionDef) or made.decorators:
            return []
        returned = item_returned(home.found.functions[made], picks)
        inner = self._frame(models, (node, scope, time), frame)
        return self._made_by(home, *returned, inner, depth + 1) if returned is not None else []

    def _of_class(self, models: Models, site: ClassSite, frame: Frame | None) -> list[_Code]:
        """The code of a class of models, with that of its bases which its constructor certainly runs."""
        kin = models.kin(site)
        if site.node.decorators or any(member_of(kin, name) for name in _OF_KERAS):
            return []
        own = _Code(models, site.node, (models.span(site.node),), frame, kin) if kin else None
        return [own, *self._inherited(own)] if own is not None else []

    def _inherited(self, code: _Code) -> Iterator[_Code]:
        """The code of the classes whose constructors those of a class run, one after the other."""
        frame = code.frame
        for below, each in zip(code.kin, code.kin[1:], strict=False):
            if not runs_base(below.site):
                return
            frame = frame if below.site.member("__init__") is None else None
            yield _Code(self._of(each.view), each.site.node, (each.site.node.span,), frame, code.kin)

    def _callee(
        self, models: Models, node: nodes.Call, scope: Scope, time: int
    ) -> tuple[Models, nodes.FunctionDef | nodes.ClassDef | None]:
        """Return what a call certainly runs, of its own file or of another one, with that file's models."""
        made = models.definition(node.func, scope, time)
        if made is None:
            far = models.view.imported(node.func, scope, time)
            if far is not None and isinstance(far.binding, DefinitionBinding):
                models, made = self._of(far.view), far.binding.node
        return models, made if made is not None and self._escape.runs_only(node, scope, made) else None

    def _all_code(self, found: list[_Code], reached: set[nodes.Call]) -> list[_Code]:
        """Return code with that of the helpers of which the model has something, but for those that make another."""
        waiting, seen = list(found), {code.node for code in found}
        while waiting and len(found) <= bounds.CALLERS:
            code = waiting.pop()
            for site in self._runs(code):
                if site.node not in reached:
                    continue
                home, made = self._callee(code.models, site.node, site.scope, site.time)
                if made is None or made in seen or made.decorators or home.makes_model(made):
                    continue
                seen.add(made)
                helper = self._helper(code, site, home, made)
                found += helper
                waiting += helper
        return found

    def _helper(
        self, code: _Code, site: CallSite, home: Models, made: nodes.FunctionDef | nodes.ClassDef
    ) -> list[_Code]:
        call = (site.node, site.scope, site.time)
        if isinstance(made, nodes.ClassDef):
            return [_Code(home, made, (home.span(made),), self._instance(code.models, call, code.frame))]
        if only_return(home.found.functions[made]) is None:
            return []
        return [_Code(home, made, (home.span(made),), self._frame(code.models, call, code.frame))]

    def _runs(self, code: _Code) -> Iterator[CallSite]:
        """Yield the calls that code certainly makes."""
        view = code.models.view
        for site in view.program.found.calls:
            start = site.node.span.start
            if any(span.start <= start < span.end for span in code.spans) and _is_of(code, site):
                holds, provenance = hold(site.guards, view.module.of(site, code.frame))
                if holds and provenance <= Provenance.CROSS_FILE and not is_spared(site, view.module):
                    yield site

    # What a call passes

    def _frame(self, models: Models, call: tuple[nodes.Call, Scope, int], frame: Frame | None) -> Frame | None:
        """Return the frame of a call of a function."""
        return call_frame(call[0], models.view.module.at(*call[1:], frame))

    def _instance(self, models: Models, call: tuple[nodes.Call, Scope, int], frame: Frame | None) -> Frame | None:
        """Return the frame of the constructor that a call of a class runs."""
        return constructor_frame(call[0], models.view.module.at(*call[1:], frame))

    # Layers

    def _layer(self, code: _Code, site: CallSite, place: Span) -> Iterator[FarLayer]:
        module = code.models.view.module
        path = code.models.canonical(site.node.func, site.scope, site.time)
        layer, elsewhere = layer_class(path), module.analysis.elsewhere(module.span(site.node))
        if path is None or layer is None or elsewhere is None:
            return
        arguments = arguments_of(site.node, module.of(site, code.frame))
        placed = partial(Localizer(module.analysis).argument, place=place)
        call = LayerCall(
            span=place,
            callee_span=place,
            dotted=dotted(site.node.func) or layer,
            arguments=tuple(map(placed, arguments)),
            scope=site.scope.qualified_name,
            symbol=Symbol(span=place, path=path, canonical=path),
            layer=layer,
        )
        yield FarLayer(call=call, place=elsewhere)


def layers_elsewhere(
    models: Models,
    node: nodes.Expression,
    scope: Scope,
    time: int,
    place: Span,
    lost_by: tuple[str, ...] = FREEZES,
) -> tuple[FarLayer, ...]:
    """Return the layers that a model of a file certainly gets by code of other ones, as `Across.layers` finds them."""
    escape = models.view.across if models.makers.is_made(node, scope, time) else None
    return tuple(Across(models.view, escape).layers(node, scope, time, place, lost_by)) if escape is not None else ()


def _changes(program: Program) -> Iterator[tuple[nodes.Expression, str | None, Scope]]:
    """Yield the objects of which a program sets an attribute, with its name; None for a name that is computed."""
    for site in program.found.attributes:
        if site.assigned:
            yield site.node.value, site.node.attr.value, site.scope
    for call in program.found.calls:
        func, args = call.node.func, call.node.args
        if isinstance(func, nodes.Name) and func.value == "setattr" and len(args) > 1:
            yield args[0].value, string_of(args[1].value), call.scope


def _is_of(code: _Code, site: CallSite) -> bool:
    """True if code runs a call whenever it runs: that of a function itself, of a class its constructor or `build`."""
    around = code.models.function_around(site.scope)
    if isinstance(code.node, nodes.ClassDef):
        scope = code.models.found.functions[around].scope.parent if around is not None else None
        inherited = bool(code.kin) and code.kin[0].site.node is not code.node
        known = around is not None and around.name.value in (("__init__",) if inherited else ("__init__", "build"))
        return known and scope is code.models.found.objects.by_node[code.node].scope
    return around is code.node and site.scope.kind in ("function", "module")
