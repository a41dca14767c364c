"""What is read, and whether whoever reads a dict or list may then change it."""

from __future__ import annotations

from kreglint.analysis.semantic.access_paths import ANY
from kreglint.analysis.semantic.sites import AttributeSite
from kreglint.analysis.semantic.walk import Walk, expression
from kreglint.analysis.syntax import nodes

_ATTRIBUTE_STORES = ("__dict__", "__setattr__", "__delattr__")


def name(walk: Walk, node: nodes.Name) -> bool:
    """Note a name that is read for itself: whoever gets a dict or list by it may change it."""
    scopes = walk.found.escapes.get(node.value)
    if scopes is None:
        walk.found.escapes[node.value] = {walk.scope}
    else:
        scopes.add(walk.scope)
    return False


def attribute(walk: Walk, node: nodes.Attribute) -> bool:
    """Note an attribute that is read for itself: whoever gets a dict by it may change it."""
    walk.found.objects.handed_on.add(node.attr.value)
    read_attribute(walk, node)
    return False


def read_attribute(walk: Walk, node: nodes.Attribute) -> None:
    if node.attr.value in _ATTRIBUTE_STORES:
        walk.found.objects.untraceable = walk.found.objects.untraceable_by_others = True
    if walk.is_noted(node.attr.value, _owner_name(walk, node.value)):
        walk.found.attributes.append(
            AttributeSite(
                node,
                walk.statement,
                walk.scope,
                walk.clock.now,
                walk.provoked,
                walk.guarded,
                guards=walk.around + walk.guards,
            )
        )
    if isinstance(node.value, nodes.Attribute):
        read_attribute(walk, node.value)
    else:
        expression(walk, node.value)


def _owner_name(walk: Walk, owner: nodes.Expression) -> str:
    """The last name of what an attribute is read of, by its own name where that is another one here."""
    if isinstance(owner, nodes.Name):
        return walk.aliases.get(owner.value, owner.value)
    return owner.attr.value if isinstance(owner, nodes.Attribute) else ""


def subscript(walk: Walk, node: nodes.Subscript) -> bool:
    note_item(walk, node)
    return parts_but_names(walk, node.value, *node.slice)


def note_item(walk: Walk, node: nodes.Subscript | nodes.Call) -> None:
    """Note an item that is read for itself: whoever gets a dict by it may change it."""
    if id(node) not in walk.read_on:
        walk.found.shared.note(node)


def comparison(walk: Walk, node: nodes.Comparison) -> bool:
    return parts_but_names(walk, node.left, *(target.comparator for target in node.comparisons))


def starred(walk: Walk, node: nodes.StarredDictElement) -> bool:
    walk.found.shared.note(node.value, ANY)
    return parts_but_names(walk, node.value)


def iterated(walk: Walk, node: nodes.Expression) -> None:
    """Walk what a loop or unpacking goes through: it gets hold of what that holds, but not of itself."""
    walk.found.shared.note(node, ANY)
    parts_but_names(walk, node)


def operand(walk: Walk, node: nodes.Expression, operator: nodes.BinaryOperator) -> None:
    """Walk a part of `left + right` or `left | right`: a list or dict among these is read for what it holds."""
    if isinstance(operator, (nodes.Add, nodes.BitOr)) and isinstance(node, nodes.Name):
        walk.found.shared.note(node, ANY)
    else:
        expression(walk, node)


def parts_but_names(walk: Walk, *parts: nodes.Node) -> bool:
    """Walk the parts; a plain name, attribute or item among them hands nothing on."""
    for part in parts:
        if isinstance(part, nodes.Attribute):
            read_attribute(walk, part)
        elif not isinstance(part, nodes.Name):
            walk.read_on.add(id(part))
            expression(walk, part)
    return False


def lent(walk: Walk, node: nodes.Expression, holder: nodes.Call | str, argument: nodes.Arg | None = None) -> bool:
    """Note a name or an item that gets one more name; whether it is one."""
    is_item = isinstance(node, (nodes.Name, nodes.Subscript))
    return is_item and walk.found.shared.lend(node, walk.scope, walk.clock.now, holder, argument)
