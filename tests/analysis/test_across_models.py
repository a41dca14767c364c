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
            (FROM + FIT + "model.save('m.keras')\n", KERAS + BUILD),
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


def own_step(added: str = "sum(model.losses)", first: str = "model.compute_loss(x, y, p)") -> str:
    return (
        "def step(x, y):\n    with tf.GradientTape() as tape:\n        p = model(x)\n"
        f"        loss = {first} + {added}\n"
        "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
    )


class TestCountedTwice:
    @pytest.mark.parametrize(
        "made", [FROM, "import nets\nmodel = nets.build(3)\n", "from nets import Net\nmodel = Net()\n"]
    )
    def test_losses_that_a_model_of_another_file_has_in_its_loss_already(self, made):
        [found] = said("KRG602", made + own_step())
        assert found.fix is not None
        assert said("KRG602", made + own_step("0.0")) == []

    @pytest.mark.parametrize(
        ("script", "nets"),
        [
            (
                "from nets import Net\nmodel = Net()\n" + own_step(),
                KERAS + NET + "    def compute_loss(self, x, y, p):\n        return p\n",
            ),
            (
                "from nets import Net\nmodel = Net()\n" + own_step(),
                KERAS + NET + "    @property\n    def losses(self):\n        return []\n",
            ),
            (
                "from nets import Net\nmodel = Net()\n" + own_step(),
                "from other import Base\n" + KERAS + NET.replace("keras.Model", "Base"),
            ),
            (FROM + "model.compute_loss = len\n" + own_step(), KERAS + BUILD),
            ("from other import build\nmodel = build(3)\n" + own_step(), KERAS + BUILD),
            (
                FROM + own_step(),
                KERAS + BUILD.replace("return", "model =") + "    model.compute_loss = len\n    return model\n",
            ),
            (FROM + "import other\nmodel = other.wrap(model)\n" + own_step(), KERAS + BUILD),
        ],
    )
    def test_a_loss_that_may_not_have_them(self, script, nets):
        assert said("KRG602", script, nets=nets) == []


def replicated(added: str = "sum(model.losses)") -> str:
    return (
        "strategy = tf.distribute.MirroredStrategy()\noptimizer = keras.optimizers.SGD(0.1)\n"
        + own_step(added, "tf.nn.compute_average_loss(y - p)")
        + "def train(x, y):\n    strategy.run(step, args=(x, y))\n"
    )


class TestReplicas:
    def test_each_replica_adds_the_losses_of_a_model_of_another_file(self):
        [found] = said("KRG603", FROM + replicated())
        [layer] = found.related
        assert (layer.filename, layer.location.row, layer.message) == ("/nets.py", 6, "this layer has a penalty")

    @pytest.mark.parametrize(
        "script",
        [
            "from nets import build\nmodel = build(3, 0.0)\n" + replicated(),
            FROM + replicated("sum(model.losses) / strategy.num_replicas_in_sync"),
            FROM + replicated("0.0"),
            FROM + "model.trainable = False\n" + replicated(),
        ],
    )
    def test_replicas_that_do_not_or_have_no_penalty(self, script):
        assert said("KRG603", script) == []


class TestFrozen:
    @pytest.mark.parametrize(
        "script",
        [
            FROM + "model.trainable = False\n",
            FROM + "for layer in model.layers:\n    layer.trainable = False\n",
            "from nets import Net\nmodel = Net()\nmodel.trainable = False\n",
            FROM + "def freeze(net):\n    net.trainable = False\nfreeze(model)\n",
        ],
    )
    def test_a_model_of_another_file_that_is_frozen(self, script):
        [found] = said("KRG311", script)
        [layer] = found.related
        assert found.message.startswith("this freezes a regularized layer")
        assert (layer.filename, layer.message) == ("/nets.py", "this layer has a penalty")

    @pytest.mark.parametrize(
        ("script", "nets"),
        [
            ("from nets import build\nmodel = build(3, 0.0)\nmodel.trainable = False\n", KERAS + BUILD),
            (FROM + "model.trainable = False\n", KERAS + BUILD.replace("kernel", "activity")),
            (FROM + "model.trainable = False\nmodel.trainable = True\n", KERAS + BUILD),
            (
                FROM + "from nets import thaw\nmodel.trainable = False\nthaw(model)\n",
                KERAS + BUILD + "def thaw(net):\n    net.trainable = True\n",
            ),
            (FROM + "import other\nmodel.trainable = False\nother.thaw(model)\n", KERAS + BUILD),
            (FROM + "for layer in model.layers:\n    if layer.name:\n        layer.trainable = False\n", KERAS + BUILD),
            (
                FROM + "for layer in model.layers:\n    if layer.name:\n        break\n    layer.trainable = False\n",
                KERAS + BUILD,
            ),
            (FROM + "for layer in model.layers[1:]:\n    layer.trainable = False\n", KERAS + BUILD),
        ],
    )
    def test_a_model_that_has_no_penalty_of_a_weight_or_may_be_trained(self, script, nets):
        assert said("KRG311", script, nets=nets) == []


class TestMisplaced:
    @pytest.mark.parametrize("made", [FROM, "import nets\nmodel = nets.build(3)\n"])
    @pytest.mark.parametrize(
        "use",
        [
            "model.kernel_regularizer = L2(0.1)\n",
            "model.compile('sgd', 'mse', kernel_regularizer='l2')\n",
            "model.compile('sgd', loss=L2(0.1))\n",
            "model.fit(X, Y, kernel_regularizer='l2')\n",
        ],
    )
    def test_what_a_model_of_another_file_is_given(self, made, use):
        assert len(said("KRG403", made + use)) == 1

    def test_a_model_of_an_own_class(self):
        made = "from nets import Net\nmodel = Net()\n"
        nets = KERAS + NET + "    {}\n        return super().compile('sgd')\n"
        compiled = made + "model.compile('sgd', loss=L2(0.1))\n"
        assert len(said("KRG403", compiled)) == 1
        assert said("KRG403", compiled, nets=nets.format("def compile(self, optimizer, loss):")) == []
        assert said("KRG403", compiled, nets=nets.format("def fit(self, x, y):")) == []

    @pytest.mark.parametrize(
        ("script", "nets"),
        [
            (FROM + "import other\nmodel.kernel_regularizer = L2(0.1)\nother.use(model)\n", KERAS + BUILD),
            (
                FROM + "from nets import use\nmodel.kernel_regularizer = L2(0.1)\nuse(model)\n",
                KERAS + BUILD + "def use(net):\n    return net.kernel_regularizer(1)\n",
            ),
            (
                FROM + "from nets import use\nmodel.kernel_regularizer = L2(0.1)\nuse(model)\n",
                KERAS + BUILD + "def use(net):\n    return getattr(net, 'kernel_regularizer')\n",
            ),
            (
                "from nets import Net\nmodel = Net()\nmodel.kernel_regularizer = L2(0.1)\n",
                KERAS + NET + "    @property\n    def kernel_regularizer(self):\n        return 1\n",
            ),
            (FROM + "model.kernel_regularizer = L2(0.1)\n", KERAS + "def build(units):\n    return Dense(units)\n"),
            (
                FROM + "model.compile('sgd', loss=L2(0.1))\n",
                KERAS + "def build(units):\n    return object()\n",
            ),
            (
                FROM + "model.compile('sgd', loss=L2(0.1))\n",
                KERAS + BUILD.replace("return", "model =") + "    model.compile = len\n    return model\n",
            ),
        ],
    )
    def test_what_may_be_read_or_is_no_model(self, script, nets):
        assert said("KRG403", script, nets=nets) == []


CALLBACK = """\
class Change(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.layers[0].kernel_regularizer.l2 = 0.5
"""
TRAINED = "model.compile('sgd')\nmodel.fit(X, Y, callbacks=[Change()])\n"


class TestTraced:
    def test_a_callback_that_changes_a_factor_of_a_model_of_another_file(self):
        assert len(said("KRG310", FROM + CALLBACK + TRAINED)) == 1

    def test_a_helper_of_another_file_that_gets_the_model(self):
        script = FROM + "from helpers import use\n" + CALLBACK + "        use(self.model)\n" + TRAINED
        assert len(said("KRG310", script, helpers="def use(model):\n    model.summary()\n")) == 1
        assert said("KRG310", script, helpers="def use(model):\n    model.compile('sgd')\n") == []

    def test_a_helper_of_the_script_that_compiles_the_model_anew(self):
        helper = "def use(net):\n    net.compile('sgd')\n"
        assert said("KRG310", FROM + helper + CALLBACK + "        use(self.model)\n" + TRAINED) == []

    @pytest.mark.parametrize(
        "nets",
        [
            KERAS + BUILD.replace("return", "model =") + "    model.run_eagerly = True\n    return model\n",
            KERAS + BUILD.replace("return", "model =") + "    model.compile(**OPTIONS)\n    return model\n",
            KERAS + NET + "    def fit(self, *given, **named):\n        pass\ndef build(units):\n    return Net()\n",
        ],
    )
    def test_a_model_whose_step_may_not_be_traced(self, nets):
        assert said("KRG310", FROM + CALLBACK + TRAINED, nets=nets) == []
