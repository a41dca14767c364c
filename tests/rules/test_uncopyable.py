"""Copies by configuration: which regularizers of one's own they lose, and what may tell Keras their names."""

import pytest

from kreglint.engine.api import check_paths, check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import functools
import keras
import tensorflow as tf
from keras import layers, regularizers

"""
OWN = """\
class Own(regularizers.Regularizer):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self, x):
        return self.rate * tf.reduce_sum(tf.abs(x))

    def get_config(self):
        return {"rate": self.rate}


"""
SMOOTH = "def smooth(x):\n    return tf.reduce_sum(tf.abs(x))\n\n\n"
BOTH_WAYS = "layers.Bidirectional(layers.GRU(3, kernel_regularizer=Own()))\n"


def rows(body: str, version: str = "3.15", before: str = IMPORTS + OWN) -> list[str]:
    """What is at fault: the rows of a body, each without blanks around it."""
    text = before + body
    found = check_source(text, "a.py", Settings(select=("KRG621",), keras_version=version))
    return [text.splitlines()[each.location.row - 1].strip() for each in found]


@pytest.mark.parametrize("version", ["2", "2.3", "2.15", "3.0", "3.5", "3.13", "3.15", "3.16"])
def test_every_version_makes_the_second_layer_by_configuration(version):
    assert rows(BOTH_WAYS, version) == [BOTH_WAYS.strip()]


class TestWhatCopies:
    @pytest.mark.parametrize(
        "call",
        [
            "layers.Bidirectional(layers.RNN(layers.LSTMCell(3, kernel_regularizer=Own())))",
            "layers.Bidirectional(layer=layers.LSTM(3, recurrent_regularizer=Own()), merge_mode='sum')",
            "layers.Bidirectional(gru)",
            "layers.Bidirectional(layers.RNN(cell))",
            "layers.Bidirectional(recurrent(4))",
            "layers.GRU.from_config(gru.get_config())",
            "type(gru).from_config(gru.get_config())",
            "gru.__class__.from_config(gru.get_config())",
            "layers.deserialize(layers.serialize(gru))",
            "keras.models.clone_model(net())",
            "keras.models.clone_model(net(), input_tensors=None)",
            "keras.models.model_from_json(net().to_json())",
            "keras.Model.from_config(net().get_config())",
        ],
    )
    def test_by_what_is_called(self, call):
        body = (
            "gru = layers.GRU(3, kernel_regularizer=Own())\n"
            "cell = layers.GRUCell(3, kernel_regularizer=Own())\n"
            "def recurrent(units):\n    return layers.GRU(units, bias_regularizer=Own())\n"
            "def net():\n    x = keras.Input((3,))\n"
            "    return keras.Model(x, layers.Dense(3, kernel_regularizer=Own())(x))\n"
        )
        assert rows(body + f"copy = {call}\n") == [f"copy = {call}"]

    def test_what_is_added_to_a_model(self):
        body = "m = keras.Sequential()\nm.add(layers.Dense(3, kernel_regularizer=Own()))\n"
        assert rows(body + "c = keras.models.clone_model(m)\n") == ["c = keras.models.clone_model(m)"]

    @pytest.mark.parametrize(
        "call",
        [
            "keras.models.clone_model(model, clone_function=another)",
            "keras.models.clone_model(model, None, another)",
            "keras.models.model_from_json(model.to_json(), custom_objects=names)",
            "keras.models.model_from_json(read('model.json'))",
            "keras.Model.from_config(model.get_config(), names)",
            "Mine.from_config(dense.get_config())",
            "layers.Dense.from_config(changed)",
            "layers.Bidirectional(*parts)",
            "layers.Bidirectional(outside(4))",
            "layers.TimeDistributed(layers.Dense(3, kernel_regularizer=Own()))",
            "layers.RNN(layers.GRUCell(3, kernel_regularizer=Own()))",
            "copy_of(model)",
        ],
    )
    def test_what_copies_in_another_way_or_is_not_seen(self, call):
        body = (
            "from elsewhere import another, names, read, parts, outside, copy_of\n"
            "class Mine(layers.Dense):\n    pass\n"
            "dense = layers.Dense(3, kernel_regularizer=Own())\n"
            "changed = dense.get_config()\nchanged['kernel_regularizer'] = None\n"
            "model = keras.Sequential([keras.Input((3,)), dense])\n"
        )
        assert rows(body + f"copy = {call}\n") == []

    def test_a_regularizer_that_is_taken_away_before(self):
        taken = "gru = layers.GRU(3, kernel_regularizer=Own())\ngru.kernel_regularizer = None\n"
        assert rows(taken + "copy = layers.Bidirectional(gru)\n") == []

    def test_one_that_is_meant_to_fail(self):
        body = "import pytest\nwith pytest.raises(TypeError):\n    " + BOTH_WAYS
        assert rows(body) == []


class TestWhatTellsTheName:
    @pytest.mark.parametrize(
        "more",
        [
            "with keras.saving.custom_object_scope({'Own': Own}):\n    pass\n",
            "keras.utils.get_custom_objects().update(outside)\n",
            "keras.utils.get_custom_objects()['Own'] = Own\n",
            "keras.saving.register_keras_serializable('mine')(Own)\n",
            "for each in regularizers.Regularizer.__subclasses__():\n    print(each)\n",
            "with keras.saving.custom_object_scope(NAMES):\n    pass\n",
            "names = {name: each for name, each in globals().items()}\n",
            "NAMES = {'Own': Own}\n",
            "remember(Own)\n",
        ],
    )
    def test_whatever_is_done_with_the_class(self, more):
        assert rows(more + BOTH_WAYS) == []

    @pytest.mark.parametrize(
        "more",
        [
            "print(isinstance(thing, Own))\n",
            "other = Own(0.2)\n",
            "class Other(Own):\n    pass\n",
            "with keras.saving.custom_object_scope({'Own': Different}):\n    pass\n",
            "@keras.saving.register_keras_serializable('mine')\nclass Other(regularizers.L2):\n    pass\n",
            "def shadow(Own):\n    return [Own]\n",
        ],
    )
    def test_what_does_not_tell_it(self, more):
        before = IMPORTS + "from elsewhere import Different, thing\n" + OWN
        assert rows(more + BOTH_WAYS, before=before) == [BOTH_WAYS.strip()]


class TestWhatIsCopied:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ("Own()", True),
            ("lambda x: tf.reduce_sum(x)", True),
            ("smooth", True),
            ("made(0.1)", True),
            ("functools.partial(max)", True),
            ("Shrink(0.1)", True),
            ("regularizers.L2(0.1)", False),
            ("'l2'", False),
            ("None", False),
            ("outside", False),
            ("outside(0.1)", False),
            ("registered", False),
        ],
    )
    def test_by_its_value(self, given, found):
        body = (
            "from elsewhere import outside\n"
            + SMOOTH
            + "class Shrink(regularizers.L2):\n    pass\n"
            + "def made(rate):\n    def penalty(x):\n        return rate * tf.reduce_sum(x)\n    return penalty\n"
            + "@keras.saving.register_keras_serializable()\ndef registered(x):\n    return tf.reduce_sum(x)\n"
        )
        call = f"layers.Bidirectional(layers.GRU(3, activity_regularizer={given}))"
        assert rows(body + call) == ([call] if found else [])

    @pytest.mark.parametrize(("version", "found"), [("3.0", True), ("3.5", False), ("3.14", False), ("3.15", True)])
    def test_a_function_that_no_layer_takes_is_not_copied(self, version, found):
        """KRG107 says that such a layer cannot even be built."""
        call = "layers.Bidirectional(layers.GRU(3, kernel_regularizer=smooth))"
        assert rows(SMOOTH + call, version) == ([call] if found else [])

    @pytest.mark.parametrize(("version", "found"), [("3.0", False), ("3.5", True), ("2", True)])
    def test_what_a_configuration_leaves_out_is_not_copied(self, version, found):
        """Keras 3.0 forgets the activity regularizer of most layers."""
        call = "copy = layers.Dense.from_config(layers.Dense(3, activity_regularizer=Own()).get_config())"
        assert rows(call, version) == ([call] if found else [])

    @pytest.mark.parametrize("every", [True, False])
    def test_every_value_that_it_may_be_is_at_fault(self, every):
        other = "Own(0.2)" if every else "'l2'"
        call = f"layers.Bidirectional(layers.GRU(3, kernel_regularizer=Own() if flag else {other}))"
        assert rows("from elsewhere import flag\n" + call) == ([call] if every else [])


class TestAcrossFiles:
    @pytest.fixture
    def found(self, tmp_path, monkeypatch):
        """What is found in a file that imports the class from one with this content."""
        monkeypatch.chdir(tmp_path)

        def check(content: str, more: str = "") -> list[str]:
            (tmp_path / "own.py").write_text(IMPORTS + content)
            (tmp_path / "net.py").write_text(IMPORTS + "from own import Own\n" + more + BOTH_WAYS)
            reports = check_paths(["net.py"], Settings(select=("KRG621",), keras_version="3.15"))
            return [each.code for report in reports for each in report.diagnostics]

        return check

    def test_a_class_of_another_file(self, found):
        assert found(OWN) == ["KRG621"]

    def test_one_that_is_registered_there(self, found):
        assert found("@keras.saving.register_keras_serializable()\n" + OWN) == []

    @pytest.mark.parametrize(
        "more", ["keras.utils.get_custom_objects()['Own'] = Own\n", "print({'Own': Own})\n", "OTHER = Own\n"]
    )
    def test_one_that_may_be_registered_here(self, found, more):
        assert found(OWN, more) == []

    def test_one_by_its_module(self, found):
        assert found(OWN, "import own\nprint([own.Own])\n") == []
