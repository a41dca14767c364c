"""For a user's own tests."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.runtime.declared import LayerMaker, Shape
    from kreglint.runtime.inputs import Nested
    from kreglint.runtime.keras_objects import KerasObject


def assert_penalties_match(model: KerasObject, *, data: Nested = None, tolerance: float | None = None) -> None:
    """Fail where `kreglint.verify` finds something; its arguments are the same.

    Raises:
        AssertionError: a penalty is wrong, missing, or not trained as it should be. The message is the whole report.
        ModelError: the model cannot be verified.
    """
    from kreglint.runtime.probe import verify

    found = verify(model, data=data, tolerance=tolerance)
    if not found.ok:
        raise AssertionError(f"the penalties of the model do not match\n{found!r}")


def assert_layers_regularize(
    *layers: LayerMaker, input_shape: Shape | None = None, arguments: tuple[str, ...] | None = None
) -> None:
    """Fail where a layer does not do with its regularizers what it should: add each once, train it and keep it.

    Each argument that ends with `_regularizer` is given L2(0.1) by itself, and the losses of a model with that layer
    are held against 0.1 times the sum of squares. The layer that is made of its `get_config()` must have the penalty
    too.

    Args:
        layers: layer classes, or what makes a layer of keyword arguments, such as `partial(MyConv, 4, kernel_size=3)`.
        input_shape: of the input of each, without the batch. Without it, some shapes are tried.
        arguments: the names of the arguments. Without them, all that the constructors declare.

    Raises:
        AssertionError: what is wrong, one line for each argument.
        ModelError: a layer cannot be made or called.
    """
    from kreglint.runtime.declared import judge_layer, named

    faults = [
        f"{named(layer)}: {found.argument} {found.fault}"
        for layer in layers
        for found in judge_layer(layer, input_shape, arguments)
        if found.fault
    ]
    if faults:
        raise AssertionError("regularizers do not do what they should\n" + "\n".join(faults))
