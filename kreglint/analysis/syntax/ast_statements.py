"""Statements of the standard library's `ast` as nodes."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence
from functools import partial

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.ast_expressions import annotation_of, elements_of, parameters_of, positional
from kreglint.analysis.syntax.ast_operations import BINARY
from kreglint.analysis.syntax.conversion import Conversion, Handlers, Part


def _expr(conv: Conversion, part: ast.Expr, start: int, end: int) -> nodes.Expr:
    return nodes.Expr(start, end, conv.node(part.value))


def _assign(conv: Conversion, part: ast.Assign, start: int, end: int) -> nodes.Assign:
    found = [conv.node(target) for target in part.targets]
    targets = tuple(nodes.AssignTarget(each.start, each.end, each) for each in found)
    return nodes.Assign(start, end, targets, conv.node(part.value))


def _annotated(conv: Conversion, part: ast.AnnAssign, start: int, end: int) -> nodes.AnnAssign:
    target = conv.node(part.target)
    return nodes.AnnAssign(start, end, target, annotation_of(conv, part.annotation), conv.maybe(part.value))


def _augmented(conv: Conversion, part: ast.AugAssign, start: int, end: int) -> nodes.AugAssign:
    return nodes.AugAssign(start, end, conv.node(part.target), BINARY[part.op.__class__], conv.node(part.value))


def _return(conv: Conversion, part: ast.Return, start: int, end: int) -> nodes.Return:
    return nodes.Return(start, end, conv.maybe(part.value))


def _raise(conv: Conversion, part: ast.Raise, start: int, end: int) -> nodes.Raise:
    return nodes.Raise(start, end, conv.maybe(part.exc), conv.maybe(part.cause))


def _assert(conv: Conversion, part: ast.Assert, start: int, end: int) -> nodes.Assert:
    return nodes.Assert(start, end, conv.node(part.test), conv.maybe(part.msg))


def _delete(conv: Conversion, part: ast.Delete, start: int, end: int) -> nodes.Del:
    if len(part.targets) == 1:
        return nodes.Del(start, end, conv.node(part.targets[0]))
    elements = elements_of(conv, part.targets)
    return nodes.Del(start, end, nodes.Tuple(elements[0].start, elements[-1].end, elements))


def _names(names: Sequence[str], start: int, end: int) -> tuple[nodes.NameItem, ...]:
    return tuple(nodes.NameItem(start, end, nodes.Name(start, end, name)) for name in names)


def _global(conv: Conversion, part: ast.Global, start: int, end: int) -> nodes.Global:
    return nodes.Global(start, end, _names(part.names, start, end))


def _nonlocal(conv: Conversion, part: ast.Nonlocal, start: int, end: int) -> nodes.Nonlocal:
    return nodes.Nonlocal(start, end, _names(part.names, start, end))


def _alias(conv: Conversion, part: ast.alias) -> nodes.ImportAlias:
    start = conv.places.offset(part.lineno, part.col_offset)
    end = conv.places.offset(part.end_lineno or part.lineno, part.end_col_offset or 0)
    if part.asname is None:
        return nodes.ImportAlias(start, end, _dotted(part.name, start), None)
    place = conv.places.name_before(end, part.asname)
    renamed = nodes.AsName(*place, nodes.Name(*place, part.asname))
    return nodes.ImportAlias(start, end, _dotted(part.name, start), renamed)


def _dotted(path: str, start: int) -> nodes.Name | nodes.Attribute:
    first, *others = path.split(".")
    found: nodes.Name | nodes.Attribute = nodes.Name(start, start + len(first), first)
    for name in others:
        end = found.end + 1 + len(name)
        found = nodes.Attribute(start, end, found, nodes.Name(end - len(name), end, name))
    return found


def _import(conv: Conversion, part: ast.Import, start: int, end: int) -> nodes.Import:
    return nodes.Import(start, end, tuple(map(partial(_alias, conv), part.names)))


def _import_from(conv: Conversion, part: ast.ImportFrom, start: int, end: int) -> nodes.ImportFrom:
    path = None
    if part.module is not None:
        path = _dotted(part.module, conv.places.module_name(start, part.module)[0])
    names: tuple[nodes.ImportAlias, ...] | nodes.ImportStar
    names = (
        nodes.ImportStar(end - 1, end) if part.names[0].name == "*" else tuple(map(partial(_alias, conv), part.names))
    )
    return nodes.ImportFrom(start, end, path, names, part.level)


def _type_alias(conv: Conversion, part: Part, start: int, end: int) -> nodes.TypeAlias:
    return nodes.TypeAlias(start, end, conv.node(part.name), conv.node(part.value))


def statements(conv: Conversion, parts: Sequence[ast.stmt]) -> tuple[nodes.Node, ...]:
    """Return statements by lines: simple ones that stand on one line are one node."""
    found: list[nodes.Node] = []
    line: list[nodes.SmallStatement] = []
    for part in parts:
        made = conv.node(part)
        if line and not (isinstance(made, nodes.SmallStatement) and _goes_on(conv, line[-1].end, made.start)):
            found.append(_line_of(line))
            line = []
        if isinstance(made, nodes.SmallStatement):
            line.append(made)
        else:
            found.append(made)
    if line:
        found.append(_line_of(line))
    return tuple(found)


def _goes_on(conv: Conversion, end: int, start: int) -> bool:
    """True if between two simple statements stands a `;` and no end of a line."""
    between = conv.text[end:start]
    return ";" in between and "#" not in between and not between.lstrip(" \t\f;\\").startswith(("\r", "\n"))


def _suite(conv: Conversion, parts: Sequence[ast.stmt]) -> nodes.Suite:
    first = parts[0]
    start = conv.places.offset(first.lineno, first.col_offset)
    decorators = getattr(first, "decorator_list", ())
    if decorators:
        first = decorators[0]
        start = conv.text.rfind("@", 0, conv.places.offset(first.lineno, first.col_offset))
    body = statements(conv, parts)
    if conv.places.first_on_line(first.lineno, start):
        return nodes.IndentedBlock(conv.places.line_start(first.lineno), body[-1].end, body)
    small = tuple(itertools.chain.from_iterable(line.body for line in body if hasattr(line, "body")))
    return nodes.SimpleStatementSuite(start, body[-1].end, small)


def _else(conv: Conversion, parts: Sequence[ast.stmt]) -> nodes.Else | None:
    if not parts:
        return None
    suite = _suite(conv, parts)
    return nodes.Else(suite.start, suite.end, suite)


def _decorators(conv: Conversion, parts: Sequence[ast.expr]) -> tuple[nodes.Decorator, ...]:
    found = [conv.node(part) for part in parts]
    return tuple(nodes.Decorator(conv.text.rfind("@", 0, each.start), each.end, each) for each in found)


def _function(conv: Conversion, part: Part, start: int, end: int) -> nodes.FunctionDef:
    place = conv.places.defined_name(start, part.name)
    parameters = parameters_of(conv, part.args, place[1])
    decorators = _decorators(conv, part.decorator_list)
    return nodes.FunctionDef(
        start,
        end,
        nodes.Name(*place, part.name),
        parameters,
        _suite(conv, part.body),
        decorators,
        isinstance(part, ast.AsyncFunctionDef),
        _type_parameters(conv, getattr(part, "type_params", ())),
    )


def _type_parameters(conv: Conversion, parts: Sequence[Part]) -> nodes.TypeParameters | None:
    found = []
    for part in parts:
        start = conv.places.offset(part.lineno, part.col_offset)
        end = conv.places.offset(part.end_lineno, part.end_col_offset)
        found.append(nodes.TypeVar(start, end, nodes.Name(start, end, part.name)))
    return nodes.TypeParameters(found[0].start, found[-1].end, tuple(found)) if found else None


def _class(conv: Conversion, part: ast.ClassDef, start: int, end: int) -> nodes.ClassDef:
    place = conv.places.defined_name(start, part.name)
    bases: list[nodes.Arg] = []
    last = conv.text.find("(", place[1]) + 1
    for each in part.bases:
        bases.append(positional(conv, each, last, len(conv.text)))
        last = bases[-1].end
    keywords = tuple(conv.node(each) for each in part.keywords)
    name = nodes.Name(*place, part.name)
    decorators = _decorators(conv, part.decorator_list)
    return nodes.ClassDef(start, end, name, _suite(conv, part.body), tuple(bases), keywords, decorators)


def _if(conv: Conversion, part: ast.If, start: int, end: int) -> nodes.If:
    test, body = conv.node(part.test), _suite(conv, part.body)
    orelse: nodes.If | nodes.Else | None = None
    if len(part.orelse) == 1 and isinstance(part.orelse[0], ast.If):
        inner = part.orelse[0]
        if conv.text.startswith("elif", conv.places.offset(inner.lineno, inner.col_offset)):
            orelse = conv.node(inner)
    return nodes.If(start, end, test, body, orelse or _else(conv, part.orelse))


def _for(conv: Conversion, part: Part, start: int, end: int) -> nodes.For:
    target, iterable = conv.node(part.target), conv.node(part.iter)
    return nodes.For(start, end, target, iterable, _suite(conv, part.body), _else(conv, part.orelse))


def _while(conv: Conversion, part: ast.While, start: int, end: int) -> nodes.While:
    return nodes.While(start, end, conv.node(part.test), _suite(conv, part.body), _else(conv, part.orelse))


def _with(conv: Conversion, part: Part, start: int, end: int) -> nodes.With:
    items = tuple(map(partial(_with_item, conv), part.items))
    return nodes.With(start, end, items, _suite(conv, part.body))


def _with_item(conv: Conversion, part: ast.withitem) -> nodes.WithItem:
    item, bound = conv.node(part.context_expr), conv.maybe(part.optional_vars)
    asname = nodes.AsName(bound.start, bound.end, bound) if bound is not None else None
    return nodes.WithItem(item.start, (asname or item).end, item, asname)


def _try(conv: Conversion, part: Part, start: int, end: int) -> nodes.Try:
    body, handlers = _suite(conv, part.body), tuple(map(partial(_handler, conv), part.handlers))
    orelse = _else(conv, part.orelse)
    last = _suite(conv, part.finalbody) if part.finalbody else None
    finalbody = nodes.Finally(last.start, last.end, last) if last is not None else None
    return nodes.Try(start, end, body, handlers, orelse, finalbody)


def _handler(conv: Conversion, part: ast.ExceptHandler) -> nodes.ExceptHandler:
    start = conv.places.offset(part.lineno, part.col_offset)
    caught = conv.maybe(part.type)
    body = _suite(conv, part.body)
    name = None
    if part.name is not None:
        name = nodes.AsName(start, start, nodes.Name(start, start, part.name))
    return nodes.ExceptHandler(start, body.end, body, caught, name)


def _match(conv: Conversion, part: ast.Match, start: int, end: int) -> nodes.Match:
    return nodes.Match(start, end, conv.node(part.subject), tuple(map(partial(_case, conv), part.cases)))


def _case(conv: Conversion, part: ast.match_case) -> nodes.MatchCase:
    pattern, body = _pattern(conv, part.pattern), _suite(conv, part.body)
    return nodes.MatchCase(pattern.start, body.end, pattern, body, conv.maybe(part.guard))


def _pattern(conv: Conversion, part: ast.pattern) -> nodes.MatchPattern:
    start = conv.places.offset(part.lineno, part.col_offset)
    end = conv.places.offset(part.end_lineno, part.end_col_offset)
    inside = ast.iter_child_nodes(part)
    parts = [_pattern(conv, each) if isinstance(each, ast.pattern) else conv.node(each) for each in inside]
    name = getattr(part, "name", None) or getattr(part, "rest", None)
    return nodes.MatchPattern(start, end, tuple(parts), nodes.Name(start, end, name) if name else None)


def _line_of(small: list[nodes.SmallStatement]) -> nodes.SimpleStatementLine:
    return nodes.SimpleStatementLine(small[0].start, small[-1].end, tuple(small))


STATEMENTS: Handlers = {
    ast.Expr: _expr,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: lambda _conversion, _part, start, end: nodes.Break(start, end),
    ast.Continue: lambda _conversion, _part, start, end: nodes.Continue(start, end),
    ast.Pass: lambda _conversion, _part, start, end: nodes.Pass(start, end),
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
    **({ast.TryStar: _try} if hasattr(ast, "TryStar") else {}),
    **({ast.TypeAlias: _type_alias} if hasattr(ast, "TypeAlias") else {}),
}
