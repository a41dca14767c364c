"""Losses that JAX differentiates, of functions that run a model without asking for its losses."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

HEAD = """\
import jax
import jax.numpy as jnp
import keras
from keras import layers
from mylib import unknown

model = keras.Sequential([layers.Dense(4, kernel_regularizer="l2"), layers.Dense(1)])
optimizer = keras.optimizers.Adam(1e-3)
objective = keras.losses.MeanSquaredError()


"""
LOSS_OF = """\
def loss_of(weights, state, x, y):
    {runs}
    loss = {loss}
    return loss, state


{gradient}


@jax.jit
def step(variables, x, y):
    weights, state, kept = variables
    (loss, state), gradients = gradient(weights, state, x, y)
    weights, kept = optimizer.stateless_apply(kept, gradients, weights)
    return loss, (weights, state, kept)
"""
RUNS = "y_pred, state = model.stateless_call(weights, state, x, training=True)"
GRADIENT = "gradient = jax.value_and_grad(loss_of, has_aux=True)"


def found(source: str) -> list[str]:
    """What is said of a program, by the text of it."""
    rows = (HEAD + source).splitlines()
    said = check_source(HEAD + source, "a.py", Settings(select=("KRG601",), keras_version="3.15"))
    return [rows[each.location.row - 1][each.location.column - 1 : each.end_location.column - 1] for each in said]


def loss_of(runs: str = RUNS, loss: str = "objective(y, y_pred)", gradient: str = GRADIENT) -> str:
    return LOSS_OF.format(runs=runs, loss=loss, gradient=gradient)


@pytest.mark.parametrize("loss", ["objective(y, y_pred)", "jnp.mean((y - y_pred) ** 2)"])
@pytest.mark.parametrize(
    "gradient",
    [
        GRADIENT,
        "gradient = jax.jit(jax.value_and_grad(loss_of, has_aux=True))",
        "from jax import value_and_grad\n\ngradient = value_and_grad(loss_of, has_aux=True)",
    ],
)
def test_a_loss_without_those_of_the_model(loss, gradient):
    assert found(loss_of(loss=loss, gradient=gradient)) == ["loss"]


def test_a_function_that_gives_back_the_loss_alone():
    source = """\
def loss_of(weights, state, x, y):
    y_pred, _ = model.stateless_call(weights, state, x)
    return objective(y, y_pred)


gradients = jax.grad(loss_of)
"""
    assert found(source) == ["objective(y, y_pred)"]


def test_a_method_of_a_trainer():
    source = """\
class Trainer:
    def __init__(self):
        self.model = keras.Sequential([layers.Dense(4, kernel_regularizer="l2")])

    def loss_of(self, weights, state, x, y):
        y_pred, state = self.model.stateless_call(weights, state, x)
        return objective(y, y_pred), state

    def fit(self, weights, state, x, y):
        return jax.value_and_grad(self.loss_of, has_aux=True)(weights, state, x, y)
"""
    assert found(source) == ["objective(y, y_pred)"]


@pytest.mark.parametrize(
    "source",
    [
        loss_of(
            "y_pred, state, losses = model.stateless_call(weights, state, x, return_losses=True)",
            "objective(y, y_pred) + sum(losses)",
        ),
        loss_of("y_pred, state = model.stateless_call(weights, state, x, **unknown())"),
        loss_of(loss="objective(y, y_pred) + 1e-4 * sum(jnp.sum(each**2) for each in weights)"),
        loss_of(loss="objective(y, y_pred) + unknown(weights)"),
        loss_of(loss="unknown(model, y, y_pred)"),
        loss_of(loss="objective(y, y_pred) + sum(model.losses)"),
        loss_of(gradient="gradient = unknown(loss_of)"),
        loss_of(gradient="gradient = jax.value_and_grad(loss_of, has_aux=unknown())"),
        loss_of(gradient="gradient = jax.value_and_grad(unknown(loss_of), has_aux=True)"),
        "@unknown\n" + loss_of(),
        loss_of().replace("def loss_of(", "model = unknown(model)\n\n\ndef loss_of("),
    ],
)
def test_nothing_is_said_where_they_may_be_added(source):
    assert found(source) == []


def test_a_model_without_penalties():
    rows = (HEAD + loss_of()).replace('kernel_regularizer="l2"', "kernel_regularizer=None")
    assert check_source(rows, "a.py", Settings(select=("KRG601",), keras_version="3.15")) == []
