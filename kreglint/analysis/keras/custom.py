"""The file's own layers, regularizers and functions: what becomes of the regularizers that they take or make.

Where a name might be read in some way that the text does not show (`locals()`, `getattr`), nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from kreglint.analysis.escape.cells import instance_cell, own_cell
from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.arithmetic import arithmetic
from kreglint.analysis.keras.own_penalties import own_penalties
from kreglint.analysis.keras.own_regularizers import OwnClasses, OwnRegularizers, methods_of
from kreglint.analysis.keras.own_weights import foreign_keywords
from kreglint.analysis.keras.reader import MODELS, View, called
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.mentions import names_in, speaks_of
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import FunctionSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.custom import CustomFacts, DroppedParameter, UnusedName

_LAYERS = MODELS | {"keras.layers.Layer", "keras.Layer"}
_MADE = frozenset(
    f"keras.regularizers.{name}" for name in ("L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2")
)
_READS_ALL = re.compile(r"^(?:locals|vars|eval|exec)$|^\.?(?:getattr|setattr|signature|attrgetter|__dict__)$")


def custom_facts(view: View, met: Mapping[Span, OwnValue]) -> CustomFacts:
    """The facts of one program on its own classes and functions; `met` are those that its facts have as values."""
    if "egularizer" not in view.text:
        return CustomFacts()
    finder, own = _Finder(view), OwnRegularizers(view)
    return CustomFacts(
        unforwarded=tuple(finder.unforwarded()),
        ignored=tuple(finder.ignored()),
        unused=tuple(finder.unused()),
        regularizers=tuple(own.regularizers()),
        arithmetic=tuple(arithmetic(view)),
        penalties=own_penalties(view, met),
        keras1_hooks=tuple(own.keras1_hooks()),
        of_weights=tuple(foreign_keywords(view)),
    )


class _Finder(OwnClasses):
    # Layers

    def unforwarded(self) -> Iterator[DroppedParameter]:
        for site in self.classes:
            methods = methods_of(site.node)
            made = methods.get("__init__")
            if made is None or not methods.keys() & {"build", "call"} or not self.derives(site, _LAYERS):
                continue
            if site.node.name.value not in self.bases and not speaks_of(site.node, _READS_ALL):
                dropped = list(self._dropped_by(site, made, methods.get("get_config")))
                yield from dropped if dropped and not self._may_be_read(site) else ()

    def _may_be_read(self, site: ClassSite) -> bool:
        """True if code that is not seen gets the layer, and so what it keeps."""
        escape, instance = self.view.escape, instance_cell(site.scope)
        if self.found.objects.hands_on_any or is_remade(site.node):
            return True
        own = escape.holders_of(own_cell(site.scope), blocked=frozenset((instance,)))
        return own.escapes() or escape.holders_of(instance, alone=True).escapes(HOLDS)

    def _dropped_by(
        self, site: ClassSite, made: nodes.FunctionDef, config: nodes.FunctionDef | None
    ) -> Iterator[DroppedParameter]:
        layer = site.node
        for param in _regularizer_parameters(made):
            name = param.name.value
            kept = self._kept_as(name, made)
            if name != "activity_regularizer" and kept is not None and not self._is_read(kept, config):
                yield DroppedParameter(
                    span=self.span(param.name),
                    name=name,
                    within=self.span(layer),
                    kept=self.written(kept[0]) if kept else None,
                    weight=self._only_weight(layer),
                )

    def _only_weight(self, layer: nodes.ClassDef) -> int | None:
        """Return the end of the last argument of the only `add_weight` of a layer, if it is given no regularizer."""
        calls = [node for node in descendants(layer) if isinstance(node, nodes.Call) and called(node) == "add_weight"]
        args = calls[0].args if len(calls) == 1 else ()
        free = all(not arg.star and (arg.keyword is None or arg.keyword.value != "regularizer") for arg in args)
        return self.span(args[-1]).end if args and free else None

    def _kept_as(self, name: str, made: nodes.FunctionDef) -> list[nodes.Attribute] | None:
        """Return the attributes of its own that a method sets to a name or `get` of it.

        None where it does more with that.
        """
        scope = self.found.functions[made].scope
        kept: list[nodes.Attribute] = []
        reads = 0
        for node in descendants(made.body):
            reads += isinstance(node, nodes.Name) and node.value == name
            if isinstance(node, nodes.Assign) and self._is_kept(node.value, name):
                targets = [target.target for target in node.targets]
                own = [
                    each for each in targets if isinstance(each, nodes.Attribute) and _is_receiver(each.value, scope)
                ]
                if len(own) < len(targets):
                    return None
                kept += own
                reads -= 1
        return kept if reads == 0 else None

    def _is_kept(self, value: nodes.Expression, name: str) -> bool:
        if isinstance(value, nodes.Call) and len(value.args) == 1:
            site = self.view.sites.get(value)
            made = self.canonical(value.func, site.scope, site.time) if site is not None else None
            return made == "keras.regularizers.get" and self._is_kept(value.args[0].value, name)
        return isinstance(value, nodes.Name) and value.value == name

    def _is_read(self, kept: list[nodes.Attribute], config: nodes.FunctionDef | None) -> bool:
        """True if the text has an attribute of one of these names where it is neither set nor told by get_config."""
        telling = set(descendants(config)) if config is not None else set()
        names = {attribute.attr.value for attribute in kept}
        return any(node not in telling and node not in kept for name in names for node in self._named.get(name, ()))

    @cached_property
    def _named(self) -> dict[str, list[nodes.Node]]:
        """The attributes and strings of the file by name."""
        found: dict[str, list[nodes.Node]] = {}
        for node in descendants(self.program.module):
            if isinstance(node, nodes.Attribute):
                found.setdefault(node.attr.value, []).append(node)
            elif isinstance(node, nodes.SimpleString) and (text := string_of(node)) is not None:
                found.setdefault(text, []).append(node)
        return found

    # Functions

    def ignored(self) -> Iterator[DroppedParameter]:
        for site in self.program.found.functions.values():
            node = site.node
            if isinstance(node, nodes.FunctionDef) and not _is_method(site) and not node.decorators:
                read = {each.value for each in descendants(node.body) if isinstance(each, nodes.Name)}
                for param in _regularizer_parameters(node):
                    name = param.name.value
                    if name not in read and not speaks_of(node, _READS_ALL):
                        yield DroppedParameter(span=self.span(param.name), name=name, within=self.span(node))

    def unused(self) -> Iterator[UnusedName]:
        for site in self.program.found.functions.values():
            for name, (_, bindings) in site.scope.history.items():
                if len(bindings) == 1 and name not in site.scope.declared and not name.startswith("_"):
                    yield from self._unused(name, bindings[0], site)

    def _unused(self, name: str, binding: object, site: FunctionSite) -> Iterator[UnusedName]:
        if not isinstance(binding, ExpressionBinding) or not binding.whole:
            return
        if not isinstance(binding.value, nodes.Call):
            return
        if self.canonical(binding.value.func, binding.scope, binding.time) not in _MADE:
            return
        names = list(names_in(site.node))
        mentioned = names.count(name) + names.count(f".{name}")
        if mentioned == 1 and not any(map(_READS_ALL.search, names)):
            yield UnusedName(span=self.span(binding.value), name=name)


def _is_receiver(node: nodes.Expression, scope: Scope) -> bool:
    return isinstance(node, nodes.Name) and receiver_class(node.value, scope) is not None


def _is_method(site: FunctionSite) -> bool:
    return site.scope.parent is not None and site.scope.parent.kind == "class"


def _regularizer_parameters(node: nodes.FunctionDef) -> Iterator[nodes.Param]:
    for param in (*node.params.params, *node.params.kwonly_params):
        if param.name.value.endswith("_regularizer") or param.name.value == "regularizer":
            yield param
