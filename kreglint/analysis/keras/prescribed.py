"""Whether anybody prescribes what a function takes: who gets functions as values gives them all the same arguments."""

from __future__ import annotations

import re

from kreglint.analysis.keras.far_derived import is_derived_from
from kreglint.analysis.keras.far_takers import is_no_choice, is_taken_elsewhere
from kreglint.analysis.keras.own_layers import OwnLayers
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.analysis.syntax import nodes

OF_MODULES = re.compile(r"^(?:globals|eval|exec)$|^\.(?:modules|getmembers|import_module)$")  # read names of a module
_OF_SCOPES = ("locals", "vars")


def is_only_called(site: FunctionSite, layers: OwnLayers) -> bool:
    """True if nobody prescribes what a function takes: it is defined once, and read only to be called."""
    node, scope = site.node, site.scope.parent
    if not isinstance(node, nodes.FunctionDef) or scope is None:
        return False
    cls = layers.found.objects.classes.get(scope)
    if cls is None:
        return not node.decorators and is_settled(node.name.value, scope, layers)
    if node.decorators:
        bare = not cls.node.bases and not cls.node.keywords and not cls.node.decorators
        return bare and is_settled(cls.node.name.value, cls.outer, layers)
    return _is_private(node.name.value, cls, layers)


def is_settled(name: str, scope: Scope, layers: OwnLayers) -> bool:
    """True if a function or class is defined once, and all that is read of it is called, in any file."""
    once = len(scope.history.get(name, ((), ()))[1]) == 1
    if not once or not all(_is_owner_or_callee(read, layers) for read in layers.tree.reads(name, scope)):
        return False
    if any(site.scope is scope and _gives_all(site.node) for site in layers.found.calls):
        return False
    of_module = scope is layers.found.module_scope
    by_name = of_module and speaks_of(layers.program.module, OF_MODULES)
    return not by_name and not (of_module and is_taken_elsewhere(layers.view, name))


def is_class_prescribed(site: ClassSite, layers: OwnLayers) -> bool:
    """True if a class is derived from, or may be made by who makes others of its kind with the same arguments."""
    reads = layers.tree.reads(site.node.name.value, site.outer)
    taken = any(not _is_owner_or_callee(each, layers) and not is_no_choice(each, layers.tree) for each in reads)
    derived = taken or is_derived_from(layers.view, site)
    return derived or is_taken_elsewhere(layers.view, site.node.name.value, of_class=True)


def _is_private(name: str, cls: ClassSite, layers: OwnLayers) -> bool:
    """True if a method is for its own class alone, and one of no class above or below."""
    if not name.startswith("_") or name.startswith("__") or layers.found.objects.hands_on_any:
        return False
    known = not cls.node.bases or any(each.site is cls for each in layers.layers)
    methods = [each for each in layers.found.objects.classes.values() if each.member(name) is not None]
    read = layers.view.escape.flows.attributes.get(name, ())
    called = all(isinstance(around := layers.tree.parent(node), nodes.Call) and around.func is node for node, _ in read)
    if not known or methods != [cls] or not called or not read:
        return False
    return not is_taken_elsewhere(layers.view, cls.node.name.value)


def _gives_all(call: nodes.Call) -> bool:
    """True if a call gives all names of the scope in which it stands."""
    return isinstance(call.func, nodes.Name) and call.func.value in _OF_SCOPES and not call.args


def _is_owner_or_callee(read: nodes.Name, layers: OwnLayers) -> bool:
    """True if a name is called, or a method of it is."""
    node: nodes.Node = read
    around = layers.tree.parent(node)
    if isinstance(around, nodes.Attribute):
        node, around = around, layers.tree.parent(around)
    return isinstance(around, nodes.Call) and around.func is node
