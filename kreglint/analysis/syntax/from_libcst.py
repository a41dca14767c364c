"""The tree of a program in a syntax that is newer than the Python that runs us, made from libcst's tree.

It is asked for only by such a program (and by the f-strings of Python 3.10 and 3.11).
"""

from __future__ import annotations

import ast
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.concrete import concrete, concrete_expression
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.diagnostics import Span

Part = Any  # a node of libcst's, or what one of its fields holds
Made = Any  # the node for it, of the class that goes with that one
_COMPUTED = "a computed value"
_SAME_NODE = {
    "AddAssign": "Add",
    "SubtractAssign": "Subtract",
    "MultiplyAssign": "Multiply",
    "DivideAssign": "Divide",
    "FloorDivideAssign": "FloorDivide",
    "ModuloAssign": "Modulo",
    "PowerAssign": "Power",
    "MatrixMultiplyAssign": "MatrixMultiply",
    "LeftShiftAssign": "LeftShift",
    "RightShiftAssign": "RightShift",
    "BitOrAssign": "BitOr",
    "BitAndAssign": "BitAnd",
    "BitXorAssign": "BitXor",
    "TryStar": "Try",
    "ExceptStarHandler": "ExceptHandler",
    "LazyImport": "Import",  # of Python 3.15, which binds as an import does
}


def module(text: str) -> nodes.Module:
    """Return the tree of a text.

    Raises:
        UnparsableError: libcst does not read it either.
    """
    tree, places = concrete(text)
    made = _Builder(places).node(tree)
    assert isinstance(made, nodes.Module)
    made.start, made.end = 0, len(text)
    return made


def expression(text: str, start: int) -> nodes.Expression:
    """Return the expression that is the text, which stands at an offset of a longer one."""
    opaque = nodes.Opaque(start, start + len(text), (), _COMPUTED)
    try:
        tree, places = concrete_expression(text, start)
    except UnparsableError:
        return opaque
    line = tree.body[0] if tree.body else None
    inner = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if not isinstance(inner, cst.Expr):
        return opaque
    made = _Builder(places).node(inner.value)
    return made if isinstance(made, nodes.Expression) else opaque


class _Builder:
    def __init__(self, places: dict[cst.CSTNode, Span]) -> None:
        self._places = places
        self._handlers: dict[str, Callable[[Any, int, int], nodes.Node]] = {
            "Name": self._name,
            "Raise": self._raise,
            "Integer": self._literal,
            "Float": self._literal,
            "Imaginary": self._literal,
            "SimpleString": self._literal,
            "ConcatenatedString": self._concatenated,
            "FormattedStringText": self._formatted_text,
            "FormattedStringExpression": self._formatted_expression,
            "ImportFrom": self._import_from,
            "LazyImportFrom": self._import_from,
            "FunctionDef": self._function,
            "TypeParam": self._type_parameter,
        }

    def node(self, part: Part) -> Made:
        """Return what stands for a node of libcst's, with the same name and fields where it is known."""
        start, end, _ = self._places.get(part, Span(0, 0))
        name = part.__class__.__name__
        handler = self._handlers.get(name)
        if handler is not None:
            return handler(part, start, end)
        kind = getattr(nodes, _SAME_NODE.get(name, name), None)
        if kind is None or not set(kind.fields) <= {*part.__dataclass_fields__}:
            return self._opaque(part, start, end)
        return kind(start, end, *(self._field(getattr(part, field)) for field in kind.fields))

    def _field(self, value: Part) -> Made:
        if isinstance(value, cst.CSTNode):
            return self.node(value) if not isinstance(value, cst.ParamStar) else None
        if isinstance(value, (tuple, list)):
            return tuple(self.node(each) for each in value)
        return None if isinstance(value, cst.MaybeSentinel) else value

    def _opaque(self, part: Part, start: int, end: int) -> nodes.Node:
        parts = tuple(self.node(each) for each in _code_in(part))
        if isinstance(part, cst.MatchPattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            bound = nodes.Name(start, end, name.value) if isinstance(name, cst.Name) else None
            return nodes.MatchPattern(start, end, parts, bound)
        small = isinstance(part, (cst.BaseSmallStatement, cst.BaseCompoundStatement))
        return nodes.OpaqueStatement(start, end, parts) if small else nodes.Opaque(start, end, parts, _COMPUTED)

    def _name(self, part: cst.Name, start: int, end: int) -> nodes.Node:
        """Return a name in the form in which Python looks it up."""
        value = part.value if part.value.isascii() else unicodedata.normalize("NFKC", part.value)
        return nodes.Name(start, end, value)

    def _raise(self, part: cst.Raise, start: int, end: int) -> nodes.Node:
        cause = self.node(part.cause.item) if part.cause is not None else None
        return nodes.Raise(start, end, self._field(part.exc), cause)

    def _literal(self, part: Part, start: int, end: int) -> nodes.Node:
        value = _read(part.value)
        kind = _LITERALS.get(value.__class__)
        if kind is not None:
            return kind(start, end, value)
        is_number = isinstance(part, cst.BaseNumber)
        return nodes.Opaque(start, end, (), "a very long number" if is_number else "a literal that Python rejects")

    def _concatenated(self, part: cst.ConcatenatedString, start: int, end: int) -> nodes.Node:
        pieces: list[nodes.Node] = []
        rest: Any = part
        while isinstance(rest, cst.ConcatenatedString):
            pieces.append(self.node(rest.left))
            rest = rest.right
        pieces.append(self.node(rest))
        values = [piece.value for piece in pieces if isinstance(piece, nodes.SimpleString)]
        if len(values) < len(pieces):
            return nodes.Opaque(start, end, tuple(pieces), _COMPUTED)
        if all(isinstance(value, str) for value in values):
            return nodes.SimpleString(start, end, "".join(map(str, values)))
        return nodes.SimpleString(start, end, b"".join(value for value in values if isinstance(value, bytes)))

    def _formatted_text(self, part: cst.FormattedStringText, start: int, end: int) -> nodes.Node:
        if "\\" in part.value:
            return nodes.Opaque(start, end, (), "an f-string with escapes")
        return nodes.FormattedStringText(start, end, part.value.replace("{{", "{").replace("}}", "}"))

    def _formatted_expression(self, part: cst.FormattedStringExpression, start: int, end: int) -> nodes.Node:
        spec = tuple(self.node(each) for each in part.format_spec or ())
        plain = part.conversion is None and part.equal is None
        return nodes.FormattedStringExpression(start, end, self.node(part.expression), spec, not plain)

    def _import_from(self, part: cst.ImportFrom, start: int, end: int) -> nodes.Node:
        path = self.node(part.module) if part.module is not None else None
        return nodes.ImportFrom(start, end, path, self._field(part.names), len(part.relative))

    def _function(self, part: cst.FunctionDef, start: int, end: int) -> nodes.Node:
        return nodes.FunctionDef(
            start,
            end,
            self.node(part.name),
            self.node(part.params),
            self.node(part.body),
            self._field(part.decorators),
            part.asynchronous is not None,
            self._field(part.type_parameters),
        )

    def _type_parameter(self, part: cst.TypeParam, start: int, end: int) -> nodes.Node:
        return nodes.TypeVar(start, end, self.node(part.param.name))


def _code_in(part: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the outermost expressions, statements and patterns in a node."""
    for each in part.children:
        if isinstance(each, _CODE):
            yield each
        else:
            yield from _code_in(each)


_CODE = (
    cst.BaseExpression,
    cst.BaseElement,
    cst.BaseStatement,
    cst.BaseSmallStatement,
    cst.BaseSuite,
    cst.MatchPattern,
)
_LITERALS: dict[type, Callable[[int, int, Any], nodes.Node]] = {
    int: nodes.Integer,
    float: nodes.Float,
    complex: nodes.Imaginary,
    str: nodes.SimpleString,
    bytes: nodes.SimpleString,
}


def _read(text: str) -> object:
    """Return the value of one literal; None for one that Python rejects."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.literal_eval(text)
        except (SyntaxError, ValueError):
            return None
