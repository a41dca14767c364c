"""Attributes: of modules, of classes and of their instances."""

from __future__ import annotations

from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.behaviour import attribute_of
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.mappings import is_changeable, kind_of, private
from kreglint.analysis.values.module import At
from kreglint.analysis.values.names import symbol
from kreglint.analysis.values.objects import inherited
from kreglint.analysis.values.own_classes import after_super
from kreglint.diagnostics import Span
from kreglint.facts.values import Symbol, Value, unknown


def attribute(node: nodes.Attribute, at: At) -> Value:
    module = at.module
    span, name = module.span(node), node.attr.value
    paths = module.paths.of(node, at.scope, at.time)
    found = _of_library(name, span, paths, at) or symbol(span, paths, module)
    if found is None:
        cls = after_super(node.value, at.scope, module)
        if cls is not None:
            found = inherited(name, span, cls, at)
        else:
            found = attribute_of(infer(node.value, at), name, span, at)
    return _unshared(node, found, at) if found is not None else unknown(span, _reason(node))


def _of_library(name: str, span: Span, paths: tuple[str, ...], at: At) -> Value | None:
    """Return an attribute of a name of a library, of which more is known than its path: `FLAGS.l2`."""
    owner = paths[0].rpartition(".")[0] if len(paths) == 1 else ""
    work = at.module.libraries.attributes.get(owner)
    return work(Symbol(span=span, path=owner), name, span, at) if work is not None else None


def _unshared(node: nodes.Attribute, value: Value, at: At) -> Value:
    """Return an attribute's value, unknown for a dict that the attribute also hands on to where it may be changed."""
    module, name = at.module, node.attr.value
    homes = {module, *(module.analysis.home(way.span) for way in value.ways)}
    if is_changeable(value) and not all(home.found.objects.keeps(name) for home in homes):
        return unknown(module.span(node), f"'{name}' is a {kind_of(value)} kept in an attribute")
    return private(value, lambda path: any(home.found.shared.has(f".{name}", path) for home in homes))


def _reason(node: nodes.Attribute) -> str:
    inner: nodes.Expression = node.value
    while isinstance(inner, nodes.Attribute):
        inner = inner.value
    return f"an attribute of '{inner.value}'" if isinstance(inner, nodes.Name) else "an attribute of an expression"
