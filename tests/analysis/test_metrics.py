"""Training steps whose loss no metric is told of."""

import pytest

from tests.analysis.reading import facts

PROGRAM = """\
import keras


class Net({base}):
    def train_step(self, data):
        loss = self.step(data)
        {told}


model = Net()
{compiled}
"""
COMPILED = "model.compile('sgd', 'mse')"


def found(told: str = 'return {"loss": loss}', compiled: str = COMPILED, base: str = "keras.Model") -> list[str]:
    source = PROGRAM.format(told=told, compiled=compiled, base=base)
    return [source[each.span.start : each.span.end] for each in facts(source).training.unlogged]


@pytest.mark.parametrize("told", ['return {"loss": loss}', "return {'loss': loss}", 'return {"loss": loss / 2}'])
def test_a_step_that_returns_the_loss_alone(told):
    assert found(told) == [told.removeprefix("return ")]


@pytest.mark.parametrize(
    "told",
    [
        'return {"total": loss}',
        'return {"loss": loss, "other": loss}',
        "return {**logs}",
        "return {name: loss}",
        "return logs",
        "return",
        'if a:\n            return {}\n        return {"loss": loss}',
        'self.tracker(loss)\n        return {"loss": loss}',
        'self.seen.update_state(loss)\n        return {"loss": loss}',
    ],
)
def test_a_step_that_returns_or_tells_anything_else(told):
    assert found(told) == []


def test_a_function_within_the_step_returns_nothing_of_it():
    told = 'def inner():\n            return 1\n\n        return {"loss": loss}'
    assert found(told) == ['{"loss": loss}']


@pytest.mark.parametrize(
    "compiled", [COMPILED, "model.compile('sgd', loss='mse', run_eagerly=True)", "model.compile('sgd', 'mse', None)"]
)
def test_a_model_without_metrics(compiled):
    assert len(found(compiled=compiled)) == 1


@pytest.mark.parametrize(
    "compiled",
    [
        "",
        "other.compile('sgd')",
        "model.compile('sgd', metrics=['mae'])",
        "model.compile('sgd', weighted_metrics=['mae'])",
        "model.compile(**options)",
        "model.compile('sgd', 'mse', None, ['mae'])",
        "model.compile('sgd')\nother.compile('sgd', metrics=['mae'])",
    ],
)
def test_a_model_that_may_have_metrics_or_is_not_compiled(compiled):
    assert found(compiled=compiled) == []


@pytest.mark.parametrize("base", ["Base", "keras.Model, Mixin", "keras.layers.Layer"])
def test_a_class_that_is_not_certainly_a_plain_model(base):
    assert found(base=base) == []


@pytest.mark.parametrize(
    ("told", "loss", "indent"),
    [
        ('return {"loss": loss}', "loss", "        "),
        ('return {"loss": loss / 2}', None, "        "),
        ('x = 1; return {"loss": loss}', "loss", None),
    ],
)
def test_what_a_fix_needs_to_know(told, loss, indent):
    source = PROGRAM.format(told=told, compiled=COMPILED, base="keras.Model")
    (each,) = facts(source).training.unlogged
    assert (each.loss, each.indent) == (loss, indent)
    assert source[each.statement.start : each.statement.end] == told.removeprefix("x = 1; ")
