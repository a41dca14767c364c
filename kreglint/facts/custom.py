"""What a file's own layers, regularizers and functions do with the regularizers that they are given or make."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.diagnostics import Span
from kreglint.records import record


@record(kw_only=True)
class DroppedParameter:
    """A parameter for a regularizer that nothing reads.

    `span` is the parameter's name, `within` the code of the function or class that takes it. A layer may keep it as
    an attribute, `kept`; `weight` is the end of the last argument of its only `add_weight`, if that has no regularizer.
    """

    span: Span
    name: str
    within: Span
    kept: str | None = None
    weight: int | None = None


@record(kw_only=True)
class UnusedName:
    """A regularizer that is made for a local name which is never read."""

    span: Span
    name: str


class Body(NamedTuple):
    """Where a class begins and ends, the blanks before it and before its methods, and how its file ends a row."""

    start: int
    end: int
    indent: str
    inner: str
    newline: str


@record(kw_only=True)
class CustomRegularizer:
    """A class that derives from `Regularizer`: what keeps it from being saved and loaded.

    `left_out` are the parameters that its `get_config` does not have, or None if it has no `get_config` at all.
    `unregistered`: the file loads models, and says nowhere what the class's name means. `attributes` pairs the
    `parameters` of `__init__` with the expressions in which it keeps them; `config_end` is where the last entry of
    the configuration ends.
    """

    span: Span
    name: str
    left_out: tuple[str, ...] | None = ()
    unregistered: bool = False
    parameters: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    config_end: int | None = None
    body: Body


@record(kw_only=True)
class Arithmetic:
    """An operator on a regularizer, with another one or, `by_number`, a number.

    `l1` and `l2` are the factors as written of one L1 and one L2 that are added; empty for anything else.
    """

    span: Span
    l1: str
    l2: str
    by_number: bool


@record(kw_only=True)
class CustomFacts:
    """All of one file; `unforwarded` are parameters of layers, `ignored` those of functions.

    `without_call` are the names of Regularizer classes that have no `__call__`.
    """

    unforwarded: tuple[DroppedParameter, ...] = ()
    ignored: tuple[DroppedParameter, ...] = ()
    unused: tuple[UnusedName, ...] = ()
    regularizers: tuple[CustomRegularizer, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    without_call: frozenset[str] = frozenset()
