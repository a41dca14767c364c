"""Classes on top of Keras' own regularizers whose constructor never runs theirs, so that the factor is not there."""

from __future__ import annotations

from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.module import OwnClass

_FACTORS = {
    "keras.regularizers.L1": "l1",
    "keras.regularizers.l1": "l1",
    "keras.regularizers.L2": "l2",
    "keras.regularizers.l2": "l2",
    "keras.regularizers.L1L2": "l1",
    "keras.regularizers.OrthogonalRegularizer": "factor",
}
_SIMPLE = (nodes.SimpleStatementLine, nodes.SmallStatement)
_MAY_NOT_RUN = (nodes.IfExp, nodes.BooleanOperation, nodes.Lambda, nodes.CompFor)


def unset_factor(cls: OwnClass, base: str) -> str:
    """Return the factor that the `__call__` of a class certainly reads by that of its base, and that it never sets."""
    made, name = _method(cls, "__init__"), _FACTORS.get(base, "")
    if made is None or not name or name in cls.site.attributes or cls.site.member(name) is not None:
        return ""
    if any(
        isinstance(each, nodes.Name | nodes.Attribute) and _word(each) in ("super", "__init__")
        for each in descendants(made.body)
    ):
        return ""
    called = _method(cls, "__call__")
    inherits = cls.site.member("__call__") is None
    return name if inherits or (called is not None and _runs_base(called)) else ""


def _method(cls: OwnClass, name: str) -> nodes.FunctionDef | None:
    bound = cls.site.member(name)
    node = bound.node if isinstance(bound, DefinitionBinding) else None
    return node if isinstance(node, nodes.FunctionDef) and not node.decorators else None


def _word(node: nodes.Name | nodes.Attribute) -> str:
    return node.value if isinstance(node, nodes.Name) else node.attr.value


def _runs_base(method: nodes.FunctionDef) -> bool:
    """True if a method comes to `super().__call__(…)` on every way."""
    for row in method.body.body:
        if not isinstance(row, _SIMPLE) or any(isinstance(each, _MAY_NOT_RUN) for each in descendants(row)):
            return False
        if any(isinstance(each, nodes.Attribute) and _is_base_call(each) for each in descendants(row)):
            return True
    return False


def _is_base_call(node: nodes.Attribute) -> bool:
    owner = node.value.func if isinstance(node.value, nodes.Call) else None
    return node.attr.value == "__call__" and isinstance(owner, nodes.Name) and owner.value == "super"
