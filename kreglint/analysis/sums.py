"""What the statements of a function set a name to, and what they add to it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.walk import descendants


def values_of(name: str, body: cst.CSTNode) -> list[tuple[cst.BaseExpression, bool]]:
    """All that a body sets a name to, each with whether it is added; an unpacking counts with the whole value."""
    found: list[tuple[cst.BaseExpression, bool]] = []
    for node in descendants(body):
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name) and node.target.value == name:
            found.append((node.value, isinstance(node.operator, cst.AddAssign)))
        else:
            found += [(value, False) for target, value in _bound_by(node) if name in _names(target)]
    return found


def _bound_by(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """What a statement or expression binds, with the value that it is or comes from."""
    match node:
        case cst.Assign():
            yield from ((target.target, node.value) for target in node.targets)
        case cst.AnnAssign() | cst.NamedExpr() if node.value is not None:
            yield node.target, node.value
        case cst.For() | cst.CompFor():
            yield node.target, node.iter
        case cst.WithItem() if node.asname is not None:
            yield node.asname.name, node.item


def _names(target: cst.BaseExpression) -> list[str]:
    return [node.value for node in descendants(target) if isinstance(node, cst.Name)]


def only_value(name: cst.Name, body: cst.CSTNode) -> cst.BaseExpression | None:
    """What a name certainly is in a body: it is set once, to this."""
    values = values_of(name.value, body)
    plain = sum(
        isinstance(node, cst.Assign) and any(_names(t.target) == [name.value] for t in node.targets)
        for node in descendants(body)
    )
    return values[0][0] if len(values) == 1 and plain == 1 else None


def added_to(call: cst.Call, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a body adds to what a call gives: in the same sum, or to the one name that is set to it."""
    for node in descendants(body):
        if isinstance(node, cst.Assign):
            terms = terms_of(node.value)
            if any(term is call for term in terms):
                yield from terms
                yield from _added_later(node, body)


def _added_later(node: cst.Assign, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    target = node.targets[0].target
    if len(node.targets) != 1 or not isinstance(target, cst.Name):
        return
    added_terms: list[cst.BaseExpression] = []
    for value, added in values_of(target.value, body):
        terms = terms_of(value)
        again = any(isinstance(term, cst.Name) and term.value == target.value for term in terms)
        if value is not node.value and not (added or again):
            return
        added_terms += terms if value is not node.value else ()
    yield from added_terms


def added_for_training(call: cst.Call, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a body adds, under another name of which the gradient is taken, to the one name that is set to a call."""
    sums = [node for node in descendants(body) if isinstance(node, cst.Assign) and len(node.targets) == 1]
    for name in (each.targets[0].target for each in sums if each.value is call):
        if isinstance(name, cst.Name) and only_value(name, body) is call:
            for node in sums:
                terms, target = terms_of(node.value), node.targets[0].target
                added = any(isinstance(term, cst.Name) and term.value == name.value for term in terms)
                if added and len(terms) > 1 and isinstance(target, cst.Name) and _is_trained(target.value, body):
                    yield from terms


def _is_trained(name: str, body: cst.CSTNode) -> bool:
    """Whether the gradient of a name is taken, `tape.gradient(name, …)`."""
    for node in descendants(body):
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "gradient":
            given = node.args[0].value if node.args else None
            if isinstance(given, cst.Name) and given.value == name:
                return True
    return False


def terms_of(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """What a sum is made of; anything else is one term."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return [*terms_of(node.left), *terms_of(node.right)]
    return [node]
