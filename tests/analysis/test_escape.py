"""Programs in which the penalty is added, or the model built anew, by code that is not seen or by other ways round."""

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import functools
from functools import partial

import keras
import tensorflow as tf
from keras.layers import Dense
from keras.regularizers import l2

"""
NET = "net = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])\n"
STEP = """\
def step(x, y):
    with tf.GradientTape() as tape:
        p = net(x)
        {loss}
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
"""
MSE = "loss = tf.reduce_mean(tf.square(y - p))"
OBJECTIVE = "loss = objective(y, p)"


def step(loss: str = OBJECTIVE) -> str:
    return STEP.format(loss=loss.replace("\n", "\n        "))


def tapes(body: str) -> list[str]:
    source = IMPORTS + body
    return [source[each.span.start : each.span.end] for each in facts(source).training.tapes]


LACKING = {
    "a loss of its own": (NET, step(MSE)),
    "a loss of Keras": (NET + "objective = keras.losses.MeanSquaredError()\n", step()),
    "a loss of Keras in Black's layout": (
        NET + "objective = keras.losses.MeanSquaredError(\n    name='mse',\n)\n",
        step(),
    ),
    "a loss of another module that never sees the model": ("from mylib import objective\n" + NET, step()),
    "a helper of the file": (NET + "def objective(y, p):\n    return tf.reduce_mean(y - p)\n\n\n", step()),
    "a decay of the learning rate": (NET, step("lr_decay = 0.5\n" + MSE)),
    "a comment": (NET, step(MSE + "  # no penalty yet")),
    "a docstring": (NET, step(MSE).replace(":\n", ':\n    """With a decayed learning rate."""\n', 1)),
    "a checkpoint": (NET + "checkpoint = tf.train.Checkpoint(model=net)\n", step(MSE)),
    "metrics": (NET + "seen = keras.metrics.Mean()\n", step(MSE + "\nseen.update_state(loss)")),
    "an alias of the model": (NET + "model = net\n", step(MSE)),
    "an optimizer that gets its weights": (
        NET + "optimizer = keras.optimizers.SGD()\noptimizer.build(net.weights)\n",
        step(MSE),
    ),
    "a model that is shown": (NET + "net.summary()\nprint(net)\nkeras.utils.plot_model(net)\n", step(MSE)),
    "a layer of another model": (
        NET + "from mylib import objective\nother = keras.Sequential([Dense(2)])\nobjective.attach(other)\n",
        step(),
    ),
    "calls that come after the gradient": (
        NET + "from mylib import log\n",
        step(MSE) + "    log(net.trainable_variables)\n",
    ),
}


@pytest.mark.parametrize("program", LACKING.values(), ids=LACKING.keys())
def test_a_loss_that_certainly_lacks_the_losses(program):
    assert tapes("".join(program)) == ["loss"]


ADDED = {
    # given to code that is not seen
    "an object of another module": ("from mylib import Objective\n" + NET + "objective = Objective(net)\n", step()),
    "the same in Black's layout": (
        "from mylib import Objective\n" + NET + "objective = Objective(\n    net,\n)\n",
        step(),
    ),
    "by keyword": ("from mylib import Objective\n" + NET + "objective = Objective(\n    model=net,\n)\n", step()),
    "an alias of the model": (
        "from mylib import Objective\n" + NET + "model = net\nobjective = Objective(\n    model,\n)\n",
        step(),
    ),
    "a chain of aliases": (
        "from mylib import Objective\n" + NET + "a = net\nb = a\nobjective = Objective(b)\n",
        step(),
    ),
    "an alias of which the model is one": (
        "from mylib import Objective\n"
        + NET.replace("net =", "model =")
        + "net = model\nobjective = Objective(model)\n",
        step(),
    ),
    "an unpacking": (
        "from mylib import Objective\n" + NET + "model, other = net, 1\nobjective = Objective(model)\n",
        step(),
    ),
    "a starred unpacking": (
        "from mylib import Objective\n" + NET + "*models, other = [net, net, 1]\nobjective = Objective(models)\n",
        step(),
    ),
    "a list": ("from mylib import Objective\n" + NET + "objective = Objective([net])\n", step()),
    "a dict of models": (
        "from mylib import Objective\n" + NET + "models = {\n    'net': net,\n}\nobjective = Objective(**models)\n",
        step(),
    ),
    "a dict that gets it": (
        "from mylib import Objective\n" + NET + "models = {}\nmodels['net'] = net\nobjective = Objective(models)\n",
        step(),
    ),
    "a list that gets it": (
        "from mylib import Objective\n"
        + NET
        + "models = []\nmodels.append(\n    net,\n)\nobjective = Objective(models)\n",
        step(),
    ),
    "arguments with stars": (
        "from mylib import Objective\n" + NET + "given = (net,)\nobjective = Objective(*given)\n",
        step(),
    ),
    "a conditional expression": (
        "from mylib import Objective\n" + NET + "model = net if big else None\nobjective = Objective(model)\n",
        step(),
    ),
    "an or": ("from mylib import Objective\n" + NET + "objective = Objective(given or net)\n", step()),
    "a walrus": ("from mylib import Objective\n" + NET + "objective = Objective(model := net)\n", step()),
    "a walrus around it": (
        "from mylib import Objective\n" + NET + "if (objective := Objective(net)) is not None:\n    pass\n",
        step(),
    ),
    "a comprehension": (
        "from mylib import Objective\n"
        + NET
        + "objectives = [Objective(each) for each in (net,)]\nobjective = objectives[0]\n",
        step(),
    ),
    "its layers": (
        "from mylib import Objective\n" + NET + "objective = Objective(net.layers)\n",
        step(),
    ),
    "its weights": (
        "from mylib import Objective\n" + NET + "objective = Objective(\n    net.trainable_weights,\n)\n",
        step(),
    ),
    "a layer of it": (
        (
            "from mylib import Objective\ndense = Dense(2, kernel_regularizer='l2')\n"
            "net = keras.Sequential([dense])\nobjective = Objective(dense)\n"
        ),
        step(),
    ),
    "another model of its layers": (
        (
            "from mylib import Objective\ninputs = keras.Input((3,))\n"
            "outputs = Dense(2, kernel_regularizer='l2')(inputs)\n"
            "net = keras.Model(inputs, outputs)\ntwin = keras.Model(inputs, outputs)\nobjective = Objective(twin)\n"
        ),
        step(),
    ),
    "a method that gets it": (
        "from mylib import Objective\n" + NET + "objective = Objective()\nobjective.attach(\n    net,\n)\n",
        step(),
    ),
    "an attribute that is set": (
        "from mylib import Objective\n" + NET + "objective = Objective()\nobjective.model = net\n",
        step(),
    ),
    "setattr": (
        "from mylib import Objective\n" + NET + "objective = Objective()\nsetattr(objective, 'model', net)\n",
        step(),
    ),
    "a function that gets both": (
        "from mylib import attach, Objective\n" + NET + "objective = Objective()\nattach(objective, net)\n",
        step(),
    ),
    "a module that gets it and has the loss": (
        "import mylib\n" + NET + "mylib.register(net)\n",
        step("loss = mylib.objective(y, p)"),
    ),
    "a star import": ("from mylib import *\n" + NET + "register(net)\n", step()),
    "all globals": ("from mylib import Objective\n" + NET + "objective = Objective(globals())\n", step()),
    "a context manager": (
        "from mylib import penalized\n" + NET,
        step("with penalized(net) as objective:\n    loss = objective(y, p)"),
    ),
    "a context manager of the file": (
        "import contextlib\nfrom mylib import Objective\n"
        + NET
        + "@contextlib.contextmanager\ndef attached(model):\n    yield Objective(model)\n\n\n",
        step("with attached(net) as objective:\n    loss = objective(y, p)"),
    ),
    "a weight's own penalty": (
        "from mylib import norm\n" + NET,
        step(MSE + "\nloss += norm(net.trainable_weights)"),
    ),
    "a penalty of each weight": (NET, step(MSE + "\nvs = net.trainable_weights\nfor v in vs:\n    loss += tf.norm(v)")),
    "a sum over weights": (
        NET,
        step("vs = net.trainable_weights\n" + MSE + " + 0.1 * sum(tf.reduce_sum(v**2) for v in vs)"),
    ),
    "a layer's kernel": (NET, step("dense = net.layers[0]\nw = dense.kernel\n" + MSE + " + tf.norm(w)")),
    # closures
    "a partial": (
        "from mylib import add\n" + NET + "objective = partial(add, net=net)\n",
        step(),
    ),
    "a partial in Black's layout": (
        "from mylib import add\n" + NET + "objective = partial(\n    add,\n    net=net,\n)\n",
        step(),
    ),
    "functools.partial": (
        "from mylib import add\n" + NET + "objective = functools.partial(\n    add,\n    net,\n)\n",
        step(),
    ),
    "a partial of a function of the file": (
        NET + "def add(model, y, p):\n    return tf.norm(y - p) + sum(model.losses)\n\n\n"
        "objective = functools.partial(\n    add,\n    net,\n)\n",
        step(),
    ),
    "a list of lambdas": (
        NET + "terms = [\n    lambda: net.losses[0],\n]\n",
        step(MSE + "\nloss += terms[0]()"),
    ),
    "lambdas that a loop calls": (
        NET + "terms = [\n    lambda: net.losses[0],\n]\n",
        step(MSE + "\nfor term in terms:\n    loss += term()"),
    ),
    "lambdas that a comprehension calls": (
        NET + "terms = [lambda: net.losses[0]]\n",
        step(MSE + "\nloss += sum(term() for term in terms)"),
    ),
    "a dict of lambdas": (
        NET + "terms = {\n    'all': lambda: tf.add_n(net.losses),\n}\n",
        step(MSE + "\nloss += terms['all']()"),
    ),
    "a lambda with a default": (
        NET + "extra = lambda model=net: sum(model.losses)\n",
        step(MSE + "\nloss += extra()"),
    ),
    "a function that makes a function": (
        NET + "def make(model):\n    def objective(y, p):\n        return tf.norm(y - p) + sum(model.losses)\n\n"
        "    return objective\n\n\ntotal = make(\n    net,\n)\n",
        step("loss = total(y, p)"),
    ),
    "a function of another module that makes one": (
        "from mylib import make\n" + NET + "objective = make(\n    net,\n)\n",
        step(),
    ),
    "a decorator of the file": (
        NET + "def regularized(f):\n    @functools.wraps(f)\n    def inner(*given):\n"
        "        return f(*given) + sum(net.losses)\n\n    return inner\n\n\n"
        "@regularized\ndef objective(y, p):\n    return tf.norm(y - p)\n\n\n",
        step(),
    ),
    "a decorator that gets the model": (
        "from mylib import adding\n"
        + NET
        + "@adding(\n    net,\n)\ndef objective(y, p):\n    return tf.norm(y - p)\n\n\n",
        step(),
    ),
    "a function that is decorated later": (
        "from mylib import adding\n" + NET + "def objective(y, p):\n    return tf.norm(y - p)\n\n\n"
        "objective = adding(objective, net)\n",
        step(),
    ),
    "tf.function around a lambda": (
        NET + "extra = tf.function(lambda: sum(net.losses))\n",
        step(MSE + "\nloss += extra()"),
    ),
    "map": (NET + "def of(model):\n    return sum(model.losses)\n\n\n", step(MSE + "\nloss += sum(map(of, [net]))")),
    # classes
    "a class of the file": (
        NET + "class Objective:\n    def __init__(self, net):\n        self.net = net\n\n"
        "    def __call__(self, y, p):\n        return tf.norm(y - p) + sum(self.net.losses)\n\n\n"
        "objective = Objective(\n    net,\n)\n",
        step(),
    ),
    "a class that reads the model itself": (
        NET + "class Objective:\n    def __call__(self, y, p):\n        return tf.norm(y - p) + sum(net.losses)\n\n\n"
        "objective = Objective()\n",
        step(),
    ),
    "a class attribute": (
        "from mylib import Base\n" + NET + "class Objective(Base):\n    model = net\n\n\nobjective = Objective()\n",
        step(),
    ),
    "a class attribute that is set": (
        "from mylib import Objective\n" + NET + "Objective.model = net\nobjective = Objective()\n",
        step(),
    ),
    "a layer that adds them": (
        NET + "class Adding(keras.layers.Layer):\n    def call(self, p):\n        return p + sum(net.losses)\n\n\n"
        "adding = Adding()\n",
        step("loss = tf.reduce_mean(adding(y - p))"),
    ),
    "a property": (
        NET
        + "class Terms:\n    @property\n    def extra(self):\n        return sum(net.losses)\n\n\nterms = Terms()\n",
        step(MSE + "\nloss += terms.extra"),
    ),
    "a dataclass": (
        "import dataclasses\n"
        + NET
        + "@dataclasses.dataclass\nclass Objective:\n    net: object\n\n    def total(self, y, p):\n"
        "        return tf.norm(y - p) + sum(self.net.losses)\n\n\nobjective = Objective(net)\n",
        step("loss = objective.total(y, p)"),
    ),
    "a global": (
        "from mylib import Objective\n"
        + NET
        + "objective = None\n\n\ndef start():\n    global objective\n    objective = Objective(net)\n\n\n",
        step(),
    ),
    "a value that is given": (
        NET,
        step(MSE + "\nloss += extra").replace("step(x, y)", "step(x, y, extra)") + "\n\nstep(1, 2, sum(net.losses))\n",
    ),
    "a function that is given": (
        "from mylib import Objective\n" + NET,
        step("loss = f(y, p)").replace("step(x, y)", "step(x, y, f)") + "\n\nstep(1, 2, Objective(\n    net,\n))\n",
    ),
    "a function of a known name that is another": (
        "import mylib\n" + NET + "class Other:\n    def total(self, y):\n        return y\n\n\n",
        step("loss = mylib.total(net, y, p)"),
    ),
    "a loss that comes from elsewhere": (
        NET,
        "def step(tape: tf.GradientTape, x, loss):\n    net(x)\n    tape.gradient(loss, net.trainable_variables)\n",
    ),
}


@pytest.mark.parametrize("program", ADDED.values(), ids=ADDED.keys())
def test_a_loss_that_may_have_them(program):
    assert tapes("".join(program)) == []


TRAINER = """\
class Trainer:
    def __init__(self, optimizer{parameters}):
        self.optimizer = optimizer
        {made}

    def step(self, x, y):
        with tf.GradientTape() as tape:
            p = self.model(x)
            {loss}
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables))
"""
MODEL = "self.model = keras.Sequential([Dense(2, kernel_regularizer='l2')])"


def trainer(made: str, loss: str = "loss = self.objective(y, p)", parameters: str = "") -> str:
    made = f"{MODEL}\n        " + (made if "\n    def" in made else made.replace("\n", "\n        "))
    return TRAINER.format(made=made, loss=loss.replace("\n", "\n            "), parameters=parameters)


@pytest.mark.parametrize(
    "program",
    [
        trainer("self.objective = keras.losses.MeanSquaredError()"),
        trainer("self.objective = objective", parameters=", objective"),
        trainer("self.optimizer = keras.optimizers.SGD()", MSE),
        trainer("pass", "loss = self.data(y, p)") + "\n    def data(self, y, p):\n        return tf.norm(y - p)\n",
    ],
)
def test_a_trainer_whose_loss_certainly_lacks_them(program):
    assert tapes(program) == ["loss"]


@pytest.mark.parametrize(
    "made",
    [
        "self.objective = Objective(self.model)",
        "self.objective = Objective(\n    self.model,\n)",
        "self.objective = Objective(self)",
        "this = self\nself.objective = Objective(this)",
        "model = self.model\nself.objective = Objective(model)",
        "self.objective = partial(\n    add,\n    self.model,\n)",
        "self.objective = lambda y, p: tf.norm(y - p) + sum(self.model.losses)",
        "self.objective = Objective()\nself.objective.model = self.model",
        "self.objective = Objective()\nself.objective.attach(self)",
        "setattr(self, 'objective', Objective(self.model))",
        "self.__dict__.update(objective=Objective(self.model))",
        "self.setup()\n\n    def setup(self):\n        self.objective = Objective(self)",
    ],
)
def test_a_trainer_whose_loss_may_have_them(made):
    assert tapes("from mylib import Objective, add\n" + trainer(made)) == []


def test_classes_that_take_the_name_of_their_base_are_no_endless_search():
    again = "class Base:\n    pass\n\n\nclass Base(Base):\n    def go(self):\n        self.stop()\n\n\n"
    assert tapes(again + NET + step(MSE)) == ["loss"]


def test_a_trainer_of_a_class_that_is_not_seen():
    program = trainer("pass").replace("class Trainer:", "class Trainer(Base):")
    assert tapes("from mylib import Base\n" + program) == []


NETWORK = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = Dense(2, kernel_regularizer='l2')
        {made}

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            p = {run}
            {loss}
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {{"loss": loss}}
"""


@pytest.mark.parametrize(
    ("made", "loss"),
    [
        ("pass", MSE),
        ("self.objective = keras.losses.MeanSquaredError()", OBJECTIVE.replace("objective", "self.objective")),
    ],
)
@pytest.mark.parametrize("run", ["self(x)", "self.encoder(x)"])
def test_a_step_of_a_model_that_certainly_lacks_them(made, loss, run):
    assert tapes(NETWORK.format(made=made, loss=loss, run=run)) == ["loss"]


@pytest.mark.parametrize(
    "made",
    [
        "self.objective = Objective(\n            self,\n        )",
        "self.objective = Objective(self.encoder)",
        "self.objective = Objective(self.losses)",
        "this = self\n        self.objective = Objective(this)",
        "self.objective = lambda y, p: tf.norm(y - p) + sum(self.losses)",
        "register(self)\n        self.objective = get_objective()",
    ],
)
def test_a_step_of_a_model_that_may_have_them(made):
    program = NETWORK.format(made=made, loss="loss = self.objective(y, p)", run="self(x)")
    assert tapes("from mylib import Objective, get_objective, register\n" + program) == []
