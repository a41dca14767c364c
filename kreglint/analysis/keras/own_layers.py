"""A program's own classes that are certainly layers or models of Keras, and who may read what they keep."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.escape.cells import instance_cell, own_cell
from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.far_readers import is_read_by_others
from kreglint.analysis.keras.owners import is_of_keras
from kreglint.analysis.keras.parameter_uses import ParameterUses
from kreglint.analysis.keras.reader import LAYERS, MODELS
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import CallSite, FunctionSite, decorator_name, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import OwnClass
from kreglint.analysis.values.own_classes import BASES_WITHOUT_MEMBERS, ancestors

_PLAIN = LAYERS  # they read none of the attributes that are set on them
_HOOKS = ("__new__", "__init_subclass__", "__getattr__", "__getattribute__", "__setattr__", "__call__")
_TELLING = ("get_config", "__repr__", "__str__")
BY_NAME = re.compile(r"^(?:vars|getattr)$|^\.(?:__dict__|getattr)$")


class OwnLayer(NamedTuple):
    """A class with a constructor of its own, and all of its bases: those of programs, and those of Keras."""

    site: ClassSite
    made: FunctionSite
    own: tuple[OwnClass, ...]
    above: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.site.node.name.value

    @property
    def is_plain(self) -> bool:
        """True if Keras' base classes are `Layer` and `Model` alone."""
        return all(each in _PLAIN for each in self.above)

    @property
    def is_model(self) -> bool:
        return any(each in MODELS for each in self.above)

    def has(self, member: str) -> bool:
        """Whether its class or one of its bases in a program defines a member."""
        return any(each.site.member(member) is not None for each in self.own)

    @property
    def is_called(self) -> bool:
        """True if it says, or Keras says for it, what it does with an input."""
        return not self.is_plain or self.has("call")

    @property
    def is_abstract(self) -> bool:
        parts = [part for each in self.own for part in each.site.node.body.body]
        methods = (part for part in parts if isinstance(part, nodes.FunctionDef))
        return any(decorator_name(each).startswith("abstract") for part in methods for each in part.decorators)


class OwnLayers(ParameterUses):
    """Finds them in one program."""

    @cached_property
    def layers(self) -> tuple[OwnLayer, ...]:
        read = filter(None, map(self._read, self.found.objects.by_node.values()))
        return tuple(each for each in read if not each.is_abstract and not any(map(each.has, _HOOKS)))

    def made_by(self, site: CallSite) -> OwnLayer | None:
        """Return the one of them that a call makes an instance of."""
        made = self.definition(site.node.func, site.scope, site.time)
        return next((each for each in self.layers if each.site.node is made), None)

    def _read(self, site: ClassSite) -> OwnLayer | None:
        made = site.member("__init__")
        function = self.found.functions.get(made.node) if isinstance(made, DefinitionBinding) else None
        once = len(site.outer.history.get(site.node.name.value, ((), ()))[1]) == 1
        if function is None or not once:
            return None
        among = ancestors(self.view.module.own_class(site.node))
        own = tuple(each for each in among if isinstance(each, OwnClass))
        above = tuple(each for each in among if isinstance(each, str) and each not in BASES_WITHOUT_MEMBERS)
        remade = any(is_remade(each.site.node) or each.site.node.keywords for each in own)
        if remade or not above or not all(is_of_keras((each,)) for each in above):
            return None
        return OwnLayer(site, function, own, above)

    def may_be_read(self, layer: OwnLayer, names: Collection[str]) -> bool:
        """True if anything but what tells its configuration may read one of these attributes of a layer."""
        if not layer.is_plain or any(self._reads_elsewhere(each, names) for each in layer.own):
            return True
        alone = all(each.home is self.view.module for each in layer.own)
        escape = self.view.escape if alone else self.view.across
        if escape is None:
            return True
        if is_handed_on(layer.site, escape):
            return True
        own, instance = own_cell(layer.site.scope), instance_cell(layer.site.scope)
        reads = Effects(escape, escape.holders_of(own, instance)).reads(names)
        here = any(not self._is_told(each.node) for each in reads)
        return here or is_read_by_others(self.view, layer.name, names)

    def _is_told(self, node: nodes.Node) -> bool:
        """True if a read stands in a method that only tells what the layer is."""
        function = self.tree.function(node)
        return isinstance(function, nodes.FunctionDef) and function.name.value in _TELLING

    def _reads_elsewhere(self, base: OwnClass, names: Collection[str]) -> bool:
        """Whether a base of another file reads one of the attributes."""
        if base.home is self.view.module:
            return False
        named = re.compile(rf"{BY_NAME.pattern}|^\.(?:{'|'.join(map(re.escape, names))})$")
        return speaks_of(base.site.node, named)


def is_handed_on(site: ClassSite, escape: Escape) -> bool:
    """True if code that is not seen may get an instance of a class."""
    own, instance = own_cell(site.scope), instance_cell(site.scope)
    handed_on = escape.holders_of(own, blocked=frozenset((instance,))).escapes()
    return handed_on or escape.holders_of(instance, alone=True).escapes(HOLDS)
