"""Models that a script hands to a class of another file, whose training step leaves their losses out."""

from textwrap import indent

import pytest

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of

JUDGED = Settings(select=("KRG601",))
TRAINER = """\
import tensorflow as tf


class Trainer:
    def __init__(self, model, optimizer=None):
        self.model = model
        self.optimizer = optimizer
        self.objective = tf.keras.losses.MeanSquaredError()
{more}
    def fit(self, data):
        for x, y in data:
            self.train_step(x, y)

    @tf.function
    def train_step(self, x, y):
        with tf.GradientTape() as tape:
            loss = {loss}
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables))
"""
PLAIN = "self.objective(y, self.model(x, training=True))"
NETS = """\
from tensorflow.keras import Sequential, layers, regularizers


def build(rate=1e-4):
    return Sequential([layers.Dense(10, kernel_regularizer=regularizers.L2(rate)), layers.Dense(2)])
"""
HEAD = """\
import tensorflow as tf
from tensorflow.keras import Sequential, layers, regularizers
from nets import build
from trainer import Trainer
from mylib import data, unknown

"""
OWN = "Sequential([layers.Dense(10, kernel_regularizer='l2')])"


def findings(script: str, loss: str = PLAIN, more: str = "", trainer: str = TRAINER) -> list[Diagnostic]:
    made = trainer.format(loss=loss, more=indent(more, "    "))
    run = run_of(MadeProject({"/nets.py": NETS, "/trainer.py": made}, ()))
    return check(HEAD + script, "/main.py", JUDGED, run)


def said(script: str, **of: str) -> list[str]:
    """What is said of a script, by the text that it is said of."""
    rows = (HEAD + script).splitlines()
    return [
        rows[each.location.row - 1][each.location.column - 1 : each.end_location.column - 1]
        for each in findings(script, **of)
    ]


HANDED = {
    "of another file": ("net = build()\nTrainer(net, tf.keras.optimizers.SGD()).fit(data)\n", "net"),
    "of the script": (f"net = {OWN}\ntrainer = Trainer(net)\ntrainer.fit(data)\n", "net"),
    "by its keyword": (f"net = {OWN}\ntrainer = Trainer(optimizer=None, model=net)\n", "net"),
    "made in the call": ("trainer = Trainer(build())\n", "build()"),
    "in a function": ("def main():\n    net = build(1e-3)\n    Trainer(net).fit(data)\n\n\nmain()\n", "net"),
    "beside one without a penalty": (f"Trainer(build(0.0))\nnet = {OWN}\nTrainer(net)\n", "net"),
}


@pytest.mark.parametrize(("script", "model"), HANDED.values(), ids=HANDED)
def test_a_model_whose_losses_are_left_out(script, model):
    assert said(script) == [model]


def test_the_loss_is_shown_in_its_file():
    [found] = findings("net = build()\nTrainer(net)\n")
    assert found.message.startswith("net.losses is not added to the loss that it is trained by")
    assert [each.filename for each in found.related] == ["/trainer.py", "/nets.py"]
    assert found.fix is None


@pytest.mark.parametrize(
    "loss",
    [
        f"{PLAIN} + sum(self.model.losses)",
        f"{PLAIN} + tf.add_n(self.model.losses)",
        f"self.regularized({PLAIN})",
        "self.model.compute_loss(x, y, self.model(x))",
    ],
)
def test_a_loss_that_has_them(loss):
    more = "\ndef regularized(self, loss):\n    return loss + sum(self.model.losses)\n"
    assert said("net = build()\nTrainer(net)\n", loss=loss, more=more) == []


@pytest.mark.parametrize(
    "script",
    [
        "Trainer(build(0.0))\n",
        "Trainer(Sequential([layers.Dense(2)]))\n",
        "Trainer(unknown())\n",
        "Trainer(*unknown())\n",
        "net = build()\nunknown(net)\n",
        f"net = {OWN}\nunknown(Trainer)(net)\n",
    ],
)
def test_what_is_not_such_a_model(script):
    assert said(script) == []


def test_an_attribute_that_is_set_twice():
    more = "    self.model = tf.keras.Sequential([self.model])\n"
    assert said("net = build()\nTrainer(net)\n", more=more) == []


def test_a_class_that_unknown_code_makes_anew():
    trainer = TRAINER.replace("class Trainer", "from mylib import remade\n\n\n@remade\nclass Trainer")
    assert said("net = build()\nTrainer(net)\n", trainer=trainer) == []


def test_a_class_of_the_script_that_derives_from_it():
    script = """\
class Regularized(Trainer):
    def objective_of(self, y, p):
        return self.objective(y, p) + sum(self.model.losses)


net = build()
Regularized(net)
"""
    more = "\ndef objective_of(self, y, p):\n    return self.objective(y, p)\n"
    assert said(script, loss="self.objective_of(y, self.model(x))", more=more) == []
