"""Whether a condition tells a parameter that is given from one that is not: what is then refused is not dropped."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from itertools import pairwise

from kreglint.analysis.semantic.constants import NAMES, NotConstantError, literal
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_Outcome = tuple[bool, bool]  # with a value that is given, and without one
_ANY = frozenset(((True, True), (True, False), (False, True), (False, False)))
_UNRELATED = frozenset(((True, True), (False, False)))
_GIVEN, _MISSING = 1e-3, 0.0  # a λ as it is mostly written, and none
_ORDER: dict[type[nodes.ComparisonOperator], Callable[[float, float], bool]] = {
    nodes.LessThan: operator.lt,
    nodes.LessThanEqual: operator.le,
    nodes.GreaterThan: operator.gt,
    nodes.GreaterThanEqual: operator.ge,
    nodes.Equal: operator.eq,
    nodes.NotEqual: operator.ne,
}
_SAME = (nodes.Is, nodes.Equal)
_OTHER = (nodes.IsNot, nodes.NotEqual)


def may_refuse(test: nodes.Expression, name: str, *, where: bool) -> bool:
    """True if a test may be `where` for a usual value that is given by a name, and the opposite without one."""
    return (where, not where) in _outcomes(test, name)


def _outcomes(test: nodes.Expression, name: str) -> frozenset[_Outcome]:
    """Return what a test may be."""
    match test:
        case nodes.Name() if test.value == name:
            return frozenset(((True, False),))
        case nodes.UnaryOperation(operator=nodes.Not(), expression=inner):
            return frozenset((not given, not missing) for given, missing in _outcomes(inner, name))
        case nodes.BooleanOperation(left=left, operator=joint, right=right):
            join = operator.and_ if isinstance(joint, nodes.And) else operator.or_
            return _joined(_outcomes(left, name), _outcomes(right, name), join)
        case nodes.Comparison():
            return _compared(test, name)
    return _ANY if _mentions(test, name) else _UNRELATED


def _compared(test: nodes.Comparison, name: str) -> frozenset[_Outcome]:
    """Return what a comparison may be: each of its links has to hold."""
    sides = (test.left, *(each.comparator for each in test.comparisons))
    found = frozenset(((True, True),))
    for (left, right), target in zip(pairwise(sides), test.comparisons, strict=True):
        found = _joined(found, _linked(left, target.operator, right, name), operator.and_)
    return found


def _linked(
    left: nodes.Expression, link: nodes.ComparisonOperator, right: nodes.Expression, name: str
) -> frozenset[_Outcome]:
    if not _mentions(left, name) and not _mentions(right, name):
        return _UNRELATED
    first = isinstance(left, nodes.Name) and left.value == name
    other = right if first else left
    if not first and not (isinstance(right, nodes.Name) and right.value == name):
        return _ANY
    if isinstance(other, nodes.Name) and NAMES.get(other.value, ...) is None:
        return frozenset(_none(link))
    compare, number = _ORDER.get(type(link)), _number(other)
    if compare is None or number is None:
        return _ANY
    given, missing = (compare(each, number) if first else compare(number, each) for each in (_GIVEN, _MISSING))
    return frozenset(((given, missing),))


def _none(link: nodes.ComparisonOperator) -> Iterator[_Outcome]:
    """Yield what a comparison with `None` may be."""
    if isinstance(link, _SAME):
        yield False, True
    elif isinstance(link, _OTHER):
        yield True, False
    else:
        yield from _ANY


def _number(node: nodes.Expression) -> float | None:
    try:
        value = literal(node)
    except NotConstantError:
        return None
    return value if isinstance(value, (int, float)) else None


def _joined(
    left: frozenset[_Outcome], right: frozenset[_Outcome], join: Callable[[bool, bool], bool]
) -> frozenset[_Outcome]:
    return frozenset((join(a, c), join(b, d)) for a, b in left for c, d in right)


def _mentions(node: nodes.Node, name: str) -> bool:
    return any(isinstance(each, nodes.Name) and each.value == name for each in descendants(node))
