"""Models that other files of a project build, compiled, fitted, frozen and misused: what the rules say of a script."""

from __future__ import annotations

import pytest

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of
from tests.analysis.test_across import BUILD, FROM, IMPORTS, KERAS, NET, PROJECT

HEAD = "import keras\nimport tensorflow as tf\nfrom keras.regularizers import L2\n"
PLAIN = "def build(units, rate=0.1):\n    return keras.Sequential([keras.Input((4,)), Dense(units)])\n"
ADAMW = "keras.optimizers.AdamW(0.1)"
COMPILE = f"model.compile({ADAMW}, 'mse')\n"
FIT = "model.fit(X, Y)\n"


def said(code: str, script: str, **files: str) -> list[Diagnostic]:
    """What a rule says of a script beside the project's files, and beside or instead of them others by their names."""
    paths = {f"/{name}.py": text for name, text in files.items()}
    judged = Settings(select=(code,), keras_version="3")
    return check(HEAD + script, "/main.py", judged, run_of(MadeProject(PROJECT | paths, ())))


class TestDecay:
    @pytest.mark.parametrize("made", [each for name, each in IMPORTS.items() if "another name of the f" not in name])
    def test_an_optimizer_that_decays_the_weights_of_a_model_of_another_file(self, made):
        [found] = said("KRG703", made + COMPILE)
        [layer] = found.related
        assert "L2 with λ = 0.1 penalizes" in found.message
        assert (layer.filename, layer.location.row, layer.message) == ("/nets.py", 6, "this layer has a penalty")

    @pytest.mark.parametrize(
        "script",
        [
            "from nets import Net\nmodel = Net(0.2)\n" + COMPILE,
            FROM + "model.compile('adam')\nmodel.compile(keras.optimizers.SGD(0.1, weight_decay=0.01))\n",
            FROM + f"optimizer = {ADAMW}\nmodel.compile(optimizer=optimizer)\n",
            FROM + f"def train(net, optimizer):\n    net.compile(optimizer={ADAMW})\ntrain(model, 1)\n",
            "from nets import build, Net\nmodel = build(3, 0.0)\nmodel = Net()\n" + COMPILE,
        ],
    )
    def test_other_ways_to_the_model_and_the_optimizer(self, script):
        assert len(said("KRG703", script)) == 1

    def test_a_model_with_layers_here_and_there(self):
        blocks = KERAS + "def dense(units):\n    return Dense(units, kernel_regularizer=L2(0.5))\n"
        layers = "[dense(3), keras.layers.Dense(2, kernel_regularizer=L2(0.25))]"
        [found] = said(
            "KRG703", f"from blocks import dense\nmodel = keras.Sequential({layers})\n" + COMPILE, blocks=blocks
        )
        assert "λ = 0.25 to 0.5" in found.message

    @pytest.mark.parametrize(
        ("script", "nets"),
        [
            ("from nets import build\nmodel = build(3, 0.0)\n" + COMPILE, KERAS + BUILD),
            ("from nets import build\nmodel = build(3, UNKNOWN)\n" + COMPILE, KERAS + BUILD),
            (FROM + COMPILE, KERAS + PLAIN),
            (FROM + COMPILE, KERAS + BUILD.replace("kernel", "activity")),
            (FROM + COMPILE, KERAS.replace("L2", "L1") + BUILD.replace("L2", "L1")),
            (FROM + COMPILE + "model.trainable = False\n", KERAS + BUILD),
            (FROM + "import other\nother.keep(model)\n" + COMPILE, KERAS + BUILD),
            (
                FROM + f"from nets import skip\noptimizer = {ADAMW}\nskip(optimizer)\nmodel.compile(optimizer)\n",
                KERAS + BUILD + "def skip(opt):\n    opt.exclude_from_weight_decay(var_names=['kernel'])\n",
            ),
            (
                "from nets import Net\nmodel = Net()\n" + COMPILE,
                KERAS + NET + "    def compile(self, optimizer, loss):\n        super().compile('sgd', loss)\n",
            ),
            (FROM + COMPILE.replace("AdamW", "Adam"), KERAS + BUILD),
        ],
    )
    def test_weights_that_may_be_decayed_or_penalized_but_not_both(self, script, nets):
        assert said("KRG703", script, nets=nets) == []

    def test_a_helper_of_another_file_that_excludes_nothing(self):
        helper = "def show(opt):\n    print(opt.learning_rate)\n"
        script = FROM + f"from helpers import show\noptimizer = {ADAMW}\nshow(optimizer)\nmodel.compile(optimizer)\n"
        assert len(said("KRG703", script, helpers=helper)) == 1


class TestFitted:
    @pytest.mark.parametrize("made", [each for name, each in IMPORTS.items() if "another name of the f" not in name])
    def test_a_model_of_another_file_that_nobody_evaluates(self, made):
        [found] = said("KRG607", made + FIT)
        [layer] = found.related
        assert (layer.filename, layer.location.row, layer.message) == ("/nets.py", 6, "this layer has a penalty")

    @pytest.mark.parametrize(
        "script",
        [
            "from nets import Net\nmodel = Net()\nmodel.compile('sgd', 'mse')\n" + FIT,
            FROM + "model.summary()\ndef train():\n    " + FIT,
        ],
    )
    def test_other_ways_to_the_model(self, script):
        assert len(said("KRG607", script)) == 1

    @pytest.mark.parametrize(
        ("script", "nets"),
        [
            (FROM + "model.fit(X, Y, validation_split=0.1)\n", KERAS + BUILD),
            (FROM + FIT + "model.evaluate(X, Y)\n", KERAS + BUILD),
            (FROM + FIT, KERAS + PLAIN),
            ("from nets import build\nmodel = build(3, 0.0)\n" + FIT, KERAS + BUILD),
            (FROM + "import other\nother.report(model)\n" + FIT, KERAS + BUILD),
            (FROM + FIT + "def get():\n    return model\n", KERAS + BUILD),
            ("from nets import model\n" + FIT, KERAS + BUILD + "model = build(3)\n"),
            (
                "from nets import shared\nmodel = shared()\n" + FIT,
                KERAS + BUILD + "MODEL = build(3)\ndef shared():\n    return MODEL\n",
            ),
            (
                FROM + "from nets import report\n" + FIT + "report(model)\n",
                KERAS + BUILD + "def report(net):\n    net(1)\n",
            ),
            (FROM + "from nets import Report\n" + FIT + "Report(model)\n", KERAS + BUILD + "class Report:\n    pass\n"),
            (
                FROM + "from nets import Watch\nmodel.fit(X, Y, callbacks=[Watch()])\n",
                KERAS
                + BUILD
                + (
                    "class Watch(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs):\n"
                    "        self.model.evaluate(1, 2)\n"
                ),
            ),
            (
                "from nets import Net\nmodel = Net()\n" + FIT,
                KERAS + NET + "    def fit(self, x, y):\n        return super().fit(x, y, validation_split=0.2)\n",
            ),
        ],
    )
    def test_a_model_that_may_be_evaluated_or_has_no_penalty(self, script, nets):
        assert said("KRG607", script, nets=nets) == []
