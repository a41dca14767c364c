"""Code that a program runs only with some versions of Keras: a fault of the others is none there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Guard, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_VERSION_ATTRIBUTES = frozenset(("__version__", "VERSION"))
_VERSION_NAME = re.compile(
    r"_?(?:is_)?(?:keras|tf|tensorflow)_?(?:version|v)?_?[123]\w*|\w*keras_?version\w*", re.IGNORECASE
)


def asks_version(guards: Iterable[Guard]) -> bool:
    """True if one of the conditions asks for a version."""
    return any(guard.test is not None and _mentions(guard.test, guard.scope, guard.time) for guard in guards)


def _mentions(test: nodes.Expression, scope: Scope, time: int) -> bool:
    for node in descendants(test):
        if isinstance(node, nodes.Attribute) and node.attr.value in _VERSION_ATTRIBUTES:
            return True
        if isinstance(node, nodes.Name) and (_VERSION_NAME.fullmatch(node.value) or _is_version(node, scope, time)):
            return True
    return False


def _is_version(name: nodes.Name, scope: Scope, time: int) -> bool:
    bound = lookup(name.value, scope, time)
    if not isinstance(bound, ExpressionBinding):
        return False
    attributes = (node for node in descendants(bound.value) if isinstance(node, nodes.Attribute))
    return any(node.attr.value in _VERSION_ATTRIBUTES for node in attributes)
