"""Keras' own loss terms, each with the weight that it is the penalty of.

Keras lists losses without saying whose they are, and its majors order them differently. So the regularizer that Keras
holds for a weight is wrapped while `model.losses` is read: the tensor that it returns is one of the list, by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from kreglint.runtime.keras_objects import KerasObject, ModelError, first_line
from kreglint.runtime.live import Live, bound_penalty


@dataclass(slots=True, eq=False)
class WeightTerms:
    """What `model.losses` holds for one weight: the terms as numbers, or why Keras could not make them."""

    values: list[float] = field(default_factory=list)
    shape: tuple[int, ...] = ()
    error: str | None = None


@dataclass(slots=True, eq=False)
class Terms:
    """`model.losses`, taken apart. `others` are the terms that no regularizer of a weight made, as read."""

    by_variable: dict[int, WeightTerms]
    others: list[KerasObject]
    total: float


@dataclass(slots=True, eq=False)
class _Note:
    variable: KerasObject
    term: KerasObject
    error: str | None = None


def read_terms(live: Live) -> Terms:
    """Read `model.losses` once.

    Raises:
        ModelError: a loss that is no regularizer's raises something.
    """
    notes: list[_Note] = []
    try:
        with _recording(live, notes):
            losses = list(live.model.losses)
    except Exception as error:
        raise ModelError(f"reading model.losses raised {first_line(error)}") from error
    found: dict[int, WeightTerms] = {}
    for note in notes:
        found.setdefault(id(note.variable), WeightTerms(error=note.error))
    owners = {id(note.term): note.variable for note in notes}
    others = []
    for loss in losses:
        owner = owners.get(id(loss))
        if owner is None:
            others.append(loss)
        elif found[id(owner)].error is None:
            found[id(owner)].values.append(live.total(loss))
            found[id(owner)].shape = tuple(loss.shape)
    return Terms(found, others, sum(live.total(loss) for loss in losses if has_value(loss)))


def concrete(terms: Terms) -> list[KerasObject]:
    """Return the other terms that have a value: a model that was never called, or is trained, has symbolic ones."""
    return [term for term in terms.others if has_value(term)]


def has_value(term: KerasObject) -> bool:
    """True if a term is a number: not one of a graph, of TensorFlow's or of Keras' own, and no tracer of JAX."""
    kinds = {kind.__name__ for kind in type(term).__mro__}
    return not kinds & {"KerasTensor", "SymbolicTensor", "Tracer"}


@contextmanager
def _recording(live: Live, notes: list[_Note]) -> Iterator[None]:
    with ExitStack() as undo:
        if live.major == 3:
            _record_variables(live, notes, undo)
        else:
            _record_functions(live, notes, undo)
        yield


def _record_variables(live: Live, notes: list[_Note], undo: ExitStack) -> None:
    recorder = _recorder_class(live)
    for variable in {id(each): each for node in live.nodes for each in live.own_variables(node.layer)}.values():
        regularizer = getattr(variable, "regularizer", None)
        if regularizer is not None:
            undo.callback(setattr, variable, "regularizer", regularizer)
            variable.regularizer = recorder(_noted(lambda value, r=regularizer: r(value), variable, live, notes))


def _record_functions(live: Live, notes: list[_Note], undo: ExitStack) -> None:
    for node in live.nodes:
        functions = live.callable_losses(node.layer)
        for index, function in enumerate(functions):
            bound = bound_penalty(function)
            if bound.regularizer is not None:
                undo.callback(functions.__setitem__, index, function)
                functions[index] = _noted(function, bound.variable, live, notes)


def _noted(
    penalty: Callable[..., KerasObject], variable: KerasObject, live: Live, notes: list[_Note]
) -> Callable[..., KerasObject]:
    def note(*values: KerasObject) -> KerasObject:
        try:
            term = penalty(*values)
            made = _Note(variable, live.tensor(term) if isinstance(term, int | float) else term)
        except Exception as error:
            made = _Note(variable, live.zero(), first_line(error))
        notes.append(made)
        return made.term

    return note


def _recorder_class(live: Live) -> Callable[[Callable[..., KerasObject]], KerasObject]:
    """Keras 3.1 to 3.14 want an instance of Regularizer on a variable."""

    class Recorder(live.keras.regularizers.Regularizer):  # type: ignore[misc,name-defined]
        def __init__(self, penalty: Callable[..., KerasObject]) -> None:
            self.penalty = penalty

        def __call__(self, value: KerasObject) -> KerasObject:
            return self.penalty(value)

    return Recorder
