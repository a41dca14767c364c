"""Late changes, own layers and regularizers that code which is not seen may still make right."""

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import functools
from functools import partial

import keras
from keras import regularizers
from keras.layers import Dense, Input, Layer
from keras.regularizers import Regularizer, l2

"""
BUILT = "model = keras.Sequential([Input((3,)), Dense(4)])\n"
SET = "model.layers[0].kernel_regularizer = l2(0.1)\n"


def late(body: str) -> list[str]:
    return [each.name for each in facts(IMPORTS + body).late.assignments]


STAYS = [
    "",
    "import json\njson.dumps({})\n",
    "# model.to_json() is not called\n",
    "other = keras.Sequential([Dense(4)])\nother.save('m.keras')\n",
    "model.compile('sgd', 'mse')\nmodel.fit(x, y)\nprint(model.losses)\nmodel.summary()\n",
    "keras.utils.plot_model(model)\n",
    "class Own(Layer):\n    def get_config(self):\n        return {}\n",
    "from mylib import plot\nhistory = model.fit(x, y)\nplot(history)\n",
]


@pytest.mark.parametrize("after", STAYS)
def test_a_layer_that_stays_as_it_is_built(after):
    assert late(BUILT + SET + after) == ["kernel_regularizer"]


ANEW = [
    "model = rebuild(model)\n",
    "model = rebuild(\n    model,\n)\n",
    "model = rebuild(model=model)\n",
    "this = model\nthis = rebuild(this)\n",
    "models = [model]\nmodel = rebuild(models)[0]\n",
    "models = {\n    'net': model,\n}\nmodels = rebuild(**models)\n",
    "models = {}\nmodels['net'] = model\nrebuild(models)\n",
    "models = []\nmodels.append(\n    model,\n)\nrebuild(models)\n",
    "a, b = model, 1\na = rebuild(a)\n",
    "for each in (model,):\n    each = rebuild(each)\n",
    "rebuilt = [rebuild(each) for each in [model]]\n",
    "rebuilt = list(map(rebuild, [model]))\n",
    "if (same := model):\n    model = rebuild(same)\n",
    "model = rebuild(model if big else None)\n",
    "rebuild(model.layers[0])\n",
    "rebuild(model.layers)\n",
    "layer = model.layers[0]\nrebuild(layer)\n",
    "layer = model.get_layer('dense')\nwrapped = rebuild(layer)\n",
    "again = partial(\n    rebuild,\n    model,\n)\nmodel = again()\n",
    "again = functools.partial(rebuild, model)\nmodel = again()\n",
    "again = lambda: rebuild(model)\nmodel = again()\n",
    "def again():\n    return rebuild(model)\n\n\nmodel = again()\n",
    "def again(net):\n    return rebuild(net)\n\n\nmodel = again(\n    model,\n)\n",
    "def again():\n    global model\n    model = rebuild(model)\n\n\nagain()\n",
    "class Holder:\n    def __init__(self, model):\n        self.model = model\n\n\nrebuild(Holder(model))\n",
    "class Holder:\n    def __init__(self, model):\n        self.model = rebuild(model)\n\n\nholder = Holder(model)\n",
    "class Holder:\n    net = model\n\n\nrebuild(Holder)\n",
    "holder = Own()\nholder.model = model\nholder.run()\n",
    "holder = Own()\nsetattr(holder, 'model', model)\nholder.run()\n",
    "with rebuild(model) as model:\n    pass\n",
    "whole = keras.Sequential([model, Dense(1)])\nwhole = rebuild(whole)\n",
    "rebuild(globals())\n",
    "@rebuild(model)\ndef train():\n    pass\n",
    "config = model.get_config()\n",
    "this = model\ntext = this.to_json()\n",
    "model.save(\n    'm.keras',\n)\n",
    "copy = keras.models.clone_model\nmodel = copy(model)\n",
    "from keras.models import clone_model as copy\nmodel = copy(model)\n",
    "model.layers[0].built = False\nmodel.layers[0].build((None, 3))\n",
]


@pytest.mark.parametrize("after", ANEW)
def test_a_layer_that_may_be_built_anew(after):
    assert late("from mylib import Own, rebuild\n" + BUILT + SET + after) == []


def test_a_layer_of_its_own_that_unknown_code_gets():
    layer = "layer = Dense(4)\nlayer.build((None, 3))\nlayer.kernel_regularizer = l2(0.1)\n"
    assert late(layer) == ["kernel_regularizer"]
    assert late(layer + "layer.build((None, 3))\n") == []
    assert late("from mylib import wrap\n" + layer + "layer = wrap(\n    layer,\n)\n") == []


def test_a_model_that_a_function_gives_back_to_others():
    body = "def make():\n    " + (BUILT + SET).replace("\n", "\n    ")
    assert late(body + "return model\n") == []
    assert late(body + "return model\n\n\nmake()\n") == ["kernel_regularizer"]
    assert late(body + "yield model\n") == []


LAYER = """\
class Scale(Layer):
    def __init__(self, scale_regularizer=None):
        super().__init__()
        self.scale_regularizer = regularizers.get(scale_regularizer)
        {init}

    def build(self, shape):
        self.scale = self.add_weight(name="scale")
        {build}
"""


def unforwarded(build: str = "pass", init: str = "pass", after: str = "") -> list[str]:
    build = build if "\n    def" in build else build.replace("\n", "\n        ")
    source = IMPORTS + "from mylib import wire, Own\n\n\n" + LAYER.format(build=build, init=init) + after
    return [each.name for each in facts(source).custom.unforwarded]


@pytest.mark.parametrize(
    ("build", "after"),
    [
        ("pass", ""),
        ("# wire(self) comes later, with self.scale_regularizer", ""),
        ("keras.utils.maybe_init_scope(self)", ""),
        ("super().build(shape)", ""),
        ("self.helper()\n\n    def helper(self):\n        return 1", ""),
        ("pass", "model = keras.Sequential([Scale(l2(0.1))])\nmodel.fit(x, y)\n"),
        ("wire(shape)", ""),
    ],
)
def test_a_layer_whose_regularizer_certainly_reaches_no_weight(build, after):
    assert unforwarded(build, after=after) == ["scale_regularizer"]


@pytest.mark.parametrize(
    "build",
    [
        "wire(self)",
        "this = self\nwire(this)",
        "wire(\n    self,\n)",
        "wire(layer=self)",
        "wire([self])",
        "wire({'layer': self})",
        "wire(*(self,))",
        "wire(**{'layer': self})",
        "a, b = self, shape\nwire(a)",
        "wire(lambda: self)",
        "again = partial(wire, self)\nagain()",
        "def inner():\n    return self\n\nwire(inner)",
        "(same := self)\nwire(same)",
        "wire(self if shape else None)",
        "[wire(each) for each in (self,)]",
        "self.helper = Own(self)",
        "helper = Own()\nhelper.layer = self",
        "with wire(self):\n    pass",
        "self.hand_on(self)\n\n    def hand_on(self, other):\n        wire(other)",
        "wire(self.__dict__)",
        "wire(vars(self))",
        "getattr(self, 'scale' + '_regularizer')",
    ],
)
def test_a_layer_that_unknown_code_may_get(build):
    assert unforwarded(build) == []


@pytest.mark.parametrize(
    "after",
    [
        "layer = Scale(l2(0.1))\nwire(layer)\n",
        "layers = [Scale(l2(0.1))]\nwire(\n    layers,\n)\n",
        "for name in dir(Scale):\n    wire(getattr(Scale, name))\n",
    ],
)
def test_a_layer_whose_instance_unknown_code_may_get(after):
    assert unforwarded(after=after) == []


def test_a_regularizer_that_something_else_keeps():
    assert unforwarded(init="other.scale_regularizer = scale_regularizer") == []
    assert (
        facts(
            IMPORTS
            + "import mylib\n\n\n"
            + LAYER.format(build="pass", init="pass").replace("regularizers.get(", "mylib.get(")
        ).custom.unforwarded
        == ()
    )


CALLBACK = """\
class Decay(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        for layer in self.model.layers:
            layer.kernel_regularizer.l2 = 0.0
        {more}
"""


@pytest.mark.parametrize(
    "more", ["pass", "print(self.model)", "# run_eagerly=True would help", "super().on_epoch_end(1)"]
)
def test_a_change_that_certainly_stays_out_of_the_traced_step(more):
    assert len(facts(IMPORTS + CALLBACK.format(more=more)).late.traced) == 1


@pytest.mark.parametrize(
    "more",
    [
        "retrace(self.model)",
        "model = self.model\n        retrace(model)",
        "retrace(self)",
        "this = self\n        retrace([this])",
        "self.model.compile('sgd', 'mse')",
        "model = self.model\n        model.compile('sgd', 'mse')",
        "self.model.train_function = None",
    ],
)
def test_a_change_after_which_the_step_may_be_traced_anew(more):
    assert facts(IMPORTS + "from mylib import retrace\n\n\n" + CALLBACK.format(more=more)).late.traced == ()


def test_a_model_that_may_be_compiled_to_run_eagerly():
    body = CALLBACK.format(more="pass") + "model.compile(**options)\n"
    assert facts(IMPORTS + body).late.traced == ()


@pytest.mark.parametrize(
    ("after", "number"),
    [
        ("", 1),
        ("# model.trainable = True\n", 1),
        ("from mylib import thaw\nthaw(model)\n", 0),
        ("from mylib import thaw\nthis = model\nthaw(\n    this,\n)\n", 0),
        ("from mylib import thaw\nthaw([layer for layer in model.layers])\n", 0),
        ("this = model\nthis.trainable, other = True, 1\n", 0),
        ("model.trainable |= True\n", 0),
    ],
)
def test_a_model_that_may_be_thawed(after, number):
    assert len(facts(IMPORTS + BUILT + "model.trainable = False\n" + after).late.frozen) == number


@pytest.mark.parametrize(
    ("after", "number"),
    [
        ("", 1),
        ("from mylib import train\ntrain(model)\n", 0),
        ("from mylib import train\ntrain(\n    net=model,\n)\n", 0),
        ("penalty = model.kernel_regularizer\n", 0),
        ("penalty = getattr(model, 'kernel_regularizer')\n", 0),
        ("penalty = getattr(model, name)\n", 0),
    ],
)
def test_an_attribute_of_a_model_that_something_may_read(after, number):
    assert len(facts(IMPORTS + BUILT + "model.kernel_regularizer = l2(0.1)\n" + after).misplaced) == number


OURS = "class Ours(Regularizer):\n    def penalty(self, x):\n        return x\n\n\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (OURS, {"Ours"}),
        (OURS + "class Other:\n    def __call__(self):\n        return 1\n", {"Ours"}),
        ("@keras.utils.register_keras_serializable()\n" + OURS, {"Ours"}),
        (OURS + "from mylib import patch\npatch(Ours)\n", set()),
        (OURS + "from mylib import patch\nMine = Ours\npatch(\n    Mine,\n)\n", set()),
        (OURS + "from mylib import patch\npatch([Ours])\n", set()),
        (OURS + "setattr(Ours, '__call__', Ours.penalty)\n", set()),
        (OURS + "setattr(Ours, name, Ours.penalty)\n", set()),
        (OURS.replace("def penalty", "__call__ = print\n\n    def penalty"), set()),
    ],
)
def test_a_regularizer_that_may_get_a_call(body, found):
    used = "\nDense(4, kernel_regularizer=Ours())\n"
    penalties = facts(IMPORTS + body + used).custom.penalties.values()
    assert ({"Ours"} if any(penalty.is_empty for penalty in penalties) else set()) == found


POWER = """\
class Power(Regularizer):
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, x):
        return x

"""
CONFIG = "    def get_config(self):\n        return {'rate': self.rate}\n\n\n"


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (POWER, 1),
        (POWER + "# register_keras_serializable is to come\n", 1),
        ("@completed\n" + POWER, 0),
        ("from mylib import complete\n" + POWER + "\ncomplete(Power)\n", 0),
        (POWER + "\nPower.get_config = lambda self: {'rate': self.rate}\n", 0),
        (POWER + "    get_config = own_config\n", 0),
        (POWER + "\nclass Square(Power):\n    def get_config(self):\n        return {}\n", 0),
        (POWER + CONFIG, 0),
        (POWER + CONFIG + "# then keras.models.load_model('m.keras')\n", 0),
        (POWER + CONFIG + "keras.models.load_model('m.keras')\n", 1),
        (POWER + CONFIG + "keras.models.load_model(\n    'm.keras',\n    compile=False,\n)\n", 1),
        (POWER + CONFIG + "keras.models.load_model('m.keras', {'Power': Power})\n", 0),
        (POWER + CONFIG + "keras.models.load_model('m.keras', **options)\n", 0),
        (POWER + CONFIG + "from mylib import load_model\nload_model('m.keras')\n", 0),
        (
            POWER + CONFIG + "with keras.utils.CustomObjectScope({'Power': Power}):\n"
            "    keras.models.load_model('m.keras')\n",
            0,
        ),
    ],
)
def test_a_regularizer_that_may_be_saved_and_loaded_all_the_same(body, number):
    assert len(facts(IMPORTS + body).custom.regularizers) == number


STEP = """\
class Net(keras.Model):
    def train_step(self, data):
        loss = self.compute_loss(*data)
        {more}
        return {{"loss": loss}}


net = Net()
net.compile("sgd", "mse")
"""


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ("pass", 1),
        ("# no metric, no tracker", 1),
        ("print(loss)", 1),
        ("report(loss)", 0),
        ("report(self)", 0),
        ("this = self\n        report(\n            this,\n        )", 0),
        ("report({'loss': loss})", 0),
        ("shown = loss\n        report(shown)", 0),
    ],
)
def test_a_loss_that_a_metric_may_be_told(more, number):
    source = IMPORTS + "from mylib import report\n\n\n" + STEP.format(more=more)
    assert len(facts(source).training.unlogged) == number


@pytest.mark.parametrize(
    ("after", "number"),
    [
        ("", 1),
        ("optimizer.exclude_from_weight_decay(var_names=['dense'])\n", 0),
        ("from mylib import exclude\nexclude(optimizer)\n", 0),
        ("from mylib import exclude\nthis = optimizer\nexclude(\n    [this],\n)\n", 0),
    ],
)
def test_an_optimizer_that_may_leave_out_weights(after, number):
    model = "model = keras.Sequential([Dense(4, kernel_regularizer='l2')])\n"
    body = "optimizer = keras.optimizers.AdamW(0.1)\n" + model + "model.compile(optimizer, 'mse')\n" + after
    assert len(facts(IMPORTS + body).compiled) == number


@pytest.mark.parametrize(
    ("after", "number"),
    [("", 1), ("from mylib import test\ntest(model)\n", 0), ("from mylib import test\ntest([\n    model,\n])\n", 0)],
)
def test_a_model_that_may_be_evaluated_elsewhere(after, number):
    body = "model = keras.Sequential([Dense(4, kernel_regularizer='l2')])\nmodel.fit(x, y)\n" + after
    assert len(facts(IMPORTS + body).fitted) == number
