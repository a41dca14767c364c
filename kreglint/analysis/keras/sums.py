"""What the statements of a function set a name to, and what they add to it."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.sources import VARIABLES
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants


def values_of(name: str, body: nodes.Node) -> list[tuple[nodes.Expression, bool]]:
    """Return all that a body sets a name to, each with whether it is added.

    An unpacking counts with the whole value.
    """
    found: list[tuple[nodes.Expression, bool]] = []
    for node in descendants(body):
        if isinstance(node, nodes.AugAssign) and isinstance(node.target, nodes.Name) and node.target.value == name:
            found.append((node.value, isinstance(node.operator, nodes.Add)))
        else:
            found += [(value, False) for target, value in _bound_by(node) if name in _names(target)]
    return found


def _bound_by(node: nodes.Node) -> Iterator[tuple[nodes.Expression, nodes.Expression]]:
    """Yield what a statement or expression binds, with the value that it is or comes from."""
    match node:
        case nodes.Assign():
            yield from ((target.target, node.value) for target in node.targets)
        case nodes.AnnAssign() | nodes.NamedExpr() if node.value is not None:
            yield node.target, node.value
        case nodes.For() | nodes.CompFor():
            yield node.target, node.iter
        case nodes.WithItem() if node.asname is not None:
            yield node.asname.name, node.item


def _names(target: nodes.Expression) -> list[str]:
    return [node.value for node in descendants(target) if isinstance(node, nodes.Name)]


def only_value(name: nodes.Name, body: nodes.Node) -> nodes.Expression | None:
    """Return what a name certainly is in a body: it is set once, to this."""
    values = values_of(name.value, body)
    plain = sum(
        isinstance(node, nodes.Assign) and any(_names(t.target) == [name.value] for t in node.targets)
        for node in descendants(body)
    )
    return values[0][0] if len(values) == 1 and plain == 1 else None


def sum_of(node: nodes.Expression, body: nodes.Node) -> list[nodes.Expression]:
    """Return what an expression is the sum of, with what a body adds to it, where it is a name that is set once."""
    if not isinstance(node, nodes.Name):
        return terms_of(node)
    values = values_of(node.value, body)
    first = [value for value, added in values if not added]
    plain = any(
        isinstance(each, nodes.Assign)
        and each.value in first
        and [_names(t.target) for t in each.targets] == [[node.value]]
        for each in descendants(body)
    )
    if len(first) != 1 or not plain:
        return []
    return [term for value, _ in values for term in terms_of(value)]


def trained_models(variables: nodes.Expression, body: nodes.Node) -> Iterator[nodes.Expression]:
    """Yield the models in `model.trainable_variables`, in sums and lists of these, and in a name that is that."""
    for term in sum_of(variables, body):
        parts = [part.value for part in term.elements] if isinstance(term, (nodes.List, nodes.Tuple)) else [term]
        for part in parts:
            each = part.value if isinstance(part, nodes.StarredElement) else part
            if isinstance(each, nodes.Attribute) and each.attr.value in VARIABLES:
                yield each.value


def added_to(call: nodes.Call, body: nodes.Node) -> Iterator[nodes.Expression]:
    """Yield what a body adds to what a call gives: in the same sum, or to the one name that is set to it."""
    for node in descendants(body):
        if isinstance(node, nodes.Assign):
            terms = terms_of(node.value)
            if any(term is call for term in terms):
                yield from terms
                yield from _added_later(node, body)


def _added_later(node: nodes.Assign, body: nodes.Node) -> Iterator[nodes.Expression]:
    target = node.targets[0].target
    if len(node.targets) != 1 or not isinstance(target, nodes.Name):
        return
    added_terms: list[nodes.Expression] = []
    for value, added in values_of(target.value, body):
        terms = terms_of(value)
        again = any(isinstance(term, nodes.Name) and term.value == target.value for term in terms)
        if value is not node.value and not (added or again):
            return
        added_terms += terms if value is not node.value else ()
    yield from added_terms


def added_for_training(call: nodes.Call, body: nodes.Node) -> Iterator[nodes.Expression]:
    """Yield what a body adds, under another name of which the gradient is taken, to the name that is set to a call."""
    sums = [node for node in descendants(body) if isinstance(node, nodes.Assign) and len(node.targets) == 1]
    for name in (each.targets[0].target for each in sums if each.value is call):
        if isinstance(name, nodes.Name) and only_value(name, body) is call:
            for node in sums:
                terms, target = terms_of(node.value), node.targets[0].target
                added = any(isinstance(term, nodes.Name) and term.value == name.value for term in terms)
                if added and len(terms) > 1 and isinstance(target, nodes.Name) and _is_trained(target.value, body):
                    yield from terms


def _is_trained(name: str, body: nodes.Node) -> bool:
    """True if the gradient of a name is taken, `tape.gradient(name, …)`."""
    for node in descendants(body):
        if (
            isinstance(node, nodes.Call)
            and isinstance(node.func, nodes.Attribute)
            and node.func.attr.value == "gradient"
        ):
            given = node.args[0].value if node.args else None
            if isinstance(given, nodes.Name) and given.value == name:
                return True
    return False


def terms_of(node: nodes.Expression) -> list[nodes.Expression]:
    """Return what a sum is made of; anything else is one term."""
    if isinstance(node, nodes.BinaryOperation) and isinstance(node.operator, nodes.Add):
        return [*terms_of(node.left), *terms_of(node.right)]
    return [node]
