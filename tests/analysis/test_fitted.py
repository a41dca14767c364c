"""What is done with a model that is fitted: only what may evaluate this very model, or keep it, counts."""

from __future__ import annotations

import pytest

from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of
from tests.analysis.reading import facts

IMPORTS = "import keras\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n\n"
MODEL = "model = Sequential([Dense(2, kernel_regularizer='l2')])\ndense = model.layers[0]\n"
FIT = "history = model.fit(x, y)\n"
OTHER = "other = Sequential([Dense(1)])\n"
NET = (
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.d = Dense(2, kernel_regularizer='l2')\n    def call(self, x):\n        return self.d(x)\n"
)
JUDGE = (
    "class Judge:\n    def __init__(self, net):\n        self.net = net\n"
    "    def score(self):\n        return self.net.evaluate(x, y)\n"
)
WATCH = "class Watch(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n        {}\n"


def in_rows(text: str) -> str:
    """The same with each argument list in rows of its own."""
    return text.replace("(", "(\n            ").replace(")", "\n        )")


def fits(body: str) -> int:
    """How many fits are told of, which layout does not change."""
    found = len(facts(IMPORTS + body).fitted)
    assert len(facts(IMPORTS + in_rows(body)).fitted) == found
    return found


@pytest.mark.parametrize(
    "more",
    [
        "model.evaluate(x, y)",
        "model.predict(x)",
        "scores = [each.predict_on_batch(x) for each in [model]]",
        "model.save('m.keras')",
        "model.export('m')",
        "weights = model.get_weights()",
        "weights = dense.get_weights()",
        "weights = model.layers[0].get_weights()",
        "print(model.layers[0].kernel)",
        "shown = [each.numpy() for each in model.trainable_variables]",
        "keras.models.save_model(model, 'm.keras')",
        "import pickle\npickle.dump(model, file)",
        "import outside\noutside.keep(model)",
        "import tensorflow as tf\ntf.train.Checkpoint(model=model).save('m')",
        "net = model\nnet.evaluate(x, y)",
        "score = model.evaluate\nscore(x, y)",
        "getattr(model, 'evaluate')(x, y)",
        "getattr(model, name)(x, y)",
        "vars(model)[name](x, y)",
        "model(x)",
        "[model][0](x)",
        "for each in [model, other]:\n    each(x)",
        "model.call(x)",
        "history.model.evaluate(x, y)",
        "models = {}\nmodels['a'] = model\nmodels['a'].evaluate(x, y)",
        "def judge(net):\n    return net.evaluate(x, y)\njudge(model)",
        JUDGE + "Judge(model).score()",
        "class Judge:\n    pass\njudge = Judge()\njudge.net = model\njudge.net.evaluate(x, y)",
        "class Judge:\n    pass\nJudge(model)",
        "outer = Sequential([model, Dense(1)])\nouter.evaluate(x, y)",
        "shared = Sequential([dense])\nshared.evaluate(x, y)",
        "part = keras.Model(model.input, dense.output)\npart.predict(x)",
        "keras.backend.function([model.input], [model.output])([x])",
        "session = keras.backend.get_session()",
        "def get():\n    return model",
        "model.fit(x, y, validation_data=(x, y))",
        "model.fit(x, y, **options)",
        "train = model.fit\ntrain(x, y, validation_split=0.1)",
        "import copy\ncopy.copy(model).evaluate(x, y)",
    ],
)
def test_what_may_evaluate_or_keep_the_model(more):
    assert fits(MODEL + FIT + OTHER + more) == 0


@pytest.mark.parametrize(
    "given",
    [
        "validation_data=(x, y)",
        "validation_split=0.2",
        "None, 1, 0, None, 0.2",
        "None, 1, 0, None, 0.0, (x, y)",
        "*more",
        "**more",
        "**{'validation_split': 0.2}",
        "validation_data=data",
        "callbacks=[keras.callbacks.ModelCheckpoint('m.keras')]",
        "None, 1, 0, [keras.callbacks.ModelCheckpoint('m.keras')]",
        "callbacks=[keras.callbacks.BackupAndRestore('m')]",
        "callbacks=callbacks",
        "callbacks=[outside.Own()]",
        "callbacks=keras.callbacks.EarlyStopping() and given",
    ],
)
def test_what_a_fit_may_be_given_to_evaluate_with(given):
    assert fits(f"def train(data, callbacks, more, given):\n    model.fit(x, y, {given})\n{MODEL}") == 0


@pytest.mark.parametrize(
    "more",
    [
        "figure.save('loss.png')",
        "other.evaluate(x, y)",
        "other.save('other.keras')",
        "weights = other.get_weights()",
        "other.fit(x, y, validation_split=0.2, callbacks=[keras.callbacks.ModelCheckpoint('m.keras')])",
        "def evaluate(model, x):\n    return model.evaluate(x)",
        "def save(net):\n    net.save('net.keras')\nsave(other)",
        "checkpoint = keras.callbacks.ModelCheckpoint('m.keras')",
        "names = {'save': 'evaluate', 'to_json': 'get_weights'}",
        "import pickle\npickle.dump(history.history, file)",
        "import json\njson.dump(other.to_json(), file)",
        "save_model = validation_data = evaluate = None",
        "keras.utils.plot_model(model)\nprint(model)\nmodel.summary()",
        "model.fit(x, y, validation_data=None, validation_split=0.0)\nmodel.train_on_batch(x, y)",
        "outer = [model]\nfor each in outer:\n    each.summary()",
    ],
)
def test_what_is_done_with_something_else_or_tells_nothing(more):
    assert fits(MODEL + FIT + OTHER + more) >= 1


def test_a_comment_does_nothing():
    assert len(facts(IMPORTS + MODEL + FIT + "# model.evaluate(x, y), model.save('m.keras')").fitted) == 1


@pytest.mark.parametrize(
    "given",
    [
        "callbacks=[keras.callbacks.EarlyStopping('loss'), keras.callbacks.TensorBoard('logs')]",
        "callbacks=watching",
        "**{'epochs': 3}",
        "None, 1, 0, [keras.callbacks.CSVLogger('log')], 0.0, None",
        "callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch))]",
    ],
)
def test_callbacks_and_arguments_that_evaluate_nothing(given):
    watching = "watching = []\nwatching.append(keras.callbacks.EarlyStopping())\n"
    assert fits(watching + MODEL + f"model.fit(x, y, {given})") == 1


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("print(epoch)", 1),
        ("self.model.stop_training = True", 1),
        ("self.model.evaluate(x, y)", 0),
        ("self.model.save('m.keras')", 0),
        ("judge(self.model)", 0),
    ],
)
def test_a_callback_of_the_file(body, number):
    judge = "def judge(net):\n    net.predict(x)\n"
    assert fits(judge + WATCH.format(body) + MODEL + "model.fit(x, y, callbacks=[Watch()])") == number


def test_a_callback_that_evaluates_another_model_which_is_fitted():
    watch = WATCH.format("self.model.evaluate(x, y)") + MODEL + FIT + OTHER
    assert fits(watch + "other.fit(x, y, callbacks=[Watch()])") == 1


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ("", 1),
        ("    def fit(self, x, y):\n        return super().fit(x, y, validation_split=0.2)\n", 0),
        ("    def score(self, x):\n        return self.evaluate(x)\n", 0),
        ("    def features(self, x):\n        return self.d(x)\n", 0),
        ("    def get_config(self):\n        return super().get_config()\n", 1),
    ],
)
def test_a_model_of_a_class_of_the_file(more, number):
    assert fits(f"{NET}{more}model = Net()\n{FIT}") == number


def test_a_class_of_the_file_with_a_method_of_the_same_name():
    trainer = "class Trainer:\n    def fit(self, net):\n        net.summary()\n"
    saving = f"{trainer}    def save(self, net):\n        net.save('m')\n{MODEL}t = Trainer()\n"
    assert fits(saving + FIT) == 1
    assert fits(f"{saving}t.save(model)\n{FIT}") == 0


HELPERS = (
    "def show(net):\n    net.summary()\ndef judge(net):\n    return net.evaluate(1, 2)\ndef run(net):\n    net(1)\n"
)


def of_project(script: str) -> int:
    judged = Settings(select=("KRG607",), keras_version="3")
    files = MadeProject({"/helpers.py": HELPERS}, ())
    return len(check(IMPORTS + script, "/main.py", judged, run_of(files)))


@pytest.mark.parametrize(("name", "number"), [("show", 1), ("judge", 0), ("run", 0)])
@pytest.mark.parametrize("layout", [str, in_rows])
def test_a_model_of_the_file_that_a_helper_of_another_one_gets(name, number, layout):
    assert of_project("import helpers\n" + layout(f"{MODEL}model.fit(1, 2)\nhelpers.{name}(model)\n")) == number
    assert of_project("import helpers\n" + layout(f"{MODEL}{OTHER}model.fit(1, 2)\nhelpers.{name}(other)\n")) == 1
