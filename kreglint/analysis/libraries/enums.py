"""`enum`: the members of a class."""

from __future__ import annotations

from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ExpressionBinding
from kreglint.analysis.values.behaviour import attribute_of
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.infer import bound
from kreglint.analysis.values.module import Call, OwnClass
from kreglint.analysis.values.objects import InstanceValue, class_value
from kreglint.analysis.values.own_classes import ancestors
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Value, unknown


def _is_enum(cls: OwnClass) -> bool:
    return any(isinstance(base, str) and base.startswith("enum.") for base in ancestors(cls))


def member(name: str, span: Span, cls: OwnClass, binding: Binding) -> Value | None:
    """`Kind.NAME`."""
    if isinstance(binding, DefinitionBinding) or not _is_enum(cls):
        return None
    if not isinstance(binding, ExpressionBinding):
        return unknown(span, f"'{name}' of '{cls.name}' is no plain member")
    value = bound(name, span, binding, cls.home.end)
    text = Const(span=value.span, value=name)
    fields = (("value", value), ("_value_", value), ("name", text), ("_name_", text))
    return InstanceValue(span=value.span, name=name, of=cls, certain=True, fields=fields, origin=value.origin)


def member_by_value(cls: OwnClass, call: Call) -> Value | None:
    """`Kind("l2")`: the one member that has a value."""
    if not _is_enum(cls):
        return None
    arguments, span = call.arguments(), call.span
    given = arguments[0].value if len(arguments) == 1 and not arguments[0].star else None
    callee = class_value(cls, span)
    for name in cls.site.scope.history:
        found = attribute_of(callee, name, span, call.at)
        value = attribute_of(found, "value", span, call.at) if found is not None else None
        if found is not None and isinstance(given, Const) and isinstance(value, Const) and value.value == given.value:
            return at_least(found, given.provenance)
    return unknown(span, "a member of an enum by its value")
