"""Regularizers made stronger, or taken out, for a while: Keras' own by their λ, a user's own by a factor.

A regularizer of the user's own has no λ that is known. What it gives is multiplied: in the object itself, so that
whoever calls it gets the same, or, for a plain function, wherever Keras keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live, bound_penalty
from kreglint.runtime.regularizers import asked, changed_factors

_HEAP_TYPE = 1 << 9  # of the flags of a class: it was made by a `class` statement


@contextmanager
def strengthened(live: Live, regularizers: Iterable[KerasObject], step: float) -> Iterator[None]:
    """Raise every λ by `step` inside the block; a penalty of the user's own is added `step` times more."""
    known, own = _sorted(live, regularizers)
    with changed_factors(known, lambda factor: factor + step), _multiplied(live, own, 1.0 + step):
        yield


@contextmanager
def without(live: Live, regularizers: Iterable[KerasObject]) -> Iterator[None]:
    """Make the regularizers add 0 inside the block."""
    known, own = _sorted(live, regularizers)
    with changed_factors(known, lambda _: 0.0), _multiplied(live, own, 0.0):
        yield


def _sorted(live: Live, regularizers: Iterable[KerasObject]) -> tuple[list[KerasObject], list[KerasObject]]:
    """Return those with a formula and those of the user's own, once each."""
    known, own = [], []
    for each in {id(each): each for each in regularizers}.values():
        wanted = asked(each, live.keras)
        if wanted.formula is not None:
            known.append(each)
        elif wanted.kind == "custom" and callable(each):
            own.append(each)
    return known, own


@contextmanager
def _multiplied(live: Live, regularizers: list[KerasObject], factor: float) -> Iterator[None]:
    with ExitStack() as undo:
        for each in regularizers:
            if not _multiply_object(each, factor, undo):
                _multiply_kept(live, each, factor, undo)
        yield


def _multiply_object(regularizer: KerasObject, factor: float, undo: ExitStack) -> bool:
    """False for what cannot change its class, as a function."""
    if not type(regularizer).__flags__ & _HEAP_TYPE:
        return False
    kind = type(regularizer)

    class Scaled(kind):  # type: ignore[misc,valid-type]
        __slots__ = ()

        def __call__(self, weight: KerasObject) -> KerasObject:
            return factor * kind.__call__(self, weight)

    Scaled.__name__ = Scaled.__qualname__ = kind.__name__
    regularizer.__class__ = Scaled
    undo.callback(setattr, regularizer, "__class__", kind)
    return True


def _multiply_kept(live: Live, regularizer: KerasObject, factor: float, undo: ExitStack) -> None:
    scaled = _scaled_class(live)(regularizer, factor)
    for node in live.nodes:
        attributes = node.layer.__dict__
        for name in [name for name, value in attributes.items() if value is regularizer]:
            undo.callback(attributes.__setitem__, name, regularizer)
            attributes[name] = scaled
        for variable in live.own_variables(node.layer):
            if getattr(variable, "regularizer", None) is regularizer:
                undo.callback(setattr, variable, "regularizer", regularizer)
                variable.regularizer = scaled
        functions = live.callable_losses(node.layer)
        for index, function in enumerate(functions):
            if bound_penalty(function).regularizer is regularizer:
                undo.callback(functions.__setitem__, index, function)
                functions[index] = _times(function, factor)


def _times(function: Callable[[], KerasObject], factor: float) -> Callable[[], KerasObject]:
    return lambda: factor * function()


def _scaled_class(live: Live) -> Callable[[KerasObject, float], KerasObject]:
    """Keras 3.1 to 3.14 want an instance of Regularizer on a variable."""

    class Scaled(live.keras.regularizers.Regularizer):  # type: ignore[misc,name-defined]
        def __init__(self, inner: KerasObject, factor: float) -> None:
            self.inner, self.factor = inner, factor

        def __call__(self, weight: KerasObject) -> KerasObject:
            return self.factor * self.inner(weight)

    return Scaled
