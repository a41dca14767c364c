"""Attributes: of modules, and of the instance that a method is called on."""

from __future__ import annotations

import libcst as cst

from kreglint.analysis.evaluation.names import NameEvaluation, holds_mapping
from kreglint.analysis.objects import receiver_class
from kreglint.analysis.scopes import Binding, Scope
from kreglint.facts.values import Value, one_of


class AttributeEvaluation(NameEvaluation):
    """Works out attributes."""

    def attribute(self, node: cst.Attribute, scope: Scope, time: int) -> Value:
        span = self.span(node)
        found = self.symbol(span, self.paths.of(node, scope, time))
        if found is not None:
            return self._unshared(node, found)
        given = self._given_to_instance(node, scope)
        if given:
            with self.within(None):  # what other methods set, in calls of their own
                found = one_of([self.bound(node.attr.value, span, binding) for binding in given], span)
            return self._unshared(node, found)
        inner: cst.BaseExpression = node.value
        while isinstance(inner, cst.Attribute):
            inner = inner.value
        owner = f"'{inner.value}'" if isinstance(inner, cst.Name) else "an expression"
        return self.unknown(span, f"an attribute of {owner}")

    def _unshared(self, node: cst.Attribute, value: Value) -> Value:
        """An attribute's value, unknown for a dict: nobody can tell who else has it."""
        if holds_mapping(value):
            return self.unknown(self.span(node), f"'{node.attr.value}' is a dict kept in an attribute")
        return value

    def _given_to_instance(self, node: cst.Attribute, scope: Scope) -> tuple[Binding, ...]:
        """All that `self.x` may be; empty where it is no such attribute or others set it too."""
        receiver = receiver_class(node.value.value, scope) if isinstance(node.value, cst.Name) else None
        if receiver is None or not self.found.objects.is_settled(node.attr.value):
            return ()
        return self.found.objects.bindings(node.attr.value, receiver)
