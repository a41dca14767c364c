"""KRG608: in which dtype a penalty is computed, by the layer's own `dtype` or the policy that the file sets."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers, mixed_precision\n"
DENSE = "layers.Dense(4, activity_regularizer='l2')\n"
HALF = "mixed_precision.set_global_policy('mixed_float16')\n"
FAILS = "raises TypeError in training, on TensorFlow"


def messages(code: str, version: str = "3.15") -> list[str]:
    return [
        each.message
        for each in check_source(IMPORTS + code, "a.py", Settings(select=("KRG608",), keras_version=version))
    ]


@pytest.mark.parametrize(
    "setting",
    [
        "mixed_precision.set_global_policy('mixed_bfloat16')",
        "mixed_precision.set_dtype_policy('mixed_bfloat16')",
        "mixed_precision.set_global_policy(policy='mixed_bfloat16')",
        "keras.config.set_dtype_policy('mixed_bfloat16')",
        "tf.keras.mixed_precision.set_global_policy('mixed_bfloat16')",
        "keras.mixed_precision . set_global_policy(  # why\n    'mixed_bfloat16',\n)",
        "from keras.config import set_dtype_policy as half\nhalf('mixed_bfloat16')",
        "mixed_precision.set_global_policy(mixed_precision.Policy('mixed_bfloat16'))",
        "mixed_precision.set_global_policy(keras.DTypePolicy(name='mixed_bfloat16'))",
        (
            "POLICY = 'mixed_bfloat16'\npolicy = keras.dtype_policies.DTypePolicy(POLICY)\n"
            "keras.config.set_dtype_policy(policy)"
        ),
    ],
)
def test_a_policy_of_the_file_is_that_of_the_layers_after_it(setting):
    [message] = messages(f"{setting}\n{DENSE}")
    assert message.startswith("under mixed_bfloat16 this penalty is bfloat16")
    assert message.endswith(FAILS)


@pytest.mark.parametrize(
    "dtype", ["'bfloat16'", "tf.bfloat16", "keras.DTypePolicy('bfloat16')", "tf.float64", "np.float64"]
)
def test_a_dtype_of_a_layer_is_that_of_its_penalties(dtype):
    [message] = messages(f"layers.Dense(4, dtype={dtype}, kernel_regularizer='l2')")
    assert message.endswith(FAILS)


def test_a_policy_that_a_function_sets_is_that_of_its_own_layers():
    function = "def build():\n    mixed_precision.set_global_policy('mixed_float16')\n    return "
    assert len(messages(f"{function}{DENSE}{DENSE}")) == 1


@pytest.mark.parametrize(
    "code",
    [
        f"{DENSE}mixed_precision.set_global_policy('mixed_float16')",
        f"def halve():\n    mixed_precision.set_global_policy('mixed_float16')\n\n\n{DENSE}",
        f"import sys\nif sys.argv[1:]:\n    mixed_precision.set_global_policy('mixed_float16')\n{DENSE}",
        f"import sys\nmixed_precision.set_global_policy(sys.argv[1])\n{DENSE}",
        f"{HALF}mixed_precision.set_global_policy('float32')\n{DENSE}",
        (f"{HALF}\n\ndef build(**options):\n    return layers.Dense(4, activity_regularizer='l2', **options)"),
        f"{HALF}layers.Dense(4, dtype='float32', activity_regularizer='l2')",
        f"{HALF}layers.Dense(4, kernel_regularizer='l2')",
        f"{HALF}layers.ActivityRegularization(l2=0.0)",
        f"{HALF}layers.SimpleRNN(4, activity_regularizer='l2')",
        f"mixed_precision.set_global_policy('float32')\n{DENSE}",
        "import sys\nlayers.Dense(4, dtype=sys.argv[1], activity_regularizer='l2')",
        "layers.Dense(4, dtype='int8_from_mixed_bfloat16', activity_regularizer='l2')",
        "layers.Dense(4, dtype='mixed_float64', activity_regularizer='l2')",
    ],
)
def test_it_says_nothing_where_the_dtype_is_float32_or_not_certain(code):
    assert messages(code) == []


@pytest.mark.parametrize("version", ["2", "3.0", "3.7"])
def test_where_training_works_only_the_range_of_float16_is_a_fault(version):
    assert messages("layers.Dense(4, dtype='mixed_bfloat16', activity_regularizer='l2')", version) == []
    [message] = messages("layers.Dense(4, dtype='mixed_float16', activity_regularizer='l2')", version)
    assert message.endswith("can overflow to inf")


def test_with_another_floatx_losses_may_be_of_the_penaltys_dtype():
    floatx = "keras.config.set_floatx('{}')\nlayers.Dense(4, kernel_regularizer='l2')"
    assert messages(floatx.format("float64")) == []
    [message] = messages(floatx.format("float16"))
    assert message.endswith("can overflow to inf")


@pytest.mark.parametrize(("version", "fails"), [("3.7", False), ("3.8", True), ("3.15", True), ("3.16", True)])
def test_training_fails_from_keras_3_8_on(version, fails):
    code = "layers.Dense(4, dtype='mixed_float16', activity_regularizer='l2')"
    assert [message.endswith(FAILS) for message in messages(code, version)] == [fails]


@pytest.mark.parametrize("version", ["3.0", "3.7", "3.13"])
@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_l1_fails_before_3_14_where_it_is_computed(version, dtype):
    [message] = messages(f"layers.Dense(4, dtype='{dtype}', activity_regularizer=keras.regularizers.L1(0.1))", version)
    assert message.endswith("Keras 3.0 to 3.13 fails when it is computed, on TensorFlow")


def test_versions_that_fail_otherwise_are_told_apart():
    code = "from keras import ops\nlayers.Dense(4, dtype='mixed_float16', activity_regularizer='l1')"
    [found] = check_source(
        IMPORTS.replace("import tensorflow as tf\n", "") + code, "a.py", Settings(select=("KRG608",))
    )
    assert found.message.endswith(
        "Keras 3.0 to 3.13 fails when it is computed, on TensorFlow; "
        "Keras from 3.14 raises TypeError in training, on TensorFlow"
    )
