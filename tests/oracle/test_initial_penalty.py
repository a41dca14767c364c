"""The penalty that KRG701 predicts, held against layers as Keras initialises them."""

import pytest

from kreglint.rules.sizes import Kernel

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize(
    ("kernel", "layer", "shape"),
    [
        (Kernel(784, 512), lambda keras: keras.layers.Dense(512), (1, 784)),
        (Kernel(64, 128, 9), lambda keras: keras.layers.Conv2D(128, 3), (1, 8, 8, 64)),
    ],
)
def test_a_new_layer_has_the_predicted_penalty(kernel, layer, shape):
    keras = pytest.importorskip("keras")
    made = layer(keras)
    made.build(shape)
    weights = keras.ops.convert_to_numpy(made.kernel).astype("float64")
    assert (weights**2).sum() == pytest.approx(kernel.squares(), rel=0.02)
    assert abs(weights).sum() == pytest.approx(kernel.absolutes(), rel=0.02)
