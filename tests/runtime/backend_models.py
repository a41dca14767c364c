"""A program for test_backends: says in JSON what is found in models of the backend that Keras runs on."""

import importlib
import json

import keras

import kreglint


def torch_model(times):
    torch = importlib.import_module("torch")

    class Stepped(keras.Model):
        def train_step(self, data):
            x, y = data
            self.zero_grad()
            loss = ((self(x, training=True) - y) ** 2).mean() + times * sum(self.losses)
            loss.backward()
            weights = list(self.trainable_weights)
            with torch.no_grad():
                self.optimizer.apply([each.value.grad for each in weights], weights)
            return {"loss": loss}

    return Stepped


def jax_model(times):
    jax = importlib.import_module("jax")

    class Stepped(keras.Model):
        def loss_and_state(self, trained, others, x, y):
            predicted, others, losses = self.stateless_call(trained, others, x, training=True, return_losses=True)
            return ((predicted - y) ** 2).mean() + times * sum(losses), others

        def train_step(self, state, data):
            trained, others, optimizer, metrics = state
            gradient = jax.value_and_grad(self.loss_and_state, has_aux=True)
            (loss, others), gradients = gradient(trained, others, *data)
            trained, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trained)
            return {"loss": loss}, (trained, others, optimizer, metrics)

    return Stepped


def stepped(times, first="l2", second="l1"):
    kind = (torch_model if keras.backend.backend() == "torch" else jax_model)(times)
    entry = keras.Input((4,))
    hidden = keras.layers.Dense(5, "tanh", kernel_regularizer=first, bias_regularizer=second)(entry)
    return compiled(kind(entry, keras.layers.Dense(1, kernel_regularizer=second)(hidden)))


@keras.saving.register_keras_serializable("tests")
class Squares(keras.regularizers.Regularizer):
    def __call__(self, weight):
        return 0.1 * keras.ops.sum(weight * weight)

    def get_config(self):
        return {}


def compiled(model):
    model.compile("adam", "mse")
    return model


def every_penalty():
    regularizers = ["l1", "l2", keras.regularizers.L1L2(0.1, 0.2), keras.regularizers.OrthogonalRegularizer(0.1)]
    layers = [keras.layers.Dense(4, kernel_regularizer=each, bias_regularizer="l2") for each in regularizers]
    return compiled(keras.Sequential([keras.Input((4,)), *layers]))


def late():
    model = compiled(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="d")]))
    model.get_layer("d").kernel_regularizer = keras.regularizers.L2(0.1)
    return model


def recurrent():
    layers = [keras.layers.Bidirectional(keras.layers.LSTM(3, kernel_regularizer="l2")), keras.layers.Dense(1)]
    return compiled(keras.Sequential([keras.Input((5, 4)), *layers]))


MODELS = {
    "every penalty": every_penalty,
    "late": late,
    "step of Keras": recurrent,
    "own step": lambda: stepped(1),
    "own step that forgets": lambda: stepped(0),
    "own step that counts twice": lambda: stepped(2),
    "own regularizer": lambda: stepped(1, Squares(), Squares()),
    "own regularizer that is forgotten": lambda: stepped(0, Squares(), Squares()),
}


def told(model):
    found = kreglint.verify(model)
    return found.training.status, [each.code for each in found.findings if each.severity != "info"]


print(json.dumps({name: told(build()) for name, build in MODELS.items()}))
