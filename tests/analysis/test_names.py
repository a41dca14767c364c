"""Names: every way to import Keras leads to Keras' own name, and some of them prove a major."""

import pytest

from kreglint.analysis.semantic.keras_names import canonical, proven_major
from tests.analysis.reading import facts

CALL = "{}(4, kernel_regularizer='l2')\n"


def layer_of(imports: str, callee: str) -> str | None:
    (layer,) = facts(imports + "\n" + CALL.format(callee)).layers
    return layer.layer


class TestCanonical:
    @pytest.mark.parametrize(
        "path",
        [
            "keras.layers.Conv2D",
            "keras.layers.convolutional.Conv2D",
            "keras.src.layers.convolutional.conv2d.Conv2D",
            "keras.api.layers.Conv2D",
            "keras.api._v2.keras.layers.Conv2D",
            "tensorflow.keras.layers.Conv2D",
            "tensorflow.python.keras.layers.Conv2D",
            "tensorflow.python.keras.api._v1.keras.layers.Conv2D",
            "tensorflow.compat.v1.keras.layers.Conv2D",
            "tensorflow.compat.v2.keras.layers.Conv2D",
            "tensorflow.contrib.keras.layers.Conv2D",
            "tf_keras.layers.Conv2D",
            "tf_keras.src.layers.Conv2D",
            "tf_keras.api._v2.keras.layers.Conv2D",
        ],
    )
    def test_a_class_has_one_name_whatever_its_home(self, path):
        assert canonical(path) == "keras.layers.Conv2D"

    def test_a_function_keeps_its_own_name(self):
        assert canonical("keras.src.regularizers.regularizers.l2") == "keras.regularizers.l2"

    def test_a_method_stays_with_its_class(self):
        assert canonical("keras.layers.core.Dense.from_config") == "keras.layers.Dense.from_config"

    def test_the_package_itself(self):
        assert canonical("tensorflow.keras") == "keras"

    def test_a_package_of_keras(self):
        assert canonical("tensorflow.keras.layers") == "keras.layers"

    def test_other_packages_keep_their_modules(self):
        assert canonical("tf_keras.utils.np_utils.to_categorical") == "keras.utils.np_utils.to_categorical"

    @pytest.mark.parametrize("path", ["tensorflow", "numpy.float32", "tensorflow.layers.Dense", ".layers.Dense", ""])
    def test_what_is_not_of_keras_has_none(self, path):
        assert canonical(path) is None

    @pytest.mark.parametrize("path", ["keras_tuner.layers.Dense", "tf_keras_vis.losses.L2", "kerasx"])
    def test_a_package_whose_name_starts_alike_is_another(self, path):
        assert canonical(path) is None


class TestProvenMajor:
    @pytest.mark.parametrize(
        "path",
        [
            "tf_keras",
            "tf_keras.layers.Dense",
            "tensorflow.python.keras.layers",
            "tensorflow.contrib.keras",
            "tensorflow.compat.v1.keras.layers",
            "keras.layers.convolutional.Conv2D",
            "keras.engine.topology",
            "keras.utils.np_utils",
            "tensorflow.keras.wrappers.scikit_learn",
        ],
    )
    def test_keras_2(self, path):
        assert proven_major(path) == 2

    @pytest.mark.parametrize("path", ["keras.ops", "keras.ops.sum", "keras.random.normal", "keras.distribution"])
    def test_keras_3(self, path):
        assert proven_major(path) == 3

    @pytest.mark.parametrize(
        "path",
        [
            "keras",
            "keras.layers.Dense",
            "tensorflow.keras.layers.Dense",
            "tensorflow",
            "tensorflow.random.normal",
            "keras.src.layers.core.dense.Dense",
            "keras.api.layers",
            "tf_keras_vis.losses",
            "keras.enginery",
            "numpy",
        ],
    )
    def test_most_paths_tell_nothing(self, path):
        assert proven_major(path) is None


class TestMajorsOfAFile:
    def test_an_import_proves_its_major(self):
        assert facts("from keras import ops\n").majors == {3}

    def test_a_path_that_is_called_proves_its_major(self):
        assert facts("import keras\nkeras.ops.sum(x)\n").majors == {3}

    def test_an_import_in_a_try_proves_nothing(self):
        source = "try:\n    from tf_keras import layers\nexcept ImportError:\n    from keras import layers\n"
        assert facts(source).majors == frozenset()

    def test_an_import_under_an_if_proves_nothing(self):
        source = "if outside:\n    import tf_keras as keras\nelse:\n    import keras\n"
        assert facts(source).majors == frozenset()

    @pytest.mark.parametrize("other", ["import tf_keras", "import tensorflow.compat.v1 as tf"])
    def test_another_package_proves_nothing_of_the_keras_beside_it(self, other):
        assert facts(f"{other}\nfrom keras import layers\n").majors == frozenset()

    def test_a_path_of_keras_itself_proves_its_major_beside_another_package(self):
        assert facts("import tf_keras\nfrom keras import ops\n").majors == {2, 3}

    def test_a_call_of_one_of_two_roots_proves_nothing(self):
        source = """
            try:
                import tf_keras as keras
            except ImportError:
                import keras
            keras.layers.Dense(4)
        """
        assert facts(source).majors == frozenset()


class TestImportForms:
    @pytest.mark.parametrize(
        ("imports", "callee"),
        [
            ("import keras", "keras.layers.Dense"),
            ("import keras as K", "K.layers.Dense"),
            ("import keras.layers", "keras.layers.Dense"),
            ("import keras.layers as KL", "KL.Dense"),
            ("import tensorflow as tf", "tf.keras.layers.Dense"),
            ("import tensorflow.keras as keras", "keras.layers.Dense"),
            ("import tensorflow.compat.v1 as tf", "tf.keras.layers.Dense"),
            ("import tf_keras", "tf_keras.layers.Dense"),
            ("from keras import layers", "layers.Dense"),
            ("from keras import layers as L", "L.Dense"),
            ("from tensorflow import keras", "keras.layers.Dense"),
            ("from tensorflow.keras import layers", "layers.Dense"),
            ("from keras.layers import Dense", "Dense"),
            ("from keras.layers import Dense as D", "D"),
            ("from keras.layers import (\n    Conv2D,\n    Dense,\n)", "Dense"),
            ("from keras.layers.core import Dense", "Dense"),
            ("from keras.src.layers import Dense", "Dense"),
            ("from keras.api.layers import Dense", "Dense"),
            ("from tensorflow.python.keras.layers import Dense", "Dense"),
            ("from tensorflow.contrib.keras.python.keras.layers import Dense", "Dense"),
            ("from keras.layers import *", "Dense"),
            ("from tensorflow.keras.layers import *", "Dense"),
            ("from keras.layers.core import *", "Dense"),
            ("from keras import *", "layers.Dense"),
        ],
    )
    def test_each_leads_to_the_layer(self, imports, callee):
        assert layer_of(imports, callee) == "Dense"

    @pytest.mark.parametrize(
        ("imports", "callee"),
        [
            ("from mylib import Dense", "Dense"),
            ("from .keras.layers import Dense", "Dense"),
            ("import mylib as keras", "keras.layers.Dense"),
            ("from mylib import *", "Dense"),
            ("import tensorflow as tf", "tf.layers.Dense"),
        ],
    )
    def test_a_name_from_elsewhere_is_no_layer(self, imports, callee):
        assert layer_of(imports, callee) is None

    def test_a_star_brings_only_names_that_the_module_has(self):
        assert layer_of("from keras.regularizers import *", "Dense") is None

    def test_the_last_of_two_stars_with_the_name_counts(self):
        assert layer_of("from mylib import *\nfrom keras.layers import *", "Dense") == "Dense"

    def test_a_star_after_a_definition_brings_the_name_anew(self):
        source = "from mylib import Dense\nfrom keras.layers import *\n"
        assert layer_of(source, "Dense") == "Dense"

    def test_a_star_of_another_module_leaves_an_import_as_it_is(self):
        assert layer_of("from keras.layers import Dense\nfrom mylib import *\n", "Dense") == "Dense"

    def test_both_ways_of_a_try_lead_to_one_name(self):
        source = """
            try:
                from tensorflow.keras.layers import Dense
            except ImportError:
                from keras.layers import Dense
            Dense(4)
        """
        (layer,) = facts(source).layers
        assert layer.symbol.canonical == "keras.layers.Dense"

    def test_an_import_that_may_have_failed_counts_where_it_is_used(self):
        source = """
            try:
                from keras.layers import Dense
            except ImportError:
                Dense = None
            Dense(4)
        """
        (layer,) = facts(source).layers
        assert layer.layer == "Dense"

    def test_two_ways_to_different_classes_are_no_known_layer(self):
        source = """
            if outside:
                from keras.layers import Dense
            else:
                from mylib import Dense
            Dense(4, kernel_regularizer="l2")
        """
        (layer,) = facts(source).layers
        assert layer.layer is None

    def test_an_import_in_a_function_holds_in_it(self):
        source = "def build():\n    from keras.layers import Dense\n    return Dense(4)\n"
        (layer,) = facts(source).layers
        assert layer.layer == "Dense"

    def test_an_import_in_a_function_does_not_hold_outside(self):
        assert layer_of("def build():\n    from keras.layers import Dense\n", "Dense") is None


class TestAliases:
    @pytest.mark.parametrize(
        ("source", "callee"),
        [
            ("import keras\nL = keras.layers", "L.Dense"),
            ("import keras\nL = keras.layers\nFC = L.Dense", "FC"),
            ("from keras.layers import Dense\nFC = Dense", "FC"),
            ("from keras.layers import Dense\nA = B = Dense", "B"),
            ("import keras\nlayers: object = keras.layers", "layers.Dense"),
        ],
    )
    def test_an_assigned_name_leads_on(self, source, callee):
        assert layer_of(source, callee) == "Dense"

    def test_an_alias_of_a_class_gives_its_own_name(self):
        assert layer_of("from keras.layers import Convolution2D", "Convolution2D") == "Conv2D"

    def test_a_class_that_the_catalog_lacks_keeps_its_name(self):
        assert layer_of("from keras.layers import MaxoutDense", "MaxoutDense") == "MaxoutDense"

    def test_a_function_of_the_layers_module_is_no_layer(self):
        assert layer_of("from keras.layers import add", "add") is None


@pytest.mark.parametrize(
    "program",
    [
        "import importlib\nlayers = importlib.import_module('keras.layers')\nlayers.Dense(4)",
        "from importlib import import_module as load\nload('keras.layers').Dense(4)",
        "__import__('keras').layers.Dense(4)",
    ],
)
def test_a_module_that_is_imported_by_a_call_has_its_names(program):
    assert [call.layer for call in facts(program).layers] == ["Dense"]


@pytest.mark.parametrize(
    "program",
    [
        "import importlib\nlayers = importlib.import_module('.layers', 'keras')\nlayers.Dense(4)",
        "import importlib\nname = 'keras.layers'\nimportlib.import_module(name + '').Dense(4)",
        "def __import__(name):\n    return name\n\n\n__import__('keras').layers.Dense(4)",
        "__import__('keras.layers').Dense(4)",
    ],
)
def test_a_module_whose_import_is_not_plain_is_none_of_keras(program):
    assert facts(program).layers == ()
