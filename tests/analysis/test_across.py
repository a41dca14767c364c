"""Models that other files of a project build, and losses that they work out: what KRG305 and KRG601 say of a script."""

from __future__ import annotations

import pytest

from kreglint.analysis import bounds
from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of

JUDGED = Settings(select=("KRG305", "KRG601"))
KERAS = "import keras\nfrom keras.layers import Dense\nfrom keras.regularizers import L2\n"
BUILD = """\
def build(units, rate=0.1):
    inputs = keras.Input((4,))
    x = Dense(units, kernel_regularizer=L2(rate))(inputs)
    return keras.Model(inputs, Dense(1)(x))
"""
NET = """\
class Net(keras.Model):
    def __init__(self, rate=0.1):
        super().__init__()
        self.d = Dense(2, kernel_regularizer=L2(rate))
    def call(self, x):
        return self.d(x)
"""
PROJECT = {
    "/nets.py": KERAS + BUILD + NET,
    "/losses.py": "import tensorflow as tf\ndef error(y, p):\n    return tf.reduce_mean(y - p)\n",
}
HEAD = "import tensorflow as tf\nfrom keras.regularizers import L2\n"
FROM = "from nets import build\nmodel = build(3)\n"
LATE = "model.layers[0].kernel_regularizer = L2(0.1)\n"


def step(loss: str = "tf.reduce_mean(y - model(x))", more: str = "pass") -> str:
    return (
        f"def step(x, y):\n    with tf.GradientTape() as tape:\n        loss = {loss}\n        {more}\n"
        "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
    )


def findings(script: str, **files: str) -> list[Diagnostic]:
    """What is said of a script beside the project's files, and beside or instead of them others by their names."""
    paths = {f"/{name}.py": text for name, text in files.items()}
    return check(HEAD + script, "/main.py", JUDGED, run_of(MadeProject(PROJECT | paths, ())))


def codes(script: str, **files: str) -> list[str]:
    return [each.code for each in findings(script, **files)]


def codes_in_package(script: str, files: dict[str, str]) -> list[str]:
    found = check(HEAD + script, "/main.py", JUDGED, run_of(MadeProject(PROJECT | files, ())))
    return [each.code for each in found]


IMPORTS = {
    "a name": "from nets import build\nmodel = build(3)\n",
    "another name": "from nets import build as make\nmodel = make(3)\n",
    "the module": "import nets\nmodel = nets.build(3)\n",
    "another name of the module": "import nets as n\nmodel = n.build(3)\n",
    "all names": "from nets import *\nmodel = build(3)\n",
    "several rows": "from nets import (\n    build,\n)\nmodel = build(\n    3,\n    rate=0.1,\n)\n",
    "in a function": "def make():\n    from nets import build\n    return build(3)\nmodel = make()\n",
    "a function of the script": "from nets import build\ndef make(units):\n    return build(units)\nmodel = make(3)\n",
    "another name of the function": "from nets import build\nmake = build\nmodel = make(3)\n",
}


class TestBuilders:
    @pytest.mark.parametrize("made", [each for name, each in IMPORTS.items() if "another name of the f" not in name])
    def test_a_model_of_another_file_whose_losses_are_left_out(self, made):
        assert codes(made + step()) == ["KRG601"]

    @pytest.mark.parametrize("made", [each for name, each in IMPORTS.items() if "another name of the f" not in name])
    def test_a_model_of_another_file_is_built(self, made):
        assert codes(made + LATE) == ["KRG305"]

    @pytest.mark.parametrize(
        ("init", "made"),
        [
            ("from .inner import build\n", "from pkg import build\nmodel = build(3)\n"),
            ("from .inner import *\n", "from pkg import build\nmodel = build(3)\n"),
            ("from .inner import build as make\n", "import pkg\nmodel = pkg.make(3)\n"),
            ("from . import inner\n", "from pkg import inner\nmodel = inner.build(3)\n"),
            ("", "import pkg.inner\nmodel = pkg.inner.build(3)\n"),
            ("", "from pkg import inner as i\nmodel = i.build(3)\n"),
        ],
    )
    def test_packages_and_names_that_are_handed_on(self, init, made):
        files = {"/pkg/__init__.py": init, "/pkg/inner.py": KERAS + BUILD}
        assert codes_in_package(made + step() + LATE, files) == ["KRG601", "KRG305"]

    def test_the_other_place_is_told(self):
        omitted, late = findings(FROM + step() + LATE)
        [layer], [builder] = omitted.related, late.related
        assert (layer.filename, layer.location.row, layer.message) == ("/nets.py", 6, "this layer has a penalty")
        assert (builder.filename, builder.location.row, builder.message) == ("/nets.py", 4, "the model is built here")

    def test_a_model_that_another_file_has(self):
        nets = KERAS + BUILD + "model = build(3)\n"
        assert codes("from nets import model\n" + step() + LATE, nets=nets) == ["KRG601", "KRG305"]

    def test_a_builder_that_calls_another_file(self):
        middle = "from nets import build\ndef make(units):\n    return build(units, 0.2)\n"
        script = "from middle import make\nmodel = make(3)\n" + step() + LATE
        assert codes(script, middle=middle) == ["KRG601", "KRG305"]

    def test_a_helper_of_another_file_that_makes_a_layer(self):
        blocks = KERAS + "def dense(units, rate):\n    return Dense(units, kernel_regularizer=L2(rate))\n"
        script = "import keras\nfrom blocks import dense\nmodel = keras.Sequential([dense(3, {})])\n" + step()
        assert codes(script.format("0.1"), blocks=blocks) == ["KRG601"]
        assert codes(script.format("0.0"), blocks=blocks) == []

    @pytest.mark.parametrize("given", ["3, 0.0", "3, rate=0", "3, UNKNOWN", "*ALL"])
    def test_a_call_that_may_want_no_penalty(self, given):
        assert codes(f"from nets import build\nmodel = build({given})\n" + step()) == []

    def test_a_model_of_an_own_class(self):
        assert codes("from nets import Net\nmodel = Net()\n" + step()) == ["KRG601"]
        assert codes("from nets import Net\nmodel = Net(0.0)\n" + step()) == []
        assert codes("import nets\nmodel = nets.Net(rate=0.2)\n" + step()) == ["KRG601"]

    @pytest.mark.parametrize(
        "nets",
        [
            NET.replace("self.d(x)\n", "x\n"),
            NET.replace("self.d(x)\n", "self.d(x) + sum(self.losses)\n"),
            NET.replace(
                "self.d(x)\n", "self.d(x) + self.rest()\n    def rest(self):\n        return sum(self.losses)\n"
            ),
            NET.replace("keras.Model", "Base").replace("class", "from own import Base\nclass", 1),
            "@decorate\n" + NET,
        ],
    )
    def test_an_own_class_whose_layer_is_not_built_or_whose_losses_are_met(self, nets):
        assert codes("from nets import Net\nmodel = Net()\n" + step(), nets=KERAS + nets) == []


class TestUnknown:
    @pytest.mark.parametrize(
        "nets",
        [
            "def broken(:\n",
            KERAS + "import other\n@other.wrap\n" + BUILD,
            KERAS + BUILD + "import other\nbuild = other.wrap(build)\n",
            KERAS + "import other\nif other.flag():\n    from other import build\nelse:\n    build = None\n",
            KERAS + "import other\n" + BUILD.replace("return keras.Model", "return other.wrap(keras.Model)"),
            KERAS + "import other\n" + BUILD.replace("return", "model =") + "    other.keep(model)\n    return model\n",
        ],
    )
    def test_a_builder_that_is_not_known(self, nets):
        assert codes(FROM + step() + LATE, nets=nets) == []

    def test_a_builder_that_keeps_the_model_where_others_find_it(self):
        nets = KERAS + "import other\nMODELS = []\nother.watch(MODELS)\n" + BUILD.replace("return", "model =")
        assert codes(FROM + LATE, nets=nets + "    MODELS.append(model)\n    return model\n") == []

    def test_a_file_that_is_not_there(self):
        assert codes("from missing import build\nmodel = build(3)\n" + step() + LATE) == []

    @pytest.mark.parametrize(
        "change",
        [
            "import nets, other\nnets.build = other.build\n",
            "import nets, other\nsetattr(nets, 'build', other.build)\n",
            "import nets, other\nother.patch(nets)\n",
            "import nets as n, other\nn.build = other.wrap(n.build)\n",
            "import nets\nnets.RATE = 0.0\n",
            "from pkg import nets\nimport other\nother.patch(nets)\n",
        ],
    )
    def test_a_module_whose_names_are_set_from_elsewhere(self, change):
        files = {"/pkg/__init__.py": "import nets\n"}
        assert codes_in_package(change + FROM + step() + LATE, files) == []

    def test_a_branch_of_the_builder(self):
        nets = KERAS + BUILD.replace("    x =", "    x = inputs\n    if units > FEW:\n        x =")
        assert codes(FROM + step(), nets=nets) == []
        assert codes(FROM + step(), nets="FEW = 2\n" + nets) == ["KRG601"]
        assert codes(FROM + step(), nets="FEW = 3\n" + nets) == []

    @pytest.mark.parametrize(
        ("layers", "found"),
        [
            ("x = dense(units)(inputs)\n    x = dense(units)(x)", ["KRG601"]),
            ("unused = dense(units)\n    x = dense(units, 0.0)(inputs)", []),
            ("unused = dense(units)\n    x = dense(units, 0.0)(inputs)\n    if FLAG:\n        x = dense(units)(x)", []),
            ("x = Dense(units, kernel_regularizer=L2(rate))(inputs)\n    x = inputs", []),
            ("x = dense(units)(inputs)\n    if FLAG:\n        x = inputs", []),
            ("x = dense(units)(inputs)\n    if FLAG:\n        y = dense(1, 0.0)(x)\n    x = inputs", []),
            ("x = dense(units)(inputs)\n    if FLAG:\n        x = dense(units, 0.0)(x)", ["KRG601"]),
            ("x = dense(units)(inputs)\n    for _ in range(units):\n        x = dense(units, 0.0)(x)", ["KRG601"]),
            ("x = inputs\n    for _ in range(units):\n        x = dense(units, 0.0)(x)", []),
        ],
    )
    def test_layers_that_do_not_become_a_part_of_the_model(self, layers, found):
        helper = "def dense(units, rate=0.1):\n    return Dense(units, kernel_regularizer=L2(rate))\n"
        built = BUILD.replace("x = Dense(units, kernel_regularizer=L2(rate))(inputs)", layers)
        assert codes(FROM + step(), nets=f"from other import FLAG\n{KERAS}{helper}{built}") == found

    def test_a_function_that_gives_back_what_it_is_given(self):
        same = "def same(model):\n    return model\n\n\nsame(build(3))\n"
        plain = "def plain(units):\n    return keras.Sequential([Dense(units)])\n"
        script = "from nets import plain, same\nmodel = same(plain(3))\n" + step() + LATE
        assert codes(script, nets=KERAS + BUILD + plain + same) == []

    @pytest.mark.parametrize(
        "read",
        ["if training:\n            x = self.d(x)\n        return x", "return self.d(x) if training else x"],
    )
    def test_an_own_class_that_may_not_run_its_layer(self, read):
        nets = KERAS + NET.replace("(self, x)", "(self, x, training=None)").replace("return self.d(x)", read)
        assert codes("from nets import Net\nmodel = Net()\n" + step(), nets=nets) == []

    def test_more_files_than_are_followed(self, monkeypatch):
        monkeypatch.setattr(bounds, "LINKED", 1)
        assert codes(FROM + step() + LATE) == []

    @pytest.mark.parametrize("change", ["model.trainable = False", "model.layers[1].trainable = False"])
    def test_a_model_that_is_frozen(self, change):
        assert codes(FROM + change + "\n" + step()) == []


class TestLosses:
    def test_a_loss_of_another_file_that_knows_no_model(self):
        assert codes(FROM + "from losses import error\n" + step("error(y, model(x))")) == ["KRG601"]
        assert codes(
            FROM + "import losses\n" + step("losses.error(\n            y,\n            model(x),\n        )")
        ) == ["KRG601"]

    def test_a_model_of_the_file_and_a_loss_of_another(self):
        made = "import keras\nmodel = keras.Sequential([keras.layers.Dense(2, kernel_regularizer='l2')])\n"
        assert codes(made + "from losses import error\n" + step("error(y, model(x))")) == ["KRG601"]

    @pytest.mark.parametrize(
        ("losses", "loss"),
        [
            ("def total(net, p):\n    return tf.reduce_mean(p) + sum(net.losses)\n", "total(model, model(x))"),
            (
                "def total(net, p):\n    return p + rest(net)\ndef rest(n):\n    return sum(n.losses)\n",
                "total(model, 1)",
            ),
            ("import nets\ndef total(y, p):\n    return p + sum(nets.model.losses)\n", "total(y, model(x))"),
            ("import other\ndef total(y, p):\n    return other.total(y, p)\n", "total(model, model(x))"),
            ("import other\ntotal = other.total\n", "total(model, model(x))"),
            ("import other\n@other.wrap\ndef total(model, p):\n    return p\n", "total(model, model(x))"),
        ],
    )
    def test_a_loss_that_has_the_losses_or_may(self, losses, loss):
        nets = PROJECT["/nets.py"] + "model = build(3)\n"
        script = "from nets import model\nfrom losses import total\n" + step(loss)
        assert codes(script, nets=nets, losses="import tensorflow as tf\n" + losses) == []

    @pytest.mark.parametrize("more", ["loss += sum(model.losses)", "loss = loss + tf.add_n(model.losses)"])
    def test_losses_that_the_script_adds(self, more):
        assert codes(FROM + step(more=more)) == []

    def test_a_step_of_another_file_speaks_of_no_model_that_callers_pass(self):
        steps = HEAD + step().replace("(x, y)", "(model, x, y)", 1)
        assert codes(FROM + "from steps import step\nstep(model, 1, 2)\n", steps=steps) == []
        assert [each.code for each in check(steps, "/steps.py", JUDGED, run_of(MadeProject(PROJECT, ())))] == []


class TestBuiltAnew:
    @pytest.mark.parametrize(
        "helper",
        [
            "def use(model):\n    return keras.models.clone_model(model)\n",
            "def use(model):\n    model.save('x.keras')\n",
            "def use(model):\n    return model.get_config()\n",
            "import other\ndef use(model):\n    other.keep(model)\n",
            "KEPT = []\ndef use(model):\n    KEPT.append(model)\ndef again():\n    KEPT[0].save('x')\n",
        ],
    )
    def test_a_helper_of_another_file_that_builds_the_model_anew(self, helper):
        script = FROM + "from helpers import use\n" + LATE + "use(model)\n"
        assert codes(script, helpers="import keras\n" + helper) == []

    @pytest.mark.parametrize(
        "helper", ["def use(model):\n    model.summary()\n", "def use(model):\n    return model\n"]
    )
    def test_a_helper_of_another_file_that_does_not(self, helper):
        script = FROM + "from helpers import use\n" + LATE + "use(model)\n"
        assert codes(script, helpers=helper) == ["KRG305"]

    def test_a_builder_that_builds_the_model_itself(self):
        nets = KERAS + BUILD.replace("return keras", "model = keras") + "    model.build((None, 4))\n    return model\n"
        assert codes(FROM + LATE, nets=nets) == ["KRG305"]

    def test_a_function_that_tells_the_configuration_each_time_it_is_called(self):
        shared = "MODEL = build(3)\ndef shared():\n    MODEL.save('x.keras')\n    return MODEL\n"
        script = "from nets import shared\nmodel = shared()\n" + LATE
        assert codes(script + "shared()\n", nets=KERAS + BUILD + shared) == []
        assert codes(script, nets=KERAS + BUILD + shared.replace("    MODEL.save('x.keras')\n", "")) == ["KRG305"]

    def test_a_builder_that_does_not_build_the_model(self):
        nets = KERAS + "def build(units):\n    return keras.Sequential([Dense(units)])\n"
        assert codes(FROM + LATE, nets=nets) == []
