"""The tree of a program that the Python that runs us reads, made from the standard library's `ast`."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.places import Places
from kreglint.analysis.syntax.walk import descendants

Part = Any  # a node of ast's, whose fields the handler of its class knows
Made = Any  # the node for it, of the class that goes with that one
Formatted = Callable[[int, int], nodes.Expression]  # of the text between two offsets
_HAVE_PLACES = sys.version_info >= (3, 12)  # the parts of f-strings
_COMPUTED = "a computed value"
_CONSTANT_NAMES = {True: "True", False: "False", None: "None"}
_BINARY: dict[type[ast.operator], nodes.BinaryOperator] = {
    ast.Add: nodes.Add(0, 0),
    ast.Sub: nodes.Subtract(0, 0),
    ast.Mult: nodes.Multiply(0, 0),
    ast.Div: nodes.Divide(0, 0),
    ast.FloorDiv: nodes.FloorDivide(0, 0),
    ast.Mod: nodes.Modulo(0, 0),
    ast.Pow: nodes.Power(0, 0),
    ast.MatMult: nodes.MatrixMultiply(0, 0),
    ast.LShift: nodes.LeftShift(0, 0),
    ast.RShift: nodes.RightShift(0, 0),
    ast.BitOr: nodes.BitOr(0, 0),
    ast.BitAnd: nodes.BitAnd(0, 0),
    ast.BitXor: nodes.BitXor(0, 0),
}
_UNARY: dict[type[ast.unaryop], nodes.UnaryOperator] = {
    ast.USub: nodes.Minus(0, 0),
    ast.UAdd: nodes.Plus(0, 0),
    ast.Not: nodes.Not(0, 0),
    ast.Invert: nodes.BitInvert(0, 0),
}
_BOOLEAN: dict[type[ast.boolop], nodes.BooleanOperator] = {ast.And: nodes.And(0, 0), ast.Or: nodes.Or(0, 0)}
_COMPARISON: dict[type[ast.cmpop], nodes.ComparisonOperator] = {
    ast.Eq: nodes.Equal(0, 0),
    ast.NotEq: nodes.NotEqual(0, 0),
    ast.Lt: nodes.LessThan(0, 0),
    ast.LtE: nodes.LessThanEqual(0, 0),
    ast.Gt: nodes.GreaterThan(0, 0),
    ast.GtE: nodes.GreaterThanEqual(0, 0),
    ast.Is: nodes.Is(0, 0),
    ast.IsNot: nodes.IsNot(0, 0),
    ast.In: nodes.In(0, 0),
    ast.NotIn: nodes.NotIn(0, 0),
}


def module(tree: ast.Module, text: str, formatted: Formatted) -> nodes.Module:
    """The tree of a text, of what `ast.parse` makes of it.

    `formatted` reads an f-string anew where `ast` does not tell where its parts stand.
    """
    builder = _Builder(Places(text), formatted)
    return nodes.Module(0, len(text), builder.statements(tree.body))


class _Builder:
    def __init__(self, places: Places, formatted: Formatted) -> None:
        self.places = places
        self.formatted = formatted
        self.text = places.text
        self._starts = places.starts
        self._is_ascii = places.is_ascii

    def node(self, part: Part) -> Made:
        """What stands for a part of ast's tree."""
        starts = self._starts
        if self._is_ascii:
            start = starts[part.lineno - 1] + part.col_offset
            end = starts[part.end_lineno - 1] + part.end_col_offset
        else:
            start = self.places.offset(part.lineno, part.col_offset)
            end = self.places.offset(part.end_lineno, part.end_col_offset)
        handler = self.handlers.get(part.__class__)
        return handler(self, part, start, end) if handler is not None else self._opaque(part, start, end)

    def maybe(self, part: Part | None) -> Made:
        return self.node(part) if part is not None else None

    def _opaque(self, part: Part, start: int, end: int) -> nodes.Node:
        parts = tuple(self._within(part))
        return (
            nodes.OpaqueStatement(start, end, parts)
            if isinstance(part, ast.stmt)
            else nodes.Opaque(start, end, parts, _COMPUTED)
        )

    def _within(self, part: ast.AST) -> list[nodes.Node]:
        """The nodes for the parts of one that is not understood."""
        found: list[nodes.Node] = []
        for inner in ast.iter_child_nodes(part):
            if isinstance(inner, (ast.expr, ast.stmt)):
                found.append(self.node(inner))
            else:
                found += self._within(inner)
        return found

    # Expressions

    def _name(self, part: ast.Name, start: int, end: int) -> nodes.Name:
        return nodes.Name(start, end, part.id)

    def _constant(self, part: ast.Constant, start: int, end: int) -> nodes.Expression:
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

    def _attribute(self, part: ast.Attribute, start: int, end: int) -> nodes.Attribute:
        name = part.attr
        place = (end - len(name), end) if self._is_ascii else self.places.name_before(end, name)
        return nodes.Attribute(start, end, self.node(part.value), nodes.Name(*place, name))

    def _call(self, part: ast.Call, start: int, end: int) -> nodes.Call:
        func = self.node(part.func)
        given: list[nodes.Arg] = []
        if part.args:
            last = self.text.find("(", func.end, end) + 1
            for each in part.args:
                given.append(self._positional(each, last, end - 1))
                last = given[-1].end
        given += map(self.node, part.keywords)
        if part.args and part.keywords:
            given.sort(key=_start)
        return nodes.Call(start, end, func, tuple(given))

    def _positional(self, part: ast.expr, last: int, closed: int) -> nodes.Arg:
        """An argument without a keyword; `last` is where the one before it ends."""
        value = self.node(part)
        if value.__class__ is nodes.StarredElement:
            return nodes.Arg(value.start, value.end, value.value, None, "*")
        start, end = self.places.within_parentheses(value.start, value.end, last, closed)
        return nodes.Arg(start, end, value, None, "")

    def _keyword(self, part: ast.keyword, start: int, end: int) -> nodes.Arg:
        value = self.node(part.value)
        if part.arg is None:
            return nodes.Arg(start, end, value, None, "**")
        place = self.places.name_at(start, part.arg)
        return nodes.Arg(start, end, value, nodes.Name(*place, part.arg), "")

    def _starred(self, part: ast.Starred, start: int, end: int) -> nodes.StarredElement:
        return nodes.StarredElement(start, end, self.node(part.value))

    def _subscript(self, part: ast.Subscript, start: int, end: int) -> nodes.Subscript:
        value = self.node(part.value)
        index = self.node(part.slice)
        parts = [index]
        if index.__class__ is nodes.Tuple and index.start == self.places.offset(
            part.slice.lineno, part.slice.col_offset
        ):
            parts = [each if each.__class__ is nodes.StarredElement else each.value for each in index.elements]
        return nodes.Subscript(start, end, value, tuple(map(_element_of_subscript, parts)))

    def _slice(self, part: ast.Slice, start: int, end: int) -> nodes.Slice:
        return nodes.Slice(start, end, self.maybe(part.lower), self.maybe(part.upper), self.maybe(part.step))

    def _binary(self, part: ast.BinOp, start: int, end: int) -> nodes.BinaryOperation:
        return nodes.BinaryOperation(
            start, end, self.node(part.left), _BINARY[part.op.__class__], self.node(part.right)
        )

    def _unary(self, part: ast.UnaryOp, start: int, end: int) -> nodes.UnaryOperation:
        return nodes.UnaryOperation(start, end, _UNARY[part.op.__class__], self.node(part.operand))

    def _boolean(self, part: ast.BoolOp, start: int, end: int) -> nodes.Expression:
        first, *others = part.values
        operator = _BOOLEAN[part.op.__class__]
        left: nodes.Expression = self.node(first)
        for each in others:
            right = self.node(each)
            left = nodes.BooleanOperation(start, right.end, left, operator, right)
        left.end = end
        return left

    def _compare(self, part: ast.Compare, start: int, end: int) -> nodes.Comparison:
        targets = []
        left = self.node(part.left)
        for operator, each in zip(part.ops, part.comparators, strict=True):
            comparator = self.node(each)
            kind = _COMPARISON[operator.__class__]
            targets.append(nodes.ComparisonTarget(comparator.start, comparator.end, kind, comparator))
        return nodes.Comparison(start, end, left, tuple(targets))

    def _if_expression(self, part: ast.IfExp, start: int, end: int) -> nodes.IfExp:
        return nodes.IfExp(start, end, self.node(part.test), self.node(part.body), self.node(part.orelse))

    def _walrus(self, part: ast.NamedExpr, start: int, end: int) -> nodes.NamedExpr:
        return nodes.NamedExpr(start, end, self.node(part.target), self.node(part.value))

    def _lambda(self, part: ast.Lambda, start: int, end: int) -> nodes.Lambda:
        return nodes.Lambda(start, end, self._parameters(part.args, start), self.node(part.body))

    def _elements(self, parts: Sequence[ast.expr]) -> tuple[nodes.BaseElement, ...]:
        found = []
        for part in parts:
            value = self.node(part)
            if value.__class__ is not nodes.StarredElement:
                value = nodes.Element(value.start, value.end, value)
            found.append(value)
        return tuple(found)

    def _tuple(self, part: ast.Tuple, start: int, end: int) -> nodes.Tuple:
        elements = self._elements(part.elts)
        if self.text[start] == "(" and self._is_parenthesized(elements, start, end):
            start, end = self.places.without_parentheses(start, elements[-1].end if elements else start + 1, end)
        return nodes.Tuple(start, end, elements)

    def _is_parenthesized(self, elements: tuple[nodes.BaseElement, ...], start: int, end: int) -> bool:
        """Whether a tuple that begins with a parenthesis has it to itself, or its first element has."""
        if not elements:
            return True
        after = elements[1].start if len(elements) > 1 else end
        return self.places.is_parenthesized(start, (elements[0].start, elements[0].end), after)

    def _list(self, part: ast.List, start: int, end: int) -> nodes.List:
        return nodes.List(start, end, self._elements(part.elts))

    def _set(self, part: ast.Set, start: int, end: int) -> nodes.Set:
        return nodes.Set(start, end, self._elements(part.elts))

    def _dict(self, part: ast.Dict, start: int, end: int) -> nodes.Dict:
        elements: list[nodes.DictElement | nodes.StarredDictElement] = []
        for key, value in zip(part.keys, part.values, strict=True):
            inner = self.node(value)
            if key is None:
                elements.append(nodes.StarredDictElement(inner.start, inner.end, inner))
            else:
                name = self.node(key)
                last = self.places.within_parentheses(inner.start, inner.end, name.end, end - 1)[1]
                elements.append(nodes.DictElement(name.start, last, name, inner))
        return nodes.Dict(start, end, tuple(elements))

    def _loops(self, generators: Sequence[ast.comprehension]) -> nodes.CompFor:
        inner: nodes.CompFor | None = None
        for each in reversed(generators):
            target, iterable = self.node(each.target), self.node(each.iter)
            tests = [self.node(test) for test in each.ifs]
            ifs = tuple(nodes.CompIf(test.start, test.end, test) for test in tests)
            last = inner or (tests[-1] if tests else iterable)
            inner = nodes.CompFor(target.start, last.end, target, iterable, ifs, inner)
        assert inner is not None
        return inner

    def _generator(self, part: ast.GeneratorExp, start: int, end: int) -> nodes.GeneratorExp:
        elt, loops = self.node(part.elt), self._loops(part.generators)
        return nodes.GeneratorExp(*self.places.without_parentheses(start, loops.end, end), elt, loops)

    def _list_comprehension(self, part: ast.ListComp, start: int, end: int) -> nodes.ListComp:
        return nodes.ListComp(start, end, self.node(part.elt), self._loops(part.generators))

    def _set_comprehension(self, part: ast.SetComp, start: int, end: int) -> nodes.SetComp:
        return nodes.SetComp(start, end, self.node(part.elt), self._loops(part.generators))

    def _dict_comprehension(self, part: ast.DictComp, start: int, end: int) -> nodes.Expression:
        if part.value is None:  # `{**each for each in …}`, of Python 3.15
            return nodes.Opaque(start, end, (), _COMPUTED)
        return nodes.DictComp(start, end, self.node(part.key), self.node(part.value), self._loops(part.generators))

    def _await(self, part: ast.Await, start: int, end: int) -> nodes.Await:
        return nodes.Await(start, end, self.node(part.value))

    def _yield(self, part: ast.Yield, start: int, end: int) -> nodes.Yield:
        return nodes.Yield(start, end, self.maybe(part.value))

    def _yield_from(self, part: ast.YieldFrom, start: int, end: int) -> nodes.Yield:
        item = self.node(part.value)
        return nodes.Yield(start, end, nodes.From(item.start, item.end, item))

    def _joined(self, part: ast.JoinedStr, start: int, end: int) -> nodes.Expression:
        made = nodes.FormattedString(start, end, self._string_parts(part.values, start, end))
        return made if _HAVE_PLACES or self._is_placed(made) else self.formatted(start, end)

    def _is_placed(self, made: nodes.FormattedString) -> bool:
        """Whether the names and calls in an f-string stand where `ast` says."""
        text = self.text
        for node in descendants(made):
            if node.__class__ is nodes.Call and text[node.end - 1] != ")":
                return False
            name = node.attr if isinstance(node, nodes.Attribute) else node
            if isinstance(name, nodes.Name) and text[name.start : name.end] != name.value:
                return False
        return True

    def _string_parts(self, parts: Sequence[ast.expr], start: int, end: int) -> tuple[nodes.Node, ...]:
        found: list[nodes.Node] = []
        for part in parts:
            if isinstance(part, ast.Constant):
                found.append(nodes.FormattedStringText(start, end, str(part.value)))
            elif isinstance(part, ast.FormattedValue):
                spec = part.format_spec
                inner = self._string_parts(spec.values, start, end) if isinstance(spec, ast.JoinedStr) else ()
                value = self.node(part.value)
                found.append(nodes.FormattedStringExpression(start, end, value, inner, part.conversion != -1))
        return tuple(found)

    # Parameters

    def _parameters(self, part: ast.arguments, start: int) -> nodes.Parameters:
        plain = [*part.posonlyargs, *part.args]
        without = len(plain) - len(part.defaults)
        defaults = [*([None] * without), *part.defaults]
        params = [self._param(each, default) for each, default in zip(plain, defaults, strict=True)]
        only = tuple(self._param(*each) for each in zip(part.kwonlyargs, part.kw_defaults, strict=True))
        count = len(part.posonlyargs)
        return nodes.Parameters(
            params[0].start if params else start,
            params[-1].end if params else start,
            tuple(params[count:]),
            self._param(part.vararg, None) if part.vararg is not None else None,
            only,
            self._param(part.kwarg, None) if part.kwarg is not None else None,
            tuple(params[:count]),
        )

    def _param(self, part: ast.arg, default: ast.expr | None) -> nodes.Param:
        start = self.places.offset(part.lineno, part.col_offset)
        value = self.maybe(default)
        name = nodes.Name(*self.places.name_at(start, part.arg), part.arg)
        annotation = self._annotation(part.annotation) if part.annotation is not None else None
        end = (value or annotation or name).end
        return nodes.Param(start, end, name, annotation, value)

    def _annotation(self, part: ast.expr) -> nodes.Annotation:
        inner = self.node(part)
        return nodes.Annotation(inner.start, inner.end, inner)

    # Simple statements

    def _expr(self, part: ast.Expr, start: int, end: int) -> nodes.Expr:
        return nodes.Expr(start, end, self.node(part.value))

    def _assign(self, part: ast.Assign, start: int, end: int) -> nodes.Assign:
        found = [self.node(target) for target in part.targets]
        targets = tuple(nodes.AssignTarget(each.start, each.end, each) for each in found)
        return nodes.Assign(start, end, targets, self.node(part.value))

    def _annotated(self, part: ast.AnnAssign, start: int, end: int) -> nodes.AnnAssign:
        target = self.node(part.target)
        return nodes.AnnAssign(start, end, target, self._annotation(part.annotation), self.maybe(part.value))

    def _augmented(self, part: ast.AugAssign, start: int, end: int) -> nodes.AugAssign:
        return nodes.AugAssign(start, end, self.node(part.target), _BINARY[part.op.__class__], self.node(part.value))

    def _return(self, part: ast.Return, start: int, end: int) -> nodes.Return:
        return nodes.Return(start, end, self.maybe(part.value))

    def _raise(self, part: ast.Raise, start: int, end: int) -> nodes.Raise:
        return nodes.Raise(start, end, self.maybe(part.exc), self.maybe(part.cause))

    def _assert(self, part: ast.Assert, start: int, end: int) -> nodes.Assert:
        return nodes.Assert(start, end, self.node(part.test), self.maybe(part.msg))

    def _delete(self, part: ast.Delete, start: int, end: int) -> nodes.Del:
        if len(part.targets) == 1:
            return nodes.Del(start, end, self.node(part.targets[0]))
        elements = self._elements(part.targets)
        return nodes.Del(start, end, nodes.Tuple(elements[0].start, elements[-1].end, elements))

    def _names(self, names: Sequence[str], start: int, end: int) -> tuple[nodes.NameItem, ...]:
        return tuple(nodes.NameItem(start, end, nodes.Name(start, end, name)) for name in names)

    def _global(self, part: ast.Global, start: int, end: int) -> nodes.Global:
        return nodes.Global(start, end, self._names(part.names, start, end))

    def _nonlocal(self, part: ast.Nonlocal, start: int, end: int) -> nodes.Nonlocal:
        return nodes.Nonlocal(start, end, self._names(part.names, start, end))

    def _alias(self, part: ast.alias) -> nodes.ImportAlias:
        start = self.places.offset(part.lineno, part.col_offset)
        end = self.places.offset(part.end_lineno or part.lineno, part.end_col_offset or 0)
        if part.asname is None:
            return nodes.ImportAlias(start, end, self._dotted(part.name, start), None)
        place = self.places.name_before(end, part.asname)
        renamed = nodes.AsName(*place, nodes.Name(*place, part.asname))
        return nodes.ImportAlias(start, end, self._dotted(part.name, start), renamed)

    def _dotted(self, path: str, start: int) -> nodes.Name | nodes.Attribute:
        first, *others = path.split(".")
        found: nodes.Name | nodes.Attribute = nodes.Name(start, start + len(first), first)
        for name in others:
            end = found.end + 1 + len(name)
            found = nodes.Attribute(start, end, found, nodes.Name(end - len(name), end, name))
        return found

    def _import(self, part: ast.Import, start: int, end: int) -> nodes.Import:
        return nodes.Import(start, end, tuple(map(self._alias, part.names)))

    def _import_from(self, part: ast.ImportFrom, start: int, end: int) -> nodes.ImportFrom:
        path = None
        if part.module is not None:
            path = self._dotted(part.module, self.places.module_name(start, part.module)[0])
        names: tuple[nodes.ImportAlias, ...] | nodes.ImportStar
        names = nodes.ImportStar(end - 1, end) if part.names[0].name == "*" else tuple(map(self._alias, part.names))
        return nodes.ImportFrom(start, end, path, names, part.level)

    def _type_alias(self, part: Part, start: int, end: int) -> nodes.TypeAlias:
        return nodes.TypeAlias(start, end, self.node(part.name), self.node(part.value))

    # Blocks

    def statements(self, parts: Sequence[ast.stmt]) -> tuple[nodes.Node, ...]:
        """Statements by lines: simple ones that stand on one line are one node."""
        found: list[nodes.Node] = []
        line: list[nodes.SmallStatement] = []
        for part in parts:
            made = self.node(part)
            if line and not (isinstance(made, nodes.SmallStatement) and self._goes_on(line[-1].end, made.start)):
                found.append(_line_of(line))
                line = []
            if isinstance(made, nodes.SmallStatement):
                line.append(made)
            else:
                found.append(made)
        if line:
            found.append(_line_of(line))
        return tuple(found)

    def _goes_on(self, end: int, start: int) -> bool:
        """Whether between two simple statements stands a `;` and no end of a line."""
        between = self.text[end:start]
        return ";" in between and "#" not in between and not between.lstrip(" \t\f;\\").startswith(("\r", "\n"))

    def _suite(self, parts: Sequence[ast.stmt]) -> nodes.Suite:
        first = parts[0]
        start = self.places.offset(first.lineno, first.col_offset)
        decorators = getattr(first, "decorator_list", ())
        if decorators:
            first = decorators[0]
            start = self.text.rfind("@", 0, self.places.offset(first.lineno, first.col_offset))
        body = self.statements(parts)
        if self.places.first_on_line(first.lineno, start):
            return nodes.IndentedBlock(self.places.line_start(first.lineno), body[-1].end, body)
        small = tuple(itertools.chain.from_iterable(line.body for line in body if hasattr(line, "body")))
        return nodes.SimpleStatementSuite(start, body[-1].end, small)

    def _else(self, parts: Sequence[ast.stmt]) -> nodes.Else | None:
        if not parts:
            return None
        suite = self._suite(parts)
        return nodes.Else(suite.start, suite.end, suite)

    def _decorators(self, parts: Sequence[ast.expr]) -> tuple[nodes.Decorator, ...]:
        found = [self.node(part) for part in parts]
        return tuple(nodes.Decorator(self.text.rfind("@", 0, each.start), each.end, each) for each in found)

    def _function(self, part: Part, start: int, end: int) -> nodes.FunctionDef:
        place = self.places.defined_name(start, part.name)
        parameters = self._parameters(part.args, place[1])
        decorators = self._decorators(part.decorator_list)
        return nodes.FunctionDef(
            start,
            end,
            nodes.Name(*place, part.name),
            parameters,
            self._suite(part.body),
            decorators,
            isinstance(part, ast.AsyncFunctionDef),
            self._type_parameters(getattr(part, "type_params", ())),
        )

    def _type_parameters(self, parts: Sequence[Part]) -> nodes.TypeParameters | None:
        found = []
        for part in parts:
            start = self.places.offset(part.lineno, part.col_offset)
            end = self.places.offset(part.end_lineno, part.end_col_offset)
            found.append(nodes.TypeVar(start, end, nodes.Name(start, end, part.name)))
        return nodes.TypeParameters(found[0].start, found[-1].end, tuple(found)) if found else None

    def _class(self, part: ast.ClassDef, start: int, end: int) -> nodes.ClassDef:
        place = self.places.defined_name(start, part.name)
        bases: list[nodes.Arg] = []
        last = self.text.find("(", place[1]) + 1
        for each in part.bases:
            bases.append(self._positional(each, last, len(self.text)))
            last = bases[-1].end
        keywords = tuple(self.node(each) for each in part.keywords)
        name = nodes.Name(*place, part.name)
        decorators = self._decorators(part.decorator_list)
        return nodes.ClassDef(start, end, name, self._suite(part.body), tuple(bases), keywords, decorators)

    # Compound statements

    def _if(self, part: ast.If, start: int, end: int) -> nodes.If:
        test, body = self.node(part.test), self._suite(part.body)
        orelse: nodes.If | nodes.Else | None = None
        if len(part.orelse) == 1 and isinstance(part.orelse[0], ast.If):
            inner = part.orelse[0]
            if self.text.startswith("elif", self.places.offset(inner.lineno, inner.col_offset)):
                orelse = self.node(inner)
        return nodes.If(start, end, test, body, orelse or self._else(part.orelse))

    def _for(self, part: Part, start: int, end: int) -> nodes.For:
        target, iterable = self.node(part.target), self.node(part.iter)
        return nodes.For(start, end, target, iterable, self._suite(part.body), self._else(part.orelse))

    def _while(self, part: ast.While, start: int, end: int) -> nodes.While:
        return nodes.While(start, end, self.node(part.test), self._suite(part.body), self._else(part.orelse))

    def _with(self, part: Part, start: int, end: int) -> nodes.With:
        items = tuple(map(self._with_item, part.items))
        return nodes.With(start, end, items, self._suite(part.body))

    def _with_item(self, part: ast.withitem) -> nodes.WithItem:
        item, bound = self.node(part.context_expr), self.maybe(part.optional_vars)
        asname = nodes.AsName(bound.start, bound.end, bound) if bound is not None else None
        return nodes.WithItem(item.start, (asname or item).end, item, asname)

    def _try(self, part: Part, start: int, end: int) -> nodes.Try:
        body, handlers = self._suite(part.body), tuple(map(self._handler, part.handlers))
        orelse = self._else(part.orelse)
        last = self._suite(part.finalbody) if part.finalbody else None
        finalbody = nodes.Finally(last.start, last.end, last) if last is not None else None
        return nodes.Try(start, end, body, handlers, orelse, finalbody)

    def _handler(self, part: ast.ExceptHandler) -> nodes.ExceptHandler:
        start = self.places.offset(part.lineno, part.col_offset)
        caught = self.maybe(part.type)
        body = self._suite(part.body)
        name = None
        if part.name is not None:
            name = nodes.AsName(start, start, nodes.Name(start, start, part.name))
        return nodes.ExceptHandler(start, body.end, body, caught, name)

    def _match(self, part: ast.Match, start: int, end: int) -> nodes.Match:
        return nodes.Match(start, end, self.node(part.subject), tuple(map(self._case, part.cases)))

    def _case(self, part: ast.match_case) -> nodes.MatchCase:
        pattern, body = self._pattern(part.pattern), self._suite(part.body)
        return nodes.MatchCase(pattern.start, body.end, pattern, body, self.maybe(part.guard))

    def _pattern(self, part: ast.pattern) -> nodes.MatchPattern:
        start = self.places.offset(part.lineno, part.col_offset)
        end = self.places.offset(part.end_lineno, part.end_col_offset)
        inside = ast.iter_child_nodes(part)
        parts = [self._pattern(each) if isinstance(each, ast.pattern) else self.node(each) for each in inside]
        name = getattr(part, "name", None) or getattr(part, "rest", None)
        return nodes.MatchPattern(start, end, tuple(parts), nodes.Name(start, end, name) if name else None)

    # The method for each class of ast.
    handlers: ClassVar[dict[type, Callable[[Any, Part, int, int], nodes.Node]]] = {
        ast.Name: _name,
        ast.Constant: _constant,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.keyword: _keyword,
        ast.Starred: _starred,
        ast.Subscript: _subscript,
        ast.Slice: _slice,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.BoolOp: _boolean,
        ast.Compare: _compare,
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
        ast.Expr: _expr,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Return: _return,
        ast.Raise: _raise,
        ast.Assert: _assert,
        ast.Break: lambda _builder, _part, start, end: nodes.Break(start, end),
        ast.Continue: lambda _builder, _part, start, end: nodes.Continue(start, end),
        ast.Pass: lambda _builder, _part, start, end: nodes.Pass(start, end),
        ast.Delete: _delete,
        ast.Global: _global,
        ast.Nonlocal: _nonlocal,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.If: _if,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.Match: _match,
    }
    if hasattr(ast, "TryStar"):
        handlers[ast.TryStar] = _try
    if hasattr(ast, "TypeAlias"):
        handlers[ast.TypeAlias] = _type_alias


def _start(node: nodes.Node) -> int:
    return node.start


def _element_of_subscript(part: Made) -> nodes.SubscriptElement:
    if part.__class__ is nodes.StarredElement:
        part = nodes.Index(part.start, part.end, part.value, "*")
    elif part.__class__ is not nodes.Slice:
        part = nodes.Index(part.start, part.end, part, None)
    return nodes.SubscriptElement(part.start, part.end, part)


def _line_of(small: list[nodes.SmallStatement]) -> nodes.SimpleStatementLine:
    return nodes.SimpleStatementLine(small[0].start, small[-1].end, tuple(small))
