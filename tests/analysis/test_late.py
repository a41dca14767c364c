"""Regularizers that are set on layers which are built, or changed while a model trains; and what is frozen."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import keras\nfrom keras.layers import Dense, Input\nfrom keras.regularizers import l2\n\n"
BUILT = "model = keras.Sequential([Input((3,)), Dense(4)])\n"
SET = "for layer in model.layers:\n    layer.kernel_regularizer = l2(0.1)\n"


def late(body: str) -> list[tuple[str, str | None]]:
    return [(each.name, each.model) for each in facts(IMPORTS + body).late.assignments]


class TestAssignments:
    @pytest.mark.parametrize(
        "body",
        [
            BUILT + SET,
            BUILT + "model.layers[0].kernel_regularizer = l2(0.1)",
            BUILT + "layer = model.layers[-1]\nlayer.kernel_regularizer = l2(0.1)",
            BUILT + "model.get_layer('top').kernel_regularizer = l2(0.1)",
            BUILT + "setattr(model.layers[0], 'kernel_regularizer', l2(0.1))",
            BUILT + "for layer in model.layers[:-1]:\n    layer.kernel_regularizer = l2(0.1)",
            "model = keras.applications.ResNet50()\n" + SET,
            "model = keras.Sequential([Dense(4, input_shape=(3,))])\n" + SET,
        ],
    )
    def test_a_layer_of_a_model_that_knows_its_shapes(self, body):
        assert late(body) == [("kernel_regularizer", "model")]

    def test_a_layer_that_build_was_called_on(self):
        assert late("layer = Dense(4)\nlayer.build((None, 3))\nlayer.bias_regularizer = l2(0.1)") == [
            ("bias_regularizer", None)
        ]

    def test_the_regularizer_of_a_variable(self):
        [found] = facts(IMPORTS + BUILT + "model.layers[0].kernel.regularizer = l2(0.1)").late.assignments
        assert (found.name, found.of_variable) == ("regularizer", True)

    @pytest.mark.parametrize(
        "body",
        [
            "layer = Dense(4)\nlayer.kernel_regularizer = l2(0.1)",
            "layer = Dense(4)\nlayer.kernel_regularizer = l2(0.1)\nlayer.build((None, 3))",
            "model = keras.Sequential([Dense(4)])\n" + SET,
            "def change(model):\n    " + SET.replace("\n", "\n    "),
            BUILT + SET.replace("kernel_", "activity_"),
            BUILT + "model.layers[0].kernel.name = 'w'",
        ],
    )
    def test_a_layer_that_may_still_be_built_and_attributes_that_are_read_later(self, body):
        assert late(body) == []

    @pytest.mark.parametrize(
        "again",
        [
            "model = keras.models.clone_model(model)",
            "text = model.to_json()",
            "model.save('net.keras')",
            "copy = keras.Model.from_config(model.get_config())",
            "model.add_loss(lambda: 0.1)",
        ],
    )
    def test_a_file_that_builds_anew_reads_it(self, again):
        assert late(BUILT + SET + again) == []


CALLBACK = """\
class Decay(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        {body}
"""


def traced(body: str) -> int:
    return len(facts(IMPORTS + CALLBACK.format(body=body)).late.traced)


class TestTraced:
    @pytest.mark.parametrize("factor", ["l1", "l2", "factor"])
    def test_a_factor_that_a_callback_sets(self, factor):
        assert traced(f"self.model.layers[0].kernel_regularizer.{factor} = 0.0") == 1

    @pytest.mark.parametrize(
        "body",
        [
            "self.model.layers[0].kernel_regularizer.rate.assign(0.0)",
            "self.model.layers[0].activity_regularizer.l2 = 0.0",
            "print(self.model.layers[0].kernel_regularizer.l2)",
            "self.model.layers[0].kernel_regularizer.l2 = 0.0\n        self.model.compile('sgd')",
        ],
    )
    def test_what_reaches_the_traced_step(self, body):
        assert traced(body) == 0

    def test_a_class_that_is_no_callback(self):
        source = CALLBACK.replace("keras.callbacks.Callback", "object")
        body = source.format(body="self.layer.kernel_regularizer.l2 = 0.0")
        assert facts(IMPORTS + body).late.traced == ()


def frozen(body: str) -> list[list[str]]:
    """The code that makes what is frozen, by the first row of each piece."""
    source = IMPORTS + body
    return [
        [source[span.start : span.end].splitlines()[0] for span in each.made_in] for each in facts(source).late.frozen
    ]


class TestFrozen:
    def test_a_layer(self):
        assert frozen("layer = Dense(4)\nlayer.trainable = False") == [["Dense(4)"]]

    def test_a_model(self):
        assert frozen(BUILT + "model.trainable = False") == [["keras.Sequential([Input((3,)), Dense(4)])"]]

    def test_the_layers_of_a_model(self):
        assert frozen(BUILT + "for layer in model.layers:\n    layer.trainable = False") == [
            ["keras.Sequential([Input((3,)), Dense(4)])"]
        ]

    @pytest.mark.parametrize(
        "body",
        [
            "layer = Dense(4)\nlayer.trainable = True",
            "layer = Dense(4)\nlayer.trainable = flag",
            "layer = Dense(4)\nlayer.trainable = False\nlayer.trainable = True",
            "layer = Dense(4)\nother = layer\nlayer.trainable = False\nother.trainable=flag",
            BUILT + "for layer in model.layers[:-1]:\n    layer.trainable = False",
            "def freeze(model):\n    model.trainable = False",
            "layer.trainable = False",
        ],
    )
    def test_what_may_be_trained_again_or_is_not_known(self, body):
        assert frozen(body) == []


LOOP = "def change(model):\n    for layer in model.layers:\n        setattr(layer, {name}, l2(0.1))\n\n\n"


class TestByName:
    @pytest.mark.parametrize(
        "body",
        [
            LOOP.format(name="'kernel_regularizer'") + BUILT + "change(model)",
            LOOP.replace(
                "setattr", "for name in ('kernel_regularizer', 'bias_regularizer'):\n            setattr"
            ).format(name="name")
            + BUILT
            + "change(model)",
        ],
    )
    def test_a_function_that_gets_built_models(self, body):
        assert late(body) == [("kernel_regularizer", "model")]

    @pytest.mark.parametrize(
        "body",
        [
            LOOP.format(name="'kernel_regularizer'"),
            LOOP.format(name="'kernel_regularizer'") + BUILT + "change(model)\nchange(other)",
            LOOP.format(name="'kernel_regularizer'") + "change(keras.Sequential([Dense(4)]))",
            LOOP.format(name="name") + BUILT + "change(model)",
            LOOP.replace("setattr", "for name in ['kernel_regularizer', 'name']:\n            setattr").format(
                name="name"
            )
            + BUILT
            + "change(model)",
        ],
    )
    def test_one_that_may_get_others_or_set_something_else(self, body):
        assert late(body) == []

    def test_one_that_calls_itself_is_no_endless_search(self):
        again = LOOP.format(name="'kernel_regularizer'").rstrip() + "\n    change(model)\n\n\n"
        assert late(again + BUILT + "change(model)") == []
