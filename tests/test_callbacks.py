"""The monitor in real training."""

import numpy as np
import pytest

from kreglint.callbacks import RegularizationMonitor
from tests.runtime.conftest import keras  # noqa: F401  a fixture
from tests.runtime.models import dense

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

X, Y = np.ones((8, 4), "float32"), np.zeros((8, 3), "float32")


def fitted(keras, **options):  # noqa: F811
    model = dense(keras, kernel_regularizer=keras.regularizers.L2(0.5))
    monitor = RegularizationMonitor(keras=keras, **options)
    return model, model.fit(X, Y, epochs=2, verbose=0, callbacks=[monitor]).history


def test_the_penalty_of_each_weight_is_in_the_history(keras):  # noqa: F811
    model, history = fitted(keras)
    (name,) = (each for each in history if each.startswith("penalty/"))
    assert name.endswith("/d/kernel")
    kernel = np.asarray(model.get_weights()[0], "float64")
    assert history[name][-1] == pytest.approx(0.5 * (kernel**2).sum(), rel=1e-5)
    assert history["penalty"] == history[name]
    assert history["penalty_share"][0] == pytest.approx(history["penalty"][0] / history["loss"][0])


def test_the_layers_can_be_left_out(keras):  # noqa: F811
    _, history = fitted(keras, per_layer=False)
    assert set(history) == {"loss", "penalty", "penalty_share"}


def test_it_is_a_callback_of_the_keras_given(keras):  # noqa: F811
    assert isinstance(RegularizationMonitor(keras=keras), keras.callbacks.Callback)
