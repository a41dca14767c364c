"""What is done with an object: which attributes of it are read or set, and to which calls it is given.

Whoever may hold the object counts, so that what is told may be done to something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kreglint.analysis.escape.call_flows import CallFlows
from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.escape.origins import BUILTINS, Callee
from kreglint.analysis.escape.ways import WITHIN
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes

_ANY = ("__dict__", "__getattribute__", "__getattr__", "__setattr__", "__delattr__")  # reach whatever an object has
_CARRYING = frozenset(
    """print len isinstance issubclass bool str repr type id hasattr callable hash super setattr getattr delattr
    list tuple dict set frozenset zip enumerate reversed sorted iter next range min max any all""".split()
)  # the builtin functions that do nothing with an object but to hand it on; what is got by its name is told by itself
_STORING = frozenset("append add insert extend update setdefault appendleft put add_module format".split())
_RUNNING = frozenset("run experimental_run_v2 submit map".split())  # methods that call a function with the rest


class Read(NamedTuple):
    """An attribute that is read of what an object may be; the name is None where it is computed."""

    name: str | None
    node: nodes.Attribute | nodes.Call
    owner: nodes.Expression
    scope: Scope


class Gift(NamedTuple):
    """A call that is given what an object may be, or something that holds it."""

    node: nodes.Call
    scope: Scope
    callee: Callee


class Effects:
    """What linked programs do with the objects that `holders` tell of."""

    def __init__(self, escape: Escape, holders: Holders) -> None:
        self._flows: CallFlows = escape.flows
        self._holders = holders
        self._set = {target for target, _, _ in escape.flows.assigned}

    def reads(self, names: Collection[str], least: int = WITHIN) -> Iterator[Read]:
        """Where one of these attributes is read, or any that is not seen, of what has so much of the object."""
        for name in (*names, *_ANY):
            for node, scope in self._flows.attributes.get(name, ()):
                if node not in self._set and self._holders.of(node.value, scope) >= least:
                    yield Read(None if name in _ANY else name, node, node.value, scope)
        for each in self._flows.named:
            told = not each.is_set and (each.name is None or each.name in names)
            if told and self._holders.of(each.owner, each.scope) >= least:
                yield Read(each.name, each.call, each.owner, each.scope)

    def all_reads(self) -> Iterator[Read]:
        """Every attribute that is read of what may be the very object."""
        for name, found in self._flows.attributes.items():
            for node, scope in found:
                if node not in self._set and self._holders.may_be(node.value, scope):
                    yield Read(name, node, node.value, scope)
        for each in self._flows.named:
            if not each.is_set and self._holders.may_be(each.owner, each.scope):
                yield Read(each.name, each.call, each.owner, each.scope)

    def sets(self, names: Collection[str], but: nodes.Node | None = None) -> bool:
        """True if one of these attributes is set, or may be, on what may be or hold the object, `but` by one call."""
        for target, _, scope in self._flows.assigned:
            named = isinstance(target, nodes.Attribute) and target.attr.value in names
            if named and self._holders.of(target.value, scope) >= WITHIN:
                return True
        return self.sets_by_name(names, but) or any(True for _ in self.reads(()))

    def sets_by_name(self, names: Collection[str], but: nodes.Node | None = None) -> bool:
        """True if `setattr` may set one of these attributes on what may be or hold the object."""
        told = (each for each in self._flows.named if each.name is None or (each.name in names and each.is_set))
        return any(self._holders.of(each.owner, each.scope) >= WITHIN for each in told if each.call is not but)

    def gifts(self, least: int = WITHIN) -> Iterator[Gift]:
        """The calls that are given so much of the object and are neither seen whole nor only hand it on."""
        for node, scope in self._flows.calls:
            given = [arg.value for arg in node.args]
            if any(self._holders.of(each, scope) >= least or self._holders.may_be(each, scope) for each in given):
                callee = self._flows.origins.callee(node, scope)
                if not self._only_hands_on(node, callee):
                    yield Gift(node, scope, callee)

    def _only_hands_on(self, node: nodes.Call, callee: Callee) -> bool:
        if callee.strange or callee.path:
            return False
        if callee.functions or callee.classes:
            return all(map(self._has_constructor, callee.classes))
        func = node.func
        if isinstance(func, nodes.Name):
            return func.value in BUILTINS and func.value in _CARRYING
        if not isinstance(func, nodes.Attribute):
            return False
        return func.attr.value in _STORING or (func.attr.value in _RUNNING and self._runs_own(node))

    def _has_constructor(self, site: ClassSite) -> bool:
        """True if the constructor of a class is one of the programs, which is read like any function."""
        return self._flows.origins.has(site, "__init__")

    def _runs_own(self, node: nodes.Call) -> bool:
        """True if the first argument is a function of the programs."""
        scope = self._flows.sites[node].scope if node in self._flows.sites else None
        return (
            scope is not None and bool(node.args) and bool(self._flows.origins.definitions(node.args[0].value, scope))
        )
