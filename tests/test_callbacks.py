"""The monitor in real training."""

import csv
import json
import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from kreglint.callbacks import RegularizationMonitor
from tests.runtime import monitored
from tests.runtime.conftest import imported, keras  # noqa: F401  a fixture
from tests.runtime.models import dense
from tests.runtime.monitored import MODELS, data_loss

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

X, Y = np.ones((8, 4), "float32"), np.zeros((8, 3), "float32")
PARTS = {
    "activity": {"net/hidden/added"},
    "own_loss": {"net/adds/added"},
    "mixed": {"net/hidden/kernel", "net/hidden/added", "net/adds/added"},
    "nested": {"outer/net/hidden/kernel", "outer/net/hidden/added", "outer/net/adds/added", "outer/dense/bias"},
    "subclassed": {"net/hidden/kernel", "net/hidden/added", "net/added"},
    "without": set(),
}


def fitted(keras, **options):  # noqa: F811
    model = dense(keras, kernel_regularizer=keras.regularizers.L2(0.5))
    monitor = RegularizationMonitor(keras=keras, **options)
    return model, model.fit(X, Y, epochs=2, verbose=0, callbacks=[monitor]).history


def parts(history):
    """The layers' keys; a layer that has no name of its own is told without its number."""
    names = (name.removeprefix("penalty/") for name in history if name.startswith("penalty/"))
    return {"/".join("dense" if each.startswith("dense_") else each for each in name.split("/")) for name in names}


def assert_tells_the_penalty(name, history, data):
    """The weights did not move: what `loss` has beside the data's is the penalty, and that is the sum of its parts."""
    assert parts(history) == PARTS[name]
    for epoch in range(2):
        assert history["loss"][epoch] - history["penalty"][epoch] == pytest.approx(data, rel=1e-4)
        each = [history[key][epoch] for key in history if key.startswith("penalty/")]
        assert history["penalty"][epoch] == pytest.approx(sum(each))
        assert history["penalty_share"][epoch] == pytest.approx(history["penalty"][epoch] / history["loss"][epoch])


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


@pytest.mark.parametrize("name", MODELS)
def test_the_penalty_is_what_the_loss_has_beside_the_datas(keras, name):  # noqa: F811
    model = MODELS[name](keras)
    history = monitored.fitted(keras, model, RegularizationMonitor())
    assert_tells_the_penalty(name, history, data_loss(model))


@pytest.mark.parametrize(
    "options",
    [{"jit_compile": True}, {"jit_compile": False}, {"run_eagerly": True}, {"steps_per_execution": 2}],
    ids=str,
)
def test_however_the_step_is_compiled(keras, options):  # noqa: F811
    model = MODELS["mixed"](keras)
    history = monitored.fitted(keras, model, RegularizationMonitor(), compiled=options)
    assert_tells_the_penalty("mixed", history, data_loss(model))


def test_validation_is_not_counted(keras):  # noqa: F811
    model = MODELS["mixed"](keras)
    history = monitored.fitted(keras, model, RegularizationMonitor(), validation_data=(5 * monitored.X, monitored.Y))
    assert_tells_the_penalty("mixed", history, data_loss(model))
    assert {name for name in history if name.startswith("val_")} == {"val_loss"}


def test_activity_penalties_of_weights_that_move_are_the_epochs_mean(keras):  # noqa: F811
    """In an epoch of one batch the mean is the value before the step, at the weights of the epoch before."""
    model = MODELS["activity"](keras)
    before = np.asarray(keras.Model(model.inputs, model.layers[-2].output)(monitored.X))
    history = monitored.fitted(keras, model, RegularizationMonitor(), rate=0.1, batch_size=10)
    assert history["penalty/net/hidden/added"][0] == pytest.approx(0.01 * (before**2).sum() / 10, rel=1e-5)
    assert history["penalty"][1] != history["penalty"][0]


def test_a_layer_that_is_called_on_several_inputs(keras):  # noqa: F811
    entries = [keras.layers.Input((4,)) for _ in range(2)]
    shared = keras.layers.Dense(4, activity_regularizer="l2", name="shared")
    joined = keras.layers.Concatenate()([shared(each) for each in entries])
    model = keras.Model(entries, keras.layers.Dense(1)(joined), name="net")
    x = [monitored.X, 2 * monitored.X]
    history = monitored.fitted(keras, model, RegularizationMonitor(), x)
    assert parts(history) == {"net/shared/added"}
    assert history["loss"][1] - history["penalty"][1] == pytest.approx(data_loss(model, x), rel=1e-4)


def test_a_step_of_the_users_own(keras):  # noqa: F811
    """It reports no `loss`, so no share of it is told."""
    tensorflow = imported("tensorflow")

    class Stepped(keras.Model):
        def train_step(self, data):
            x, y = data
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + sum(self.losses)
            variables = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
            return {"total": loss}

    entry = keras.layers.Input((4,))
    hidden = keras.layers.Dense(4, activity_regularizer="l2", name="hidden")(entry)
    model = Stepped(entry, keras.layers.Dense(1)(hidden), name="net")
    history = monitored.fitted(keras, model, RegularizationMonitor(), batch_size=10)
    assert history["total"][1] - history["penalty"][1] == pytest.approx(data_loss(model), rel=1e-4)
    assert "penalty_share" not in history


def test_loggers_that_come_after_it_have_the_values(keras, tmp_path):  # noqa: F811
    model, path = MODELS["mixed"](keras), tmp_path / "log.csv"
    callbacks = [RegularizationMonitor(), keras.callbacks.CSVLogger(str(path))]
    history = monitored.fitted(keras, model, None, callbacks=callbacks)
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {"epoch", *history} <= set(rows[0])
    assert [float(row["penalty/net/adds/added"]) for row in rows] == history["penalty/net/adds/added"]


def test_one_monitor_serves_one_training_after_another(keras):  # noqa: F811
    monitor, model = RegularizationMonitor(), MODELS["mixed"](keras)
    histories = [monitored.fitted(keras, model, monitor) for _ in range(2)]
    assert histories[1]["penalty"] == pytest.approx(histories[0]["penalty"], rel=1e-6)


def test_the_model_is_afterwards_what_it_was(keras):  # noqa: F811
    model = MODELS["mixed"](keras)
    monitored.fitted(keras, model, RegularizationMonitor(), callbacks=[])
    before, metrics = set(vars(model)), len(model.metrics)
    model.fit(monitored.X, monitored.Y, verbose=0, callbacks=[RegularizationMonitor(), RegularizationMonitor()])
    assert set(vars(model)) == before
    assert len(model.metrics) == metrics


def test_it_takes_the_keras_of_the_model(keras):  # noqa: F811
    for name in ("keras", "tf_keras"):
        monitor, model = RegularizationMonitor(keras=imported(name)), MODELS["mixed"](keras)
        history = monitored.fitted(keras, model, monitor)
        assert isinstance(monitor, keras.callbacks.Callback)
        assert_tells_the_penalty("mixed", history, data_loss(model))


def told_by_a_program(backend, *arguments):
    missing = [name for name in (backend, arguments[0]) if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (extra: oracle)")
    done = subprocess.run(
        [sys.executable, "-m", "tests.runtime.monitored", *arguments],
        env={**os.environ, "KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("backend", "arguments"),
    [
        ("tensorflow", ["tf_keras"]),
        ("tensorflow", ["tf_keras", "before"]),
        ("tensorflow", ["keras", "before"]),
        ("jax", ["keras"]),
        ("torch", ["keras"]),
    ],
    ids=str,
)
def test_a_program_with_one_keras_alone(backend, arguments):
    told = told_by_a_program(backend, *arguments)
    for name in MODELS:
        assert_tells_the_penalty(name, told[name]["history"], told[name]["data loss"])
        assert told[name]["metrics"] == 1
    if backend == "jax":  # the step does not let the penalty of the output be seen: no number is made up
        assert set(told["own step"]["history"]) == {"loss", "penalty/net/hidden/kernel"}
