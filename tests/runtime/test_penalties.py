"""Checks 1 and 2: each penalty, and their sum, on real Keras."""

import numpy as np
import pytest

import kreglint
from tests.runtime.models import codes, compiled, dense, messages, statuses, values

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

REGULARIZERS = {
    "L1": lambda keras: keras.regularizers.L1(0.02),
    "L2": lambda keras: keras.regularizers.L2(0.03),
    "L1L2": lambda keras: keras.regularizers.L1L2(0.02, 0.03),
    "L1L2 with one factor": lambda keras: keras.regularizers.L1L2(l2=0.03),
    "Orthogonal by rows": lambda keras: keras.regularizers.OrthogonalRegularizer(0.1),
    "Orthogonal by columns": lambda keras: keras.regularizers.OrthogonalRegularizer(0.1, mode="columns"),
    "a string": lambda keras: "l2",
    "a dict": lambda keras: {"class_name": "L2", "config": {"l2": 0.02}},
}


@pytest.mark.parametrize("name", REGULARIZERS)
def test_every_regularizer_of_a_right_model_matches(keras, name):
    found = kreglint.verify(dense(keras, kernel_regularizer=REGULARIZERS[name](keras)))
    assert statuses(found) == {"d/kernel": "match"}
    assert found.ok, repr(found)
    assert found.total.status == found.training.status == found.prediction.status == found.survival.status == "match"


def test_the_expected_penalty_is_the_formula_over_the_weights(keras):
    model = dense(keras, kernel_regularizer=keras.regularizers.L1L2(0.5, 0.25), use_bias=False)
    (kernel,) = values(model)
    (row,) = kreglint.verify(model).penalties
    wanted = 0.5 * np.abs(kernel.astype("float64")).sum() + 0.25 * (kernel.astype("float64") ** 2).sum()
    assert row.expected == pytest.approx(wanted, rel=1e-12)
    assert row.actual == pytest.approx(wanted, rel=1e-6)
    assert (row.weights, row.dtype, row.regularizer["kind"]) == (12, "float32", "L1L2")


def test_the_model_is_as_it_was_after_a_verification(keras):
    model = dense(keras, kernel_regularizer="l2", bias_regularizer="l1")
    before, optimizer = values(model), model.optimizer
    kreglint.verify(model)
    assert all(map(np.array_equal, before, values(model)))
    assert model.optimizer is optimizer
    assert [float(np.asarray(each)) for each in model.losses] == pytest.approx([0.01 * (before[0] ** 2).sum(), 0.0])


def test_zero_weights_are_random_for_the_check(keras):
    found = kreglint.verify(dense(keras, bias_regularizer="l2"))
    (bias,) = (each for each in found.penalties if each.variable == "bias")
    assert bias.seeded
    assert bias.actual > 0
    assert bias.status == "match"


def test_weights_without_a_regularizer_are_listed(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer="l2"))
    assert [(each.variable, each.status) for each in found.penalties] == [
        ("kernel", "match"),
        ("bias", "unregularized"),
    ]


def test_a_model_without_regularizers_is_fine(keras):
    found = kreglint.verify(dense(keras))
    assert found.ok
    assert found.total.actual == 0


def test_a_shared_layer_counts_once(keras):
    shared = keras.layers.Dense(4, kernel_regularizer="l2", name="shared")
    entry = keras.layers.Input((4,))
    model = compiled(keras.Model(entry, shared(shared(entry))))
    found = kreglint.verify(model)
    assert found.ok, repr(found)
    assert statuses(found) == {"shared/kernel": "match"}


def test_one_regularizer_on_two_layers_counts_for_each(keras):
    one = keras.regularizers.L2(0.1)
    layers = [keras.layers.Dense(4, kernel_regularizer=one, name=name) for name in "ab"]
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), *layers])))
    assert found.ok, repr(found)
    assert statuses(found) == {"a/kernel": "match", "b/kernel": "match"}


def test_layers_of_nested_models_are_found(keras):
    inner = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(4, kernel_regularizer="l1", name="deep")])
    entry = keras.layers.Input((4,))
    found = kreglint.verify(compiled(keras.Model(entry, keras.layers.Dense(1, name="top")(inner(entry)))))
    assert found.ok, repr(found)
    assert statuses(found) == {"deep/kernel": "match"}
    assert found.penalties[0].path.endswith("/deep")


def test_a_model_of_several_inputs_and_outputs(keras):
    entries = {"a": keras.layers.Input((4,), name="a"), "b": keras.layers.Input((5,), name="b")}
    joined = keras.layers.Concatenate()([entries["a"], entries["b"]])
    outputs = [keras.layers.Dense(2, kernel_regularizer="l2", name=f"o{index}")(joined) for index in range(2)]
    found = kreglint.verify(compiled(keras.Model(entries, outputs), ["mse", "mse"]))
    assert found.ok, repr(found)
    assert statuses(found) == {"o0/kernel": "match", "o1/kernel": "match"}
    assert found.training.status == "match"


def test_an_activity_penalty_matches(keras):
    found = kreglint.verify(dense(keras, activity_regularizer=keras.regularizers.L1L2(0.1, 0.2)))
    assert statuses(found) == {"d/output": "match"}
    assert found.ok, repr(found)


def test_terms_that_no_formula_explains_are_listed_as_custom(keras):
    class Adds(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(0.125 * inputs[0, 0] * 0 + 7.0)
            return inputs

    layers = [keras.layers.Dense(3, kernel_regularizer="l2", name="d"), Adds()]
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), *layers])))
    assert statuses(found) == {"d/kernel": "match"}
    assert found.total.custom == pytest.approx(7.0)
    assert any("custom loss" in each.what for each in found.not_checked)


def test_a_regularizer_of_the_user_is_listed_and_left(keras):
    class Mine(keras.regularizers.Regularizer):
        def __call__(self, weight):
            return weight[0, 0] * 0 + 3.0

    found = kreglint.verify(dense(keras, kernel_regularizer=Mine()))
    assert statuses(found) == {"d/kernel": "not-checked"}
    assert found.total.custom == pytest.approx(3.0)
    assert any("Mine has no known formula" in each.why for each in found.not_checked)


def test_a_stated_tolerance_holds(keras):
    model = dense(keras, kernel_regularizer="l2")
    strict = kreglint.verify(model, tolerance=1e-30)
    assert {each.tolerance for each in strict.penalties if each.tolerance} == {1e-30}


def test_what_is_no_model_is_refused(keras):
    with pytest.raises(ValueError, match="expected a Keras model, received a Dense"):
        kreglint.verify(keras.layers.Dense(3))
    with pytest.raises(ValueError, match="expected a Keras model, received an int"):
        kreglint.verify(3)


def test_a_model_without_weights_is_refused_unless_data_build_it(keras):
    model = keras.Sequential([keras.layers.Dense(3, kernel_regularizer="l2", name="d")])
    with pytest.raises(ValueError, match="states no shape"):
        kreglint.verify(model)
    found = kreglint.verify(model, data=np.ones((2, 4), "float32"))
    assert statuses(found) == {"d/kernel": "match"}


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(keras, policy):
    layer = keras.layers.Dense(3, kernel_regularizer="l2", bias_regularizer="l1", dtype=policy, name="d")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert found.ok, repr(found)
    assert statuses(found) == {"d/kernel": "match", "d/bias": "match"}
    assert {each.dtype for each in found.penalties} == {"float32"}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_layers_of_another_dtype_are_judged_by_its_precision(keras, dtype):
    layer = keras.layers.Dense(3, kernel_regularizer="l2", dtype=dtype, name="d")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert statuses(found) == {"d/kernel": "match"}
    assert found.ok, repr(found)


def test_a_penalty_that_overflows_is_found(keras):
    start = keras.initializers.Constant(300.0)
    layer = keras.layers.Dense(3, kernel_regularizer="l2", kernel_initializer=start, dtype="float16", name="d")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert "KRG808" in codes(found)
    assert "'d' (Dense) kernel: L2(l2=0.01) adds inf in float16" in messages(found)


def test_an_orthogonal_penalty_of_one_column_is_found(keras):
    regularizer = keras.regularizers.OrthogonalRegularizer(0.1, mode="columns")
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1, kernel_regularizer=regularizer)])
    assert "KRG808" in codes(kreglint.verify(compiled(model)))


def test_a_regularizer_that_raises_is_found(keras):
    regularizer = keras.regularizers.OrthogonalRegularizer(0.1)
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3, bias_regularizer=regularizer, name="d")])
    found = kreglint.verify(compiled(model))
    assert "KRG801" in codes(found)
    assert "raises ValueError: Inputs to OrthogonalRegularizer must have rank 2" in messages(found)
