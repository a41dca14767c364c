"""Names of Keras that a program finds by a name that it works out: `getattr(regularizers, config["name"])`."""

from __future__ import annotations

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import surest
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module
from kreglint.facts.values import Provenance, Symbol


def found_by_name(site: CallSite, module: Module) -> tuple[str, ...]:
    """The paths of what a call calls, where `getattr` finds it in Keras; none where it is only a default."""
    func: nodes.Expression = site.node.func
    bound = lookup(func.value, site.scope, site.time) if isinstance(func, nodes.Name) else None
    if isinstance(bound, ExpressionBinding) and bound.whole:
        func = bound.value
    if not isinstance(func, nodes.Call) or not isinstance(func.func, nodes.Name) or func.func.value != "getattr":
        return ()
    callee = infer(site.node.func, module.of(site))
    paths = [way.path if isinstance(way, Symbol) and canonical(way.path) is not None else "" for way in callee.ways]
    return tuple(paths) if all(paths) and surest(callee) <= Provenance.CALLERS else ()
