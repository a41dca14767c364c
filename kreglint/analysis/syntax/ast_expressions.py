"""Expressions of the standard library's `ast`, and parameters, as nodes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.ast_operations import OPERATIONS
from kreglint.analysis.syntax.conversion import COMPUTED, Conversion, Handlers, Made
from kreglint.analysis.syntax.walk import descendants

_HAVE_PLACES = sys.version_info >= (3, 12)  # the parts of f-strings
_CONSTANT_NAMES = {True: "True", False: "False", None: "None"}


def _name(conv: Conversion, part: ast.Name, start: int, end: int) -> nodes.Name:
    return nodes.Name(start, end, part.id)


def _constant(conv: Conversion, part: ast.Constant, start: int, end: int) -> nodes.Expression:
    value: Any = part.value
    kind = value.__class__
    if kind is str or kind is bytes:
        return nodes.SimpleString(start, end, value)
    if kind is int:
        return nodes.Integer(start, end, value)
    if kind is float:
        return nodes.Float(start, end, value)
    if kind is complex:
        return nodes.Imaginary(start, end, value)
    if value is ...:
        return nodes.Ellipsis(start, end)
    return nodes.Name(start, end, _CONSTANT_NAMES[value])


def _attribute(conv: Conversion, part: ast.Attribute, start: int, end: int) -> nodes.Attribute:
    name = part.attr
    place = (end - len(name), end) if conv.is_ascii else conv.places.name_before(end, name)
    return nodes.Attribute(start, end, conv.node(part.value), nodes.Name(*place, name))


def _call(conv: Conversion, part: ast.Call, start: int, end: int) -> nodes.Call:
    func = conv.node(part.func)
    given: list[nodes.Arg] = []
    if part.args:
        last = conv.text.find("(", func.end, end) + 1
        for each in part.args:
            given.append(positional(conv, each, last, end - 1))
            last = given[-1].end
    given += map(conv.node, part.keywords)
    if part.args and part.keywords:
        given.sort(key=_start)
    return nodes.Call(start, end, func, tuple(given))


def positional(conv: Conversion, part: ast.expr, last: int, closed: int) -> nodes.Arg:
    """Return an argument without a keyword; `last` is where the one before it ends."""
    value = conv.node(part)
    if value.__class__ is nodes.StarredElement:
        return nodes.Arg(value.start, value.end, value.value, None, "*")
    start, end = conv.places.within_parentheses(value.start, value.end, last, closed)
    return nodes.Arg(start, end, value, None, "")


def _keyword(conv: Conversion, part: ast.keyword, start: int, end: int) -> nodes.Arg:
    value = conv.node(part.value)
    if part.arg is None:
        return nodes.Arg(start, end, value, None, "**")
    place = conv.places.name_at(start, part.arg)
    return nodes.Arg(start, end, value, nodes.Name(*place, part.arg), "")


def _starred(conv: Conversion, part: ast.Starred, start: int, end: int) -> nodes.StarredElement:
    return nodes.StarredElement(start, end, conv.node(part.value))


def _subscript(conv: Conversion, part: ast.Subscript, start: int, end: int) -> nodes.Subscript:
    value = conv.node(part.value)
    index = conv.node(part.slice)
    parts = [index]
    if index.__class__ is nodes.Tuple and index.start == conv.places.offset(part.slice.lineno, part.slice.col_offset):
        parts = [each if each.__class__ is nodes.StarredElement else each.value for each in index.elements]
    return nodes.Subscript(start, end, value, tuple(map(_element_of_subscript, parts)))


def _slice(conv: Conversion, part: ast.Slice, start: int, end: int) -> nodes.Slice:
    return nodes.Slice(start, end, conv.maybe(part.lower), conv.maybe(part.upper), conv.maybe(part.step))


def _if_expression(conv: Conversion, part: ast.IfExp, start: int, end: int) -> nodes.IfExp:
    return nodes.IfExp(start, end, conv.node(part.test), conv.node(part.body), conv.node(part.orelse))


def _walrus(conv: Conversion, part: ast.NamedExpr, start: int, end: int) -> nodes.NamedExpr:
    return nodes.NamedExpr(start, end, conv.node(part.target), conv.node(part.value))


def _lambda(conv: Conversion, part: ast.Lambda, start: int, end: int) -> nodes.Lambda:
    return nodes.Lambda(start, end, parameters_of(conv, part.args, start), conv.node(part.body))


def elements_of(conv: Conversion, parts: Sequence[ast.expr]) -> tuple[nodes.BaseElement, ...]:
    found = []
    for part in parts:
        value = conv.node(part)
        if value.__class__ is not nodes.StarredElement:
            value = nodes.Element(value.start, value.end, value)
        found.append(value)
    return tuple(found)


def _tuple(conv: Conversion, part: ast.Tuple, start: int, end: int) -> nodes.Tuple:
    elements = elements_of(conv, part.elts)
    if conv.text[start] == "(" and _is_parenthesized(conv, elements, start, end):
        start, end = conv.places.without_parentheses(start, elements[-1].end if elements else start + 1, end)
    return nodes.Tuple(start, end, elements)


def _is_parenthesized(conv: Conversion, elements: tuple[nodes.BaseElement, ...], start: int, end: int) -> bool:
    """True if a tuple that begins with a parenthesis has it to itself, or its first element has."""
    if not elements:
        return True
    after = elements[1].start if len(elements) > 1 else end
    return conv.places.is_parenthesized(start, (elements[0].start, elements[0].end), after)


def _list(conv: Conversion, part: ast.List, start: int, end: int) -> nodes.List:
    return nodes.List(start, end, elements_of(conv, part.elts))


def _set(conv: Conversion, part: ast.Set, start: int, end: int) -> nodes.Set:
    return nodes.Set(start, end, elements_of(conv, part.elts))


def _dict(conv: Conversion, part: ast.Dict, start: int, end: int) -> nodes.Dict:
    elements: list[nodes.DictElement | nodes.StarredDictElement] = []
    for key, value in zip(part.keys, part.values, strict=True):
        inner = conv.node(value)
        if key is None:
            elements.append(nodes.StarredDictElement(inner.start, inner.end, inner))
        else:
            name = conv.node(key)
            last = conv.places.within_parentheses(inner.start, inner.end, name.end, end - 1)[1]
            elements.append(nodes.DictElement(name.start, last, name, inner))
    return nodes.Dict(start, end, tuple(elements))


def _loops(conv: Conversion, generators: Sequence[ast.comprehension]) -> nodes.CompFor:
    inner: nodes.CompFor | None = None
    for each in reversed(generators):
        target, iterable = conv.node(each.target), conv.node(each.iter)
        tests = [conv.node(test) for test in each.ifs]
        ifs = tuple(nodes.CompIf(test.start, test.end, test) for test in tests)
        last = inner or (tests[-1] if tests else iterable)
        inner = nodes.CompFor(target.start, last.end, target, iterable, ifs, inner)
    assert inner is not None
    return inner


def _generator(conv: Conversion, part: ast.GeneratorExp, start: int, end: int) -> nodes.GeneratorExp:
    elt, loops = conv.node(part.elt), _loops(conv, part.generators)
    return nodes.GeneratorExp(*conv.places.without_parentheses(start, loops.end, end), elt, loops)


def _list_comprehension(conv: Conversion, part: ast.ListComp, start: int, end: int) -> nodes.ListComp:
    return nodes.ListComp(start, end, conv.node(part.elt), _loops(conv, part.generators))


def _set_comprehension(conv: Conversion, part: ast.SetComp, start: int, end: int) -> nodes.SetComp:
    return nodes.SetComp(start, end, conv.node(part.elt), _loops(conv, part.generators))


def _dict_comprehension(conv: Conversion, part: ast.DictComp, start: int, end: int) -> nodes.Expression:
    if part.value is None:  # `{**each for each in …}`, of Python 3.15
        return nodes.Opaque(start, end, (), COMPUTED)
    return nodes.DictComp(start, end, conv.node(part.key), conv.node(part.value), _loops(conv, part.generators))


def _await(conv: Conversion, part: ast.Await, start: int, end: int) -> nodes.Await:
    return nodes.Await(start, end, conv.node(part.value))


def _yield(conv: Conversion, part: ast.Yield, start: int, end: int) -> nodes.Yield:
    return nodes.Yield(start, end, conv.maybe(part.value))


def _yield_from(conv: Conversion, part: ast.YieldFrom, start: int, end: int) -> nodes.Yield:
    item = conv.node(part.value)
    return nodes.Yield(start, end, nodes.From(item.start, item.end, item))


def _joined(conv: Conversion, part: ast.JoinedStr, start: int, end: int) -> nodes.Expression:
    made = nodes.FormattedString(start, end, _string_parts(conv, part.values, start, end))
    return made if _HAVE_PLACES or _is_placed(conv, made) else conv.formatted(start, end)


def _is_placed(conv: Conversion, made: nodes.FormattedString) -> bool:
    """True if the names and calls in an f-string stand where `ast` says."""
    text = conv.text
    for node in descendants(made):
        if node.__class__ is nodes.Call and text[node.end - 1] != ")":
            return False
        name = node.attr if isinstance(node, nodes.Attribute) else node
        if isinstance(name, nodes.Name) and text[name.start : name.end] != name.value:
            return False
    return True


def _string_parts(conv: Conversion, parts: Sequence[ast.expr], start: int, end: int) -> tuple[nodes.Node, ...]:
    found: list[nodes.Node] = []
    for part in parts:
        if isinstance(part, ast.Constant):
            found.append(nodes.FormattedStringText(start, end, str(part.value)))
        elif isinstance(part, ast.FormattedValue):
            spec = part.format_spec
            inner = _string_parts(conv, spec.values, start, end) if isinstance(spec, ast.JoinedStr) else ()
            value = conv.node(part.value)
            found.append(nodes.FormattedStringExpression(start, end, value, inner, part.conversion != -1))
    return tuple(found)


def parameters_of(conv: Conversion, part: ast.arguments, start: int) -> nodes.Parameters:
    plain = [*part.posonlyargs, *part.args]
    without = len(plain) - len(part.defaults)
    defaults = [*([None] * without), *part.defaults]
    params = [_param(conv, each, default) for each, default in zip(plain, defaults, strict=True)]
    only = tuple(_param(conv, *each) for each in zip(part.kwonlyargs, part.kw_defaults, strict=True))
    count = len(part.posonlyargs)
    return nodes.Parameters(
        params[0].start if params else start,
        params[-1].end if params else start,
        tuple(params[count:]),
        _param(conv, part.vararg, None) if part.vararg is not None else None,
        only,
        _param(conv, part.kwarg, None) if part.kwarg is not None else None,
        tuple(params[:count]),
    )


def _param(conv: Conversion, part: ast.arg, default: ast.expr | None) -> nodes.Param:
    start = conv.places.offset(part.lineno, part.col_offset)
    value = conv.maybe(default)
    name = nodes.Name(*conv.places.name_at(start, part.arg), part.arg)
    annotation = annotation_of(conv, part.annotation) if part.annotation is not None else None
    end = (value or annotation or name).end
    return nodes.Param(start, end, name, annotation, value)


def annotation_of(conv: Conversion, part: ast.expr) -> nodes.Annotation:
    inner = conv.node(part)
    return nodes.Annotation(inner.start, inner.end, inner)


def _start(node: nodes.Node) -> int:
    return node.start


def _element_of_subscript(part: Made) -> nodes.SubscriptElement:
    if part.__class__ is nodes.StarredElement:
        part = nodes.Index(part.start, part.end, part.value, "*")
    elif part.__class__ is not nodes.Slice:
        part = nodes.Index(part.start, part.end, part, None)
    return nodes.SubscriptElement(part.start, part.end, part)


EXPRESSIONS: Handlers = {
    **OPERATIONS,
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.keyword: _keyword,
    ast.Starred: _starred,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.IfExp: _if_expression,
    ast.NamedExpr: _walrus,
    ast.Lambda: _lambda,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.GeneratorExp: _generator,
    ast.ListComp: _list_comprehension,
    ast.SetComp: _set_comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.JoinedStr: _joined,
}
