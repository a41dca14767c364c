"""What the analysis says of a small source, in a form that is easy to compare."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

from kreglint.analysis.analyse import analyse
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.parse import parse
from kreglint.facts.file import FileFacts, LayerCall
from kreglint.facts.values import Const, Construct, OneOf, Provenance, Sequence, Unknown, Value

PRELUDE = "import outside\nfrom keras.layers import Dense\nfrom keras.regularizers import l1, l2\n"


def expression(source: str) -> nodes.Expression:
    """The tree of one expression."""
    [line] = parse(source).body
    assert isinstance(line, nodes.SimpleStatementLine)
    [statement] = line.body
    assert isinstance(statement, nodes.Expr)
    return statement.value


@dataclass(frozen=True)
class Call:
    """A call of an imported name: the name's path and its arguments, positional and by keyword."""

    path: str
    arguments: tuple[object, ...]


class Default(tuple[object]):
    """A parameter's default, which a caller may override."""

    __slots__ = ()

    def __new__(cls, value: object) -> Default:
        return super().__new__(cls, (value,))


class OneOfThese(frozenset[object]):
    """Any of these, by the way that was taken."""


@dataclass(frozen=True)
class Because:
    """Not known, for this reason."""

    reason: str


def facts(source: str) -> FileFacts:
    return analyse(dedent(source))


def layers(body: str) -> list[LayerCall]:
    return [layer for layer in facts(PRELUDE + dedent(body)).layers if layer.layer == "Dense"]


def given(body: str, keyword: str = "kernel_regularizer") -> object:
    """What the last Dense layer of a body is given, after the prelude's imports."""
    argument = layers(body)[-1].keyword(keyword)
    assert argument is not None
    return plain(argument.value)


def plain(value: Value) -> object:
    """A value without its places. Raises TypeError for one that has no plain form."""
    if isinstance(value, OneOf):
        assert value.provenance is Provenance.EXACT
        return OneOfThese(plain(way) for way in value.alternatives)
    if isinstance(value, Unknown):
        assert value.provenance is Provenance.UNKNOWN
        return Because(value.reason)
    content = _content(value)
    if value.provenance is Provenance.DEFAULT:
        return Default(content)
    assert value.provenance is Provenance.EXACT
    return content


def _content(value: Value) -> object:
    match value:
        case Const(value=constant):
            return constant
        case Sequence(kind="tuple", items=items):
            return tuple(plain(item) for item in items)
        case Construct(symbol=symbol, arguments=arguments):
            return Call(symbol.path, tuple(plain(argument.value) for argument in arguments))
    raise TypeError(f"expected a value with a plain form, received {value}")


def of_l2(factor: object) -> Call:
    return Call("keras.regularizers.l2", (factor,))
