"""What is refused of a saved model's configuration, and what is not. None needs Keras."""

import pytest

from kreglint.runtime.safety import danger


def layer(**described):
    inner = {"name": "l", **described.pop("config", {})}
    return {"module": "keras.layers", "class_name": "Dense", "config": inner, "registered_name": None, **described}


def model(*layers):
    config = {"name": "m", "layers": list(layers)}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


SAFE = {
    "a layer": layer(),
    "a regularizer": layer(config={"kernel_regularizer": {"module": "keras.regularizers", "class_name": "L2"}}),
    "a function of Keras by its name alone": layer(config={"activation": function("builtins", "relu")}),
    "an operation of a graph": layer(module="keras.src.ops.numpy", class_name="Add"),
    "a layer of KerasHub": layer(module="keras_hub.src.layers", class_name="RMSNormalization"),
    "a registered layer of the user's": layer(module=None, class_name="Scale", registered_name="mine>Scale"),
    "a layer without a module, as in .h5": {"class_name": "Dense", "config": {}},
    "a specification of TensorFlow": {
        "class_name": "__typespec__",
        "spec_name": "TensorSpec",
        "module": "tensorflow.python.framework.tensor",
        "registered_name": None,
        "config": [],
    },
    "a feature space": layer(module="keras.utils", class_name="FeatureSpace"),
    "an operation of TensorFlow": layer(class_name="TFOpLambda", config={"function": "math.add"}),
    "a name that is no module": layer(config={"module": "os"}),
}
IMPORTS = {
    "a function of Python": (layer(config={"activation": function("os", "system")}), "os.system"),
    "a class of Python": (layer(module="subprocess", class_name="Popen"), "subprocess.Popen"),
    "a module of Python": (layer(module="os", class_name="os"), "os.os"),
    "a class of Python's builtins": (layer(module="builtins", class_name="eval"), "builtins.eval"),
    "a layer of the user's": (layer(module="nets", class_name="Scale"), "nets.Scale"),
    "a module whose name begins as Keras'": (layer(module="keras_evil", class_name="Dense"), "keras_evil.Dense"),
    "a function that downloads": (layer(config={"a": function("keras.utils", "get_file")}), "keras.utils.get_file"),
    "the switch of the safe mode": (
        layer(module="keras.config", class_name="enable_unsafe_deserialization"),
        "keras.config.enable_unsafe_deserialization",
    ),
    "an inner module of Keras": (
        layer(module="keras.src.utils.file_utils", class_name="get_file"),
        "keras.src.utils.file_utils.get_file",
    ),
    "a specification from elsewhere": (
        {"class_name": "__typespec__", "spec_name": "Spec", "module": "os", "config": []},
        "os.Spec",
    ),
}
CODE = {
    "a lambda": {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}},
    "a Lambda layer": layer(class_name="Lambda", config={"function": ["4wEAAAA=", None, None]}),
    "a Lambda layer whose shape is one": layer(
        class_name="Lambda", config={"function": "f", "output_shape": ["4w=="], "output_shape_type": "lambda"}
    ),
    "a pickled module": layer(class_name="TorchModuleWrapper"),
    "a layer that loads another file": layer(class_name="TFSMLayer"),
}


@pytest.mark.parametrize("case", SAFE)
def test_what_keras_itself_writes_is_let_through(case):
    assert danger(model(SAFE[case])) is None


@pytest.mark.parametrize("case", IMPORTS)
def test_code_outside_keras_is_named(case):
    config, name = IMPORTS[case]
    assert danger(model(layer(), config)) == f"it names code outside Keras ({name}), which loading would import"


@pytest.mark.parametrize("case", CODE)
def test_code_is_found(case):
    assert danger(model(CODE[case])).startswith("it holds Python code (")


def test_an_operation_that_writes_files_is_found():
    config = layer(class_name="TFOpLambda", config={"function": "io.write_file"})
    assert danger(model(config)) == "it calls tf.io.write_file, which is no part of a model"


@pytest.mark.parametrize("config", [None, 3, "os.system", [], {"class_name": 3, "module": "os"}])
def test_what_is_no_configuration_holds_nothing(config):
    assert danger(config) is None


def test_a_long_name_is_cut():
    assert len(danger(layer(module="x" * 10_000))) < 200
