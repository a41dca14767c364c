"""What a file's own layers, regularizers and functions do with the regularizers that they are given or make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kreglint.diagnostics import Span
from kreglint.facts.values import Function, Value
from kreglint.records import field, record


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

    `left_out` are the parameters that its `get_config` does not have, or None if it has no `get_config` at all, and
    `foreign` what that has and its `__init__` does not take.
    `unregistered`: the file loads models, and says nowhere what the class's name means. `attributes` pairs the
    `parameters` of `__init__` with the expressions in which it keeps them; `config_end` is where the last entry of
    the configuration ends.
    """

    span: Span
    name: str
    left_out: tuple[str, ...] | None = ()
    foreign: tuple[str, ...] = ()
    unregistered: bool = False
    parameters: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    config_end: int | None = None
    body: Body


@record(kw_only=True)
class OwnPenalty:
    """What a class or function of the user's own is as a regularizer, as far as that is certain.

    `is_regularizer`: it derives from one of Keras; what is not `is_callable` has no `__call__`, and what `is_empty` has
    that of Keras' base class. `misfit` says why it cannot be called with the weights alone, `returns_nothing` that
    such a call gives back None, `gives` what else it gives back that is no penalty, `lacks` which attribute it reads
    that nothing sets. A class's constructor `needs` parameters, and `takes` so many by their places; None where that is
    not known.
    """

    is_regularizer: bool = False
    is_callable: bool = True
    is_empty: bool = False
    misfit: str = ""
    returns_nothing: bool = False
    gives: str = ""
    lacks: str = ""
    needs: tuple[str, ...] | None = None
    takes: int | None = None


class ForeignKeyword(NamedTuple):
    """A keyword that `add_weight` does not have, and the one that can stand in its place; empty where none can."""

    span: Span
    name: str
    meant: str


class Keras1Hook(NamedTuple):
    """A method that only Keras 1 calls, and the attribute that it alone sets and that `__call__` reads."""

    span: Span
    name: str
    sets: str


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
class CalledNumber:
    """`12(0.1)`, where the regularizer `meant` looks like the number."""

    span: Span
    meant: str


@record(kw_only=True)
class CustomFacts:
    """All of one file; `unforwarded` are parameters of layers, `ignored` those of functions.

    `penalties` has what is handed on, by its definition; `of_weights` are keywords of `add_weight`.
    """

    unforwarded: tuple[DroppedParameter, ...] = ()
    ignored: tuple[DroppedParameter, ...] = ()
    unused: tuple[UnusedName, ...] = ()
    regularizers: tuple[CustomRegularizer, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    called_numbers: tuple[CalledNumber, ...] = ()
    penalties: Mapping[Span, OwnPenalty] = field(default_factory=dict)
    keras1_hooks: tuple[Keras1Hook, ...] = ()
    of_weights: tuple[ForeignKeyword, ...] = ()

    def penalty(self, value: Value, *kinds: str) -> OwnPenalty | None:
        """Return what is known of a value as a regularizer, if it is of one of these kinds of `Function`."""
        if not isinstance(value, Function) or value.kind not in kinds or value.definition is None:
            return None
        return self.penalties.get(value.definition)
