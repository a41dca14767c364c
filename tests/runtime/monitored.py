"""Models whose penalties a monitor has to tell, and a program that trains them: prints the histories as JSON.

Arguments: the Keras to use, and `before` where the monitor is made before that Keras is imported.
"""

import importlib
import json
import sys

import numpy as np

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(10, 4)).astype("float32"), RANDOM.normal(size=(10, 1)).astype("float32")
BATCH = 4  # batches of 4, 4 and 2: a mean that does not weight them is another number


def adds(keras):
    class Adds(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(0.5 * (inputs[0, 0] ** 2) + 3.0)
            return inputs

    return Adds(name="adds")


def activity(keras):
    layers = keras.layers
    return keras.Sequential(
        [layers.Input((4,)), layers.Dense(4, activity_regularizer="l2", name="hidden"), layers.Dense(1)], name="net"
    )


def own_loss(keras):
    layers = keras.layers
    return keras.Sequential([layers.Input((4,)), adds(keras), layers.Dense(1)], name="net")


def mixed(keras):
    layers = keras.layers
    hidden = layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l1", name="hidden")
    return keras.Sequential([layers.Input((4,)), hidden, adds(keras), layers.Dense(1)], name="net")


def nested(keras):
    entry = keras.layers.Input((4,))
    return keras.Model(entry, keras.layers.Dense(1, bias_regularizer="l1")(mixed(keras)(entry)), name="outer")


def subclassed(keras):
    class Net(keras.Model):
        def __init__(self):
            super().__init__(name="net")
            self.hidden = keras.layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l2", name="hidden")
            self.top = keras.layers.Dense(1, name="top")

        def call(self, inputs):
            hidden = self.hidden(inputs)
            self.add_loss(0.25 * hidden[0, 0] ** 2)
            return self.top(hidden)

    return Net()


def without(keras):
    return keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)], name="net")


MODELS = {each.__name__: each for each in (activity, own_loss, mixed, nested, subclassed, without)}


def fitted(keras, model, monitor, x=X, *, rate=0.0, compiled=None, **options):
    """The history of a fit; at a rate of 0 the weights stay, so the numbers can be worked out afterwards."""
    model.compile(keras.optimizers.SGD(rate), "mse", **(compiled or {}))
    settings = {"epochs": 2, "batch_size": BATCH, "verbose": 0, "callbacks": [monitor], "shuffle": False}
    return model.fit(x, Y, **{**settings, **options}).history


def data_loss(model, x=X):
    return float(((np.asarray(model.predict(x, verbose=0), "float64") - Y) ** 2).mean())


def own_step(keras):
    """A model of JAX whose step does not come to `compute_loss`."""
    jax = importlib.import_module("jax")

    class Stepped(keras.Model):
        def loss_of(self, trained, others, x, y):
            predicted, others, losses = self.stateless_call(trained, others, x, training=True, return_losses=True)
            return ((predicted - y) ** 2).mean() + sum(losses), others

        def train_step(self, state, data):
            trained, others, optimizer, metrics = state
            (loss, others), gradients = jax.value_and_grad(self.loss_of, has_aux=True)(trained, others, *data[:2])
            trained, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trained)
            return {"loss": loss}, (trained, others, optimizer, metrics)

    entry = keras.layers.Input((4,))
    hidden = keras.layers.Dense(4, activity_regularizer="l2", kernel_regularizer="l2", name="hidden")(entry)
    return Stepped(entry, keras.layers.Dense(1)(hidden), name="net")


def told(keras, monitor):
    found = {}
    for name, build in MODELS.items():
        model = build(keras)
        history = fitted(keras, model, monitor, validation_data=(X, Y))
        found[name] = {"history": history, "data loss": data_loss(model), "metrics": len(model.metrics)}
    if keras.backend.backend() == "jax":
        found["own step"] = {"history": fitted(keras, own_step(keras), monitor)}
    return found


if __name__ == "__main__":
    from kreglint.callbacks import RegularizationMonitor

    before = RegularizationMonitor() if "before" in sys.argv else None
    library = importlib.import_module(sys.argv[1])
    print(json.dumps(told(library, before or RegularizationMonitor())))
