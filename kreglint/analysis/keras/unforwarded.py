"""Regularizers that the file's own layers take, and give to no weight.

What is kept in an attribute counts as read where this attribute may be read of what may be the layer: by its name, by
one that is worked out, or by code that is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.cells import Cell, instance_cell, own_cell
from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.ways import HOLDS, IS
from kreglint.analysis.keras.far_readers import is_read_by_others
from kreglint.analysis.keras.name_uses import NameUses
from kreglint.analysis.keras.own_layers import OwnLayers
from kreglint.analysis.keras.own_regularizers import OwnClasses, methods_of
from kreglint.analysis.keras.prescribed import is_class_prescribed
from kreglint.analysis.keras.reader import LAYERS, View, called
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants
from kreglint.facts.custom import DroppedParameter

_KEPT_BY_KERAS = "activity_regularizer"  # which a layer of Keras reads itself


def unforwarded(view: View) -> Iterator[DroppedParameter]:
    """Yield the regularizers that layers of one program take and drop."""
    finder = _Finder(view)
    for site in finder.classes:
        methods = methods_of(site.node)
        made = methods.get("__init__")
        if made is None or not methods.keys() & {"build", "call"} or not finder.derives(site, LAYERS):
            continue
        if not made.decorators:
            dropped = list(finder.dropped_by(site, made, methods.get("get_config")))
            yield from dropped if dropped and not is_class_prescribed(site, OwnLayers(view)) else ()


class _Finder(OwnClasses):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._uses = NameUses(view)

    def dropped_by(
        self, site: ClassSite, made: nodes.FunctionDef, config: nodes.FunctionDef | None
    ) -> Iterator[DroppedParameter]:
        """Yield the parameters of a layer's constructor that it at most keeps."""
        named = [param for param in regularizer_parameters(made) if param.name.value != _KEPT_BY_KERAS]
        kept = {param: self._kept_as(param.name.value, made) for param in named}
        read = set(_plainly_read(site.node))
        dropped = {
            param: attributes
            for param, attributes in kept.items()
            if attributes is not None and not any(each.attr.value in read for each in attributes)
        }
        if not dropped or self._uses.reads_all(self.found.functions[made]) or self._may_be_read(site):
            return
        effects = self._effects(site)
        if any(not _is_of_library(gift.callee.path) for gift in effects.gifts(IS)):
            return
        told = set(descendants(config)) if config is not None else set()
        if config is not None and any(not _is_of_base(each.owner) for each in effects.reads(("get_config",))):
            told = set()  # the configuration may end up in a weight
        for param, attributes in dropped.items():
            names = {each.attr.value for each in attributes}
            is_told = all(each.node in told for each in effects.reads(names))
            if is_told and not is_read_by_others(self.view, site.node.name.value, names):
                yield DroppedParameter(
                    span=self.span(param.name),
                    name=param.name.value,
                    within=self.span(site.node),
                    kept=self.written(attributes[0]) if attributes else None,
                    weight=self._only_weight(site.node),
                )

    def _effects(self, site: ClassSite) -> Effects:
        """Return what the file does with instances of a class."""
        escape = self.view.escape
        return Effects(escape, escape.holders_of(own_cell(site.scope), instance_cell(site.scope)))

    def _may_be_read(self, site: ClassSite) -> bool:
        """True if code that is not seen gets the layer, and so what it keeps."""
        escape, instance = self.view.escape, instance_cell(site.scope)
        itself = escape.holders_of(Cell(site.node, "<class>"))
        if is_remade(site.node) or any(True for _ in Effects(escape, itself).reads((), HOLDS)):
            return True  # a method that is got by a name which is worked out may be given any instance
        own = escape.holders_of(own_cell(site.scope), blocked=frozenset((instance,)))
        return own.escapes() or escape.holders_of(instance, alone=True).escapes(HOLDS)

    def _only_weight(self, layer: nodes.ClassDef) -> int | None:
        """Return the end of the last argument of the only `add_weight` of a layer, if it is given no regularizer."""
        calls = [node for node in descendants(layer) if isinstance(node, nodes.Call) and called(node) == "add_weight"]
        args = calls[0].args if len(calls) == 1 else ()
        free = all(not arg.star and (arg.keyword is None or arg.keyword.value != "regularizer") for arg in args)
        return self.span(args[-1]).end if args and free else None

    # What a constructor does with a parameter

    def _kept_as(self, name: str, made: nodes.FunctionDef) -> list[nodes.Attribute] | None:
        """Return the attributes of its own that a constructor sets to what a name is, or `get` of it.

        None where it does more with that. A name that is set to no more than this is another of it.
        """
        kept: list[nodes.Attribute] = []
        waiting, seen = [name], {name}
        while waiting:
            current = waiting.pop()
            uses = set(self._uses.of(current, made.body))
            for assign in (node for node in descendants(made.body) if isinstance(node, nodes.Assign)):
                read = self._kept_value(assign.value)
                if read is None or read not in uses:
                    continue
                uses.remove(read)
                for target in (each.target for each in assign.targets):
                    if isinstance(target, nodes.Attribute) and self._is_own(target.value, made):
                        kept.append(target)
                    elif not isinstance(target, nodes.Name) or not self._is_another(target.value, current, made):
                        return None
                    elif target.value not in seen:
                        seen.add(target.value)
                        waiting.append(target.value)
            if any(use not in self._targets(made) for use in uses):
                return None
        return kept

    def _targets(self, made: nodes.FunctionDef) -> set[nodes.Expression]:
        assigns = (node for node in descendants(made.body) if isinstance(node, nodes.Assign))
        return {each.target for assign in assigns for each in assign.targets}

    def _kept_value(self, value: nodes.Expression) -> nodes.Name | None:
        """Return the name in `name` or `regularizers.get(name)`."""
        while isinstance(value, nodes.Call) and len(value.args) == 1:
            site = self.view.sites.get(value)
            made = self.canonical(value.func, site.scope, site.time) if site is not None else None
            if made != "keras.regularizers.get":
                return None
            value = value.args[0].value
        return value if isinstance(value, nodes.Name) else None

    def _is_own(self, node: nodes.Expression, made: nodes.FunctionDef) -> bool:
        """True if an expression is the instance, by the name that the constructor gives it or one set to that."""
        scope = self.found.functions[made].scope
        if not isinstance(node, nodes.Name) or receiver_class(node.value, scope) is not None:
            return isinstance(node, nodes.Name)
        bound = lookup(node.value, scope, scope.clock.now) if self._is_set_once(node.value, made) else None
        return isinstance(bound, ExpressionBinding) and bound.whole and self._is_own(bound.value, made)

    def _is_another(self, name: str, of: str, made: nodes.FunctionDef) -> bool:
        return name == of or self._is_set_once(name, made)

    def _is_set_once(self, name: str, made: nodes.FunctionDef) -> bool:
        scope: Scope = self.found.functions[made].scope
        return name not in scope.declared and len(scope.history.get(name, ((), ()))[1]) == 1


def _plainly_read(layer: nodes.ClassDef) -> Iterator[str]:
    """Yield what methods but `get_config` read of their instance by its name, as most layers do with a regularizer."""
    for name, method in methods_of(layer).items():
        first = method.params.params[0].name.value if method.params.params and name != "get_config" else None
        stack: list[nodes.Node] = [method.body] if first is not None else []
        while stack:
            node = stack.pop()
            if isinstance(node, nodes.Attribute) and isinstance(node.value, nodes.Name) and node.value.value == first:
                yield node.attr.value
            stack += [each for each in children(node) if not isinstance(each, nodes.AssignTarget)]


def regularizer_parameters(node: nodes.FunctionDef) -> Iterator[nodes.Param]:
    """Yield the parameters of a function that are named as a regularizer."""
    for param in (*node.params.params, *node.params.kwonly_params):
        if param.name.value.endswith("_regularizer") or param.name.value == "regularizer":
            yield param


def _is_of_library(path: str | None) -> bool:
    """True if it is a function of a library that reads no attribute of a layer which only its class knows."""
    return path is not None and (canonical(path) is not None or path.startswith("tensorflow."))


def _is_of_base(node: nodes.Expression) -> bool:
    """True if it is `super()`, whose methods know nothing of what the class keeps."""
    return isinstance(node, nodes.Call) and called(node) == "super"
