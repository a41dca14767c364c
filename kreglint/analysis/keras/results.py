"""What a function certainly gives back where a penalty is wanted: another function, a tuple, a regularizer."""

from __future__ import annotations

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import FunctionSite, ReturnSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.module import Module

_MADE = frozenset(
    f"keras.regularizers.{name}" for name in ("L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2")
)


def result_of(site: FunctionSite, home: Module) -> str:
    """Return in a word or two what every call gives back that is no penalty; empty where it may be one."""
    if not site.plain:
        yields = any(isinstance(each, nodes.Yield) for each in descendants(site.node))
        return "a generator" if yields else ""
    found = {_kind(each, site, home) for each in site.returns}
    return found.pop() if len(found) == 1 else ""


def _kind(given: ReturnSite, site: FunctionSite, home: Module) -> str:
    match given.value:
        case nodes.Lambda():
            return "a function"
        case nodes.Tuple(elements=(_, *_)):
            return "a tuple"
        case nodes.Name(value=name):
            bound = lookup(name, site.scope, given.time)
            local = isinstance(bound, DefinitionBinding) and isinstance(bound.node, nodes.FunctionDef)
            return "a function" if local and isinstance(bound, DefinitionBinding) and not bound.node.decorators else ""
        case nodes.Call(func=func):
            paths = home.paths.of(func, site.scope, given.time)
            return "a regularizer" if paths and all(canonical(path) in _MADE for path in paths) else ""
    return ""
