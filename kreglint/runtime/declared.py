"""What a layer class does with the regularizers that its constructor takes, each by itself."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from kreglint.diagnostics import Severity
from kreglint.runtime.keras_objects import KerasObject, ModelError, described, first_line, is_of_keras, root_package
from kreglint.runtime.probe import Probe
from kreglint.runtime.result import MATCH, Verification

LayerMaker = Callable[..., KerasObject]  # a layer class, or what makes a layer of the keywords that it is called with
Shape = tuple[int | None, ...]

_SUFFIX = "_regularizer"
_FACTOR = 0.1
_SHAPES: tuple[Shape, ...] = ((8,), (6, 8), (8, 8, 3), (6, 8, 8, 3))  # of inputs, without the batch


@dataclass(frozen=True, slots=True)
class Declared:
    """What comes of one argument: `fault` says what is wrong with it, and is empty if it regularizes as it should."""

    argument: str
    fault: str = ""


def judge_layer(
    make: LayerMaker, input_shape: Shape | None = None, arguments: Sequence[str] | None = None
) -> tuple[Declared, ...]:
    """Give a layer L2(0.1) by one argument after the other, and hold its losses against the formula.

    A regularizer should be added once, be trained, and be kept by `get_config`.

    Args:
        make: a layer class, or what makes a layer of keyword arguments, such as `partial(Dense, 4)`.
        input_shape: of one input, without the batch. Without it, some shapes are tried.
        arguments: the names of the arguments. Without them, all that the class and its bases declare and that end with
            `_regularizer`.

    Raises:
        ModelError: `make` is no such thing, or no layer can be made or called without a regularizer.
    """
    plain = _made(make, {})
    names = tuple(arguments) if arguments is not None else tuple(declared_arguments(make))
    if not names:
        raise ModelError(f"expected a layer that declares a regularizer, received {described(plain)}, which has none")
    keras = _keras_of(plain)
    shape = input_shape if input_shape is not None else _fitting_shape(make, keras)
    return tuple(Declared(name, _fault(make, name, keras, shape)) for name in names)


def declared_arguments(make: LayerMaker) -> Iterator[str]:
    """Yield the arguments for regularizers that a class or function declares, and those of bases that get the rest."""
    inner = getattr(make, "func", make)
    given: Mapping[str, object] = getattr(make, "keywords", {})
    seen: set[str] = set(given)
    for function in _constructors(inner):
        parameters = inspect.signature(function).parameters.values()
        for parameter in parameters:
            if parameter.name.endswith(_SUFFIX) and parameter.name not in seen:
                seen.add(parameter.name)
                yield parameter.name
        if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters):
            return


def _constructors(inner: Callable[..., object]) -> Iterator[Callable[..., object]]:
    """Yield a function, or the constructors of a class and of its bases as `super().__init__` meets them."""
    if not isinstance(inner, type):
        yield inner
        return
    for kind in inner.__mro__:
        constructor = vars(kind).get("__init__")
        if inspect.isfunction(constructor):
            yield constructor


def _made(make: LayerMaker, regularizers: Mapping[str, object]) -> KerasObject:
    try:
        return make(**regularizers)
    except Exception as error:  # of the user's own code
        if regularizers:
            raise
        raise ModelError(
            f"expected a layer class, or what makes a layer such as partial(Dense, 4), but calling {named(make)} "
            f"raises {first_line(error)}"
        ) from error


def named(make: LayerMaker) -> str:
    """Return the name of a layer class, or of what makes layers."""
    inner = getattr(make, "func", make)
    return getattr(inner, "__name__", type(inner).__name__)


def _keras_of(layer: KerasObject) -> ModuleType:
    """Return the Keras of a layer. Raises ModelError for anything else."""
    for kind in type(layer).__mro__:
        if is_of_keras(kind):
            keras = importlib.import_module(root_package(kind))
            if isinstance(layer, keras.layers.Layer):
                return keras
            break
    raise ModelError(f"expected a Keras layer, received {described(layer)}")


def _fitting_shape(make: LayerMaker, keras: ModuleType) -> Shape:
    """Return the first shape that a layer takes. Raises ModelError where it takes none."""
    why = ""
    for shape in _SHAPES:
        refused = _refused(make, keras, shape)
        if not refused:
            return shape
        why = why or f"{shape}: {refused}"
    raise ModelError(f"{named(make)} takes none of the inputs that were tried; give its input_shape ({why})")


def _refused(make: LayerMaker, keras: ModuleType, shape: Shape) -> str:
    """Return why a layer does not take inputs of a shape; empty if it does."""
    try:
        _model(_made(make, {}), keras, shape)
    except Exception as error:  # of the user's own code
        return first_line(error)
    return ""


def _model(layer: KerasObject, keras: ModuleType, shape: Shape) -> KerasObject:
    inputs = keras.layers.Input(shape)
    model = keras.Model(inputs, layer(inputs))
    model.compile(optimizer="sgd", loss="mse")
    return model


def _fault(make: LayerMaker, argument: str, keras: ModuleType, shape: Shape) -> str:
    try:
        layer = _made(make, {argument: keras.regularizers.L2(_FACTOR)})
        found = Probe(_model(layer, keras, shape)).run()
    except Exception as error:  # of the user's own code
        return f"raises {first_line(error)}"
    if not found.ok:
        return "; ".join(fault.message for fault in found.findings if fault.severity != Severity.INFO.value)
    if not _acts(found):
        return "is accepted and dropped: model.losses has no penalty"
    return _lost(layer, keras, shape)


def _acts(found: Verification) -> bool:
    return any(penalty.status == MATCH for penalty in found.penalties) or bool(found.total.actual)


def _lost(layer: KerasObject, keras: ModuleType, shape: Shape) -> str:
    """Return how the penalty is lost where the layer is made again of its configuration; empty if it is not."""
    try:
        again = Probe(_model(type(layer).from_config(layer.get_config()), keras, shape)).run()
    except Exception as error:  # of the user's own code
        return f"is not kept: making the layer of its get_config() raises {first_line(error)}"
    if not _acts(again):
        return "is not kept: the layer that is made of its get_config() has no penalty"
    return ""
