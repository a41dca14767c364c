"""Regularizers that are given to a model instead of its layers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.across import Across
from kreglint.analysis.keras.beside import IDENTIFIERS, REGULARIZER_CLASSES, Beside, is_none
from kreglint.analysis.keras.lineage import member_of
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View, called, is_weight_regularizer
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.late import Misplaced

_MODELS = MODELS | SEQUENTIAL
_PLACES = {"optimizer": "optimizer", "loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
_BY_POSITION = ("optimizer", "loss", "metrics")
_METHODS = frozenset(("compile", "fit", "evaluate", "predict", "train_on_batch"))


def misplaced(view: View) -> Iterator[Misplaced]:
    """Yield what a program sets on a model, adds to it, lists among its layers or compiles it with."""
    if "egularizer" in view.text or "compile" in view.text:
        finder = _Finder(view)
        yield from finder.attributes()
        for site in view.program.found.calls:
            if not site.provoked:
                yield from finder.of_call(site)


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)
        self._beside = Beside(view, self.models.makers)

    def attributes(self) -> Iterator[Misplaced]:
        yield from self._beside.attributes()
        for site in self.program.found.attributes:
            name = site.node.attr.value
            set_here = site.assigned and is_weight_regularizer(name)
            if set_here and self._is_never_read(site):
                yield Misplaced(span=self.span(site.node.attr), place="attribute", name=name)

    def _is_never_read(self, site: AttributeSite) -> bool:
        """True if what is set is an attribute of a model that nothing may read."""
        name = site.node.attr.value
        if self.maker(site.node.value, site.scope, site.time) in _MODELS:
            return not _may_read(self.view.escape, name, site)
        across, own = self._across(site.node.value, site.scope, site.time), (name, "__setattr__")
        if across is None or not Across(self.view, across).is_model(site.node.value, site.scope, site.time, own):
            return False
        return not _may_read(across, name, site)

    def _across(self, node: nodes.Expression, scope: Scope, time: int) -> Escape | None:
        """Return where objects go in several files, if an expression may be a model of another one."""
        return self.view.across if self.models.may_be_elsewhere(node, scope, time) else None

    def of_call(self, site: CallSite) -> Iterator[Misplaced]:
        func, method = site.node.func, called(site.node)
        yield from self._beside.called(site)
        if isinstance(func, nodes.Attribute) and method == "add":
            yield from self._added(site, func)
        elif isinstance(func, nodes.Attribute) and method == "__init__":
            yield from self._constructed(site, func)
        elif isinstance(func, nodes.Attribute) and method in _METHODS:
            yield from self._trained(site, func)
        elif method == "Sequential":
            yield from self._listed(site)

    def _added(self, site: CallSite, func: nodes.Attribute) -> Iterator[Misplaced]:
        """`model.add(l2(…))`."""
        args = site.node.args
        if len(args) == 1 and self.maker(func.value, site.scope, site.time) in SEQUENTIAL:
            yield from self._in_place_of("layer", args[0].value, site)
        elif len(args) > 1:
            yield from self._beside.added(site, func)

    def _listed(self, site: CallSite) -> Iterator[Misplaced]:
        """`Sequential([…, l2(…)])`."""
        given = site.node.args[0].value if site.node.args else None
        if isinstance(given, nodes.List) and self.canonical(site.node.func, site.scope, site.time) in SEQUENTIAL:
            for element in given.elements:
                yield from self._in_place_of("layer", element.value, site)

    def _constructed(self, site: CallSite, func: nodes.Attribute) -> Iterator[Misplaced]:
        """`super().__init__(kernel_regularizer=…)` in a model of the file's own."""
        own = isinstance(func.value, nodes.Call) and called(func.value) == "super"
        plain = all(
            arg.keyword is not None and arg.keyword.value not in ("inputs", "outputs") for arg in site.node.args
        )
        if own and plain and self._is_in_model(site.scope):
            yield from self._keywords(site.node, "constructor")

    def _trained(self, site: CallSite, func: nodes.Attribute) -> Iterator[Misplaced]:
        """`model.compile(…)`, `model.fit(…)` and their like."""
        found = [*self._keywords(site.node, "keyword"), *self._compiled_with(site, func)]
        if found and self._is_model(func.value, site.scope, site.time):
            yield from found

    def _compiled_with(self, site: CallSite, func: nodes.Attribute) -> Iterator[Misplaced]:
        """`model.compile(l2(…))`, or `loss=`, or `metrics=`."""
        if func.attr.value == "compile":
            certain = list(takewhile(lambda arg: not arg.star and arg.keyword is None, site.node.args))
            positions = dict(zip(certain, _BY_POSITION, strict=False))
            for arg in site.node.args:
                place = _PLACES.get(arg.keyword.value if arg.keyword is not None else positions.get(arg, ""))
                for value in _elements(arg.value) if place is not None else ():
                    yield from self._in_place_of(place or "", value, site)

    def _keywords(self, call: nodes.Call, place: str) -> Iterator[Misplaced]:
        for arg in call.args:
            name = arg.keyword.value if arg.keyword is not None else ""
            if (
                arg.keyword is not None
                and (name == "regularizer" or name.endswith("_regularizer"))
                and not is_none(arg.value)
            ):
                yield Misplaced(span=self.span(arg.keyword), place=place, name=name)

    def _in_place_of(self, place: str, node: nodes.Expression, site: CallSite) -> Iterator[Misplaced]:
        by_name = string_of(node) in IDENTIFIERS and place != "layer"
        made = self.maker(node, site.scope, site.time) or self.canonical(node, site.scope, site.time)
        if by_name or made in REGULARIZER_CLASSES:
            yield Misplaced(span=self.span(node), place=place, by_name=by_name)

    def _is_model(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        made = self.maker(node, scope, time)
        if made is not None and (made in _MODELS or made.startswith("keras.applications.")):
            return True
        own = self.models.class_of(node, scope, time)
        if own is None and made is None:
            across = self._across(node, scope, time)
            return across is not None and Across(self.view, across).has_as_keras(node, scope, time, _METHODS)
        kin = self.models.kin(own) if own is not None else ()
        plain = not any(each.view.program.found.objects.set_from_outside.intersection(_METHODS) for each in kin)
        return bool(kin) and plain and not any(member_of(kin, name) for name in _METHODS)

    def _is_in_model(self, scope: Scope) -> bool:
        """True if `super()` is Keras' model there."""
        function = self.function_around(scope)
        first = function.params.params[0].name.value if function is not None and function.params.params else ""
        own = receiver_class(first, scope)
        kin = self.models.kin(self.found.objects.classes[own]) if own is not None else ()
        return bool(kin) and member_of(kin[1:], "__init__") is None


def _may_read(escape: Escape, name: str, site: AttributeSite) -> bool:
    """True if something may read an attribute that is set on a model, of this or of what may hold it."""
    if escape.holders((site.node.value, site.scope)).escapes():
        return True
    model = escape.holders_of(*escape.same(site.node.value, site.scope))
    return any(True for _ in Effects(escape, model).reads((name,)))


def _elements(node: nodes.Expression) -> Iterator[nodes.Expression]:
    """Yield what a list holds; anything else itself."""
    if isinstance(node, (nodes.List, nodes.Tuple)):
        for element in node.elements:
            yield element.value
    else:
        yield node
