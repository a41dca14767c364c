"""What a regularizer object asks for, in any Keras, and how to change its λ for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kreglint.runtime.formulas import FACTORS, Formula
from kreglint.runtime.keras_objects import KerasObject, root_package

_FACTORS_OF = {
    "L1": ("l1",),
    "L2": ("l2",),
    "L1L2": ("l1", "l2"),
    "OrthogonalRegularizer": ("factor",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for. `formula` is None for a regularizer of the user's own: `label` then names its class."""

    kind: str
    label: str
    formula: Formula | None = None

    @property
    def does_nothing(self) -> bool:
        """True if every λ is 0, or it is the base class, whose penalty is 0."""
        return self.kind == "Regularizer" or (self.formula is not None and not any(self.formula.factors))


def asked(regularizer: KerasObject, keras: KerasObject) -> Asked:
    """Return what a regularizer, or the string or dict that stands for one, asks for.

    Only Keras' own are known by formula: a subclass may do something else.
    """
    found = _instance(regularizer, keras)
    kind = type(found).__name__
    if not isinstance(found, keras.regularizers.Regularizer) or root_package(type(found)) != keras.__name__:
        return Asked("custom", _name_of(found))
    if kind not in _FACTORS_OF:
        return Asked(kind, kind)
    factors = {name: float(getattr(found, name)) for name in _FACTORS_OF[kind]}
    formula = Formula(kind, **factors, mode=getattr(found, "mode", "rows"))
    return Asked(kind, formula.label, formula)


def same(one: KerasObject, other: KerasObject, keras: KerasObject) -> bool:
    """True if two regularizers are one object, or Keras' own with equal λ."""
    if one is other:
        return True
    first, second = asked(one, keras), asked(other, keras)
    return first.formula is not None and first.formula == second.formula


@contextmanager
def changed_factors(regularizers: Iterable[KerasObject], change: Callable[[float], float]) -> Iterator[None]:
    """Change every λ of these regularizers inside the block, once for each object, and put it back after it."""
    distinct = {id(each): each for each in regularizers}.values()
    before = [(each, name, getattr(each, name)) for each in distinct for name in _factor_names(each)]
    try:
        for each, name, value in before:
            setattr(each, name, change(float(value)))
        yield
    finally:
        for each, name, value in before:
            setattr(each, name, value)


def _factor_names(regularizer: KerasObject) -> Iterator[str]:
    return (name for name in FACTORS if name in vars(regularizer))


def _instance(regularizer: KerasObject, keras: KerasObject) -> KerasObject:
    if not isinstance(regularizer, str | dict | type):
        return regularizer
    try:
        return keras.regularizers.get(regularizer)
    except (ValueError, TypeError):
        return regularizer


def _name_of(value: KerasObject) -> str:
    if isinstance(value, str):
        return repr(value)
    return str(getattr(value, "__name__", type(value).__name__))
