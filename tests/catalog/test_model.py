"""The catalog as the rest of kreglint reads it: facts of Keras that its rules stand on."""

import pickle
import subprocess
import sys

import pytest

from kreglint.catalog.model import MAJORS, Keras, load


@pytest.fixture(params=MAJORS)
def keras(request) -> Keras:
    return load(request.param)


def test_a_major_is_loaded_once():
    assert load(3) is load(3)


def test_a_loaded_major_survives_pickling_as_the_same_object():
    assert pickle.loads(pickle.dumps(load(2))) is load(2)


def test_an_unknown_major_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match=r"known: 1\.2, 2\.3, .*, 3\.15, 3\.16\), got 4"):
        load(4)


@pytest.mark.parametrize(
    ("named", "version"), [("3", "3.15.1"), ("3.13.2", "3.13.2"), ("3.12", "3.5.0"), ("2.15", "2.15.0"), ("1", "1.2.2")]
)
def test_an_exact_version_has_the_catalog_that_speaks_for_it(named, version):
    assert load(named).version == version


def test_an_exact_version_survives_pickling_as_the_same_object():
    assert pickle.loads(pickle.dumps(load("3.5"))) is load("3.5")


def test_versions_of_a_major_differ_where_keras_does():
    assert load("3.0").layer("GroupQueryAttention").index("kernel_regularizer") == 7
    assert load("3.15").layer("GroupQueryAttention").index("kernel_regularizer") == 9
    assert load("3.16").layer("GroupQueryAttention").name == "GroupedQueryAttention"


def test_keras_1_has_its_own_keywords_and_names():
    keras = load(1)
    assert list(keras.layer("Dense").regularizers) == ["W_regularizer", "b_regularizer", "activity_regularizer"]
    assert (keras.identifiers["l1l2"].l1, keras.identifiers["l1l2"].l2) == (0.01, 0.01)


def test_standalone_keras_2_refuses_an_unknown_string_at_once_and_takes_any_number():
    keras = load("2.3")
    assert keras.unknown_identifier.stage == "constructor"
    assert keras.factor("L1L2", "np.float32").penalty == 0.3
    assert "L2" not in keras.regularizers


def test_loading_imports_no_keras():
    code = "import sys; from kreglint.catalog.model import load; load(2); load(3); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout
    assert "'json'" in loaded
    assert not any(f"'{package}'" in loaded for package in ("keras", "tf_keras", "tensorflow", "numpy"))


def test_importing_the_model_reads_no_data():
    code = "import sys; before = set(sys.modules); import kreglint.catalog.model; print('json' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(("major", "package"), [(2, "tf_keras"), (3, "keras")])
def test_a_catalog_names_its_package_and_backend(major, package):
    keras = load(major)
    assert keras.package == package
    assert keras.major == major
    assert keras.version.startswith(f"{major}.")
    assert keras.backend.startswith("tensorflow 2.")


class TestLayers:
    def test_an_alias_is_the_layer_itself(self, keras):
        assert keras.layer("Convolution2D") is keras.layer("Conv2D")
        assert "Convolution2D" in keras.layer("Conv2D").aliases

    def test_what_is_no_layer_is_none(self, keras):
        assert keras.layer("L2") is None

    def test_every_name_leads_to_a_layer(self, keras):
        assert all(keras.layer(name) is not None for name in keras.layer_names)

    def test_the_first_export_is_the_path_people_write(self, keras):
        assert keras.layer("Conv2D").exports[0] == "keras.layers.Conv2D"
        assert "layers.Conv2D" in keras.module_paths

    @pytest.mark.parametrize(
        ("major", "module"), [(2, "tf_keras.src.layers.core.dense"), (3, "keras.src.layers.core.dense")]
    )
    def test_a_layer_knows_the_module_that_defines_it(self, major, module):
        assert load(major).layer("Dense").module == module

    def test_a_class_exported_under_another_name_goes_by_that_name(self):
        assert load(3).layer("GroupQueryAttention").exports == ("keras.layers.GroupQueryAttention",)

    def test_locally_connected_layers_are_only_in_keras_2(self):
        assert load(2).layer("LocallyConnected2D") is not None
        assert load(3).layer("LocallyConnected2D") is None

    def test_the_parameters_of_dense_stand_in_order(self, keras):
        names = [parameter.name for parameter in keras.layer("Dense").parameters]
        assert names[:10] == [
            "units",
            "activation",
            "use_bias",
            "kernel_initializer",
            "bias_initializer",
            "kernel_regularizer",
            "bias_regularizer",
            "activity_regularizer",
            "kernel_constraint",
            "bias_constraint",
        ]

    def test_a_parameter_is_found_by_its_position_and_the_reverse(self, keras):
        dense = keras.layer("Dense")
        assert dense.parameter_at(1).name == "activation"
        assert dense.index("kernel_regularizer") == 5
        assert dense.index("kernel_regularisation") is None
        assert dense.parameter_at(99) is None

    def test_a_default_is_kept_and_a_required_parameter_has_none(self, keras):
        units, _, use_bias, *_ = keras.layer("Dense").parameters
        assert (units.required, units.default) == (True, None)
        assert (use_bias.required, use_bias.default) == (False, True)

    @pytest.mark.parametrize(("major", "index"), [(2, 9), (3, 11)])
    def test_the_position_of_attention_regularizers_differs_between_majors(self, major, index):
        assert load(major).layer("MultiHeadAttention").index("kernel_regularizer") == index

    def test_keyword_only_parameters_have_no_index(self):
        layer = load(3).layer("Layer")
        assert layer.index("activity_regularizer") is None
        assert layer.regularizers["activity_regularizer"].index is None

    @pytest.mark.parametrize(("name", "has_weights"), [("Dense", True), ("Dropout", False), ("PReLU", True)])
    def test_a_layer_says_whether_it_has_weights(self, keras, name, has_weights):
        assert keras.layer(name).has_weights is has_weights


class TestRegularizerParameters:
    @pytest.mark.parametrize(
        ("layer", "keyword", "weights"),
        [
            ("Dense", "kernel_regularizer", ("kernel",)),
            ("Embedding", "embeddings_regularizer", ("embeddings",)),
            ("LSTM", "recurrent_regularizer", ("recurrent_kernel",)),
            ("SeparableConv2D", "pointwise_regularizer", ("pointwise_kernel",)),
            ("PReLU", "alpha_regularizer", ("alpha",)),
            ("BatchNormalization", "gamma_regularizer", ("gamma",)),
            ("Dense", "activity_regularizer", ("output",)),
            (
                "MultiHeadAttention",
                "kernel_regularizer",
                ("query/kernel", "key/kernel", "value/kernel", "attention_output/kernel"),
            ),
        ],
    )
    def test_a_regularizer_acts_on_its_weights(self, keras, layer, keyword, weights):
        assert keras.layer(layer).regularizers[keyword].weights == weights

    @pytest.mark.parametrize(("major", "weight"), [(2, "depthwise_kernel"), (3, "kernel")])
    def test_the_depthwise_kernel_has_another_name_in_keras_3(self, major, weight):
        regularizer = load(major).layer("DepthwiseConv2D").regularizers["depthwise_regularizer"]
        assert regularizer.weights == (weight,)

    @pytest.mark.parametrize(
        ("layer", "keyword", "switch"),
        [
            ("Dense", "bias_regularizer", ("use_bias", False)),
            ("Dense", "kernel_regularizer", None),
            ("LSTM", "bias_regularizer", ("use_bias", False)),
            ("MultiHeadAttention", "bias_regularizer", ("use_bias", False)),
            ("BatchNormalization", "gamma_regularizer", ("scale", False)),
            ("BatchNormalization", "beta_regularizer", ("center", False)),
            ("LayerNormalization", "beta_regularizer", ("center", False)),
        ],
    )
    def test_a_switch_takes_the_weight_away(self, keras, layer, keyword, switch):
        assert keras.layer(layer).regularizers[keyword].switch == switch

    @pytest.mark.parametrize(("major", "effect"), [(2, "penalty"), (3, "none")])
    def test_simple_rnn_drops_its_activity_penalty_in_keras_3(self, major, effect):
        assert load(major).layer("SimpleRNN").regularizers["activity_regularizer"].effect == effect

    @pytest.mark.parametrize(("major", "effect"), [(2, "none"), (3, "penalty")])
    def test_einsum_dense_drops_its_activity_penalty_in_keras_2(self, major, effect):
        assert load(major).layer("EinsumDense").regularizers["activity_regularizer"].effect == effect

    @pytest.mark.parametrize(("major", "terms"), [(2, 1), (3, 4)])
    def test_keras_3_hands_the_activity_penalty_of_attention_to_its_sublayers_too(self, major, terms):
        assert load(major).layer("MultiHeadAttention").regularizers["activity_regularizer"].terms == terms

    def test_ranks_tell_a_dense_kernel_from_a_convolution(self, keras):
        assert keras.layer("Dense").regularizers["kernel_regularizer"].ranks == (2,)
        assert keras.layer("Conv2D").regularizers["kernel_regularizer"].ranks == (4,)

    def test_declared_regularizers_stand_in_the_order_of_the_signature_and_others_after_them(self, keras):
        assert list(keras.layer("LSTM").regularizers) == [
            "kernel_regularizer",
            "recurrent_regularizer",
            "bias_regularizer",
            "activity_regularizer",
        ]
        assert list(keras.layer("PReLU").regularizers) == ["alpha_regularizer", "activity_regularizer"]

    def test_each_weight_accounts_for_one_term(self, keras):
        for name in keras.layer_names:
            for regularizer in keras.layer(name).regularizers.values():
                if regularizer.name != "activity_regularizer":
                    assert regularizer.terms == len(regularizer.weights) > 0, (name, regularizer)

    def test_every_layer_that_declares_a_weight_regularizer_was_probed(self, keras):
        for name in keras.unprobed:
            assert set(keras.layer(name).regularizers) <= {"activity_regularizer"}, name

    def test_an_activity_regularizer_works_where_it_is_not_declared(self, keras):
        assert keras.layer("Dropout").regularizers["activity_regularizer"].effect == "penalty"
        assert keras.layer("Dropout").index("activity_regularizer") is None


class TestUndeclaredKeywords:
    @pytest.mark.parametrize(("major", "word"), [(2, "ignored"), (3, "ValueError")])
    @pytest.mark.parametrize("layer", ["SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D"])
    def test_keras_2_ignores_a_kernel_regularizer_of_a_depthwise_layer(self, major, word, layer):
        assert load(major).layer(layer).undeclared["kernel_regularizer"] == word

    @pytest.mark.parametrize(("major", "word"), [(2, "TypeError"), (3, "ValueError")])
    @pytest.mark.parametrize("layer", ["Embedding", "BatchNormalization", "Dropout", "Flatten", "TimeDistributed"])
    def test_other_layers_refuse_a_kernel_regularizer(self, major, word, layer):
        assert load(major).layer(layer).undeclared["kernel_regularizer"] == word

    def test_a_declared_keyword_is_not_undeclared(self, keras):
        dense = keras.layer("Dense")
        assert set(dense.undeclared) == keras.regularizer_keywords - set(dense.regularizers)

    def test_a_layer_that_could_not_be_tried_says_why(self):
        assert load(3).layer("JaxLayer").unprobed == "needs JAX"
        assert set(load(3).layer("JaxLayer").undeclared.values()) == {"unknown"}


class TestIdentifiers:
    def test_l1_l2_is_only_of_keras_2(self):
        identifier = load(2).identifiers["l1_l2"]
        assert (identifier.kind, identifier.l1, identifier.l2) == ("L1L2", 0.01, 0.01)
        assert "l1_l2" not in load(3).identifiers

    def test_l1l2_in_capitals_is_inert_in_both(self, keras):
        assert keras.identifiers["L1L2"].inert

    def test_l1l2_is_an_inert_identifier_of_keras_3_alone(self):
        assert load(3).identifiers["l1l2"].inert
        assert "l1l2" not in load(2).identifiers

    @pytest.mark.parametrize("name", ["l2", "L2"])
    def test_l2_means_a_factor_of_one_hundredth(self, keras, name):
        identifier = keras.identifiers[name]
        assert (identifier.kind, identifier.l1, identifier.l2, identifier.inert) == ("L2", None, 0.01, False)

    def test_the_base_class_by_name_adds_nothing(self, keras):
        assert keras.identifiers["Regularizer"].kind == "none"
        assert keras.identifiers["Regularizer"].inert

    def test_keras_3_cannot_train_with_the_base_class(self):
        assert load(2).identifiers["Regularizer"].trains
        assert not load(3).identifiers["Regularizer"].trains

    @pytest.mark.parametrize(
        ("major", "stage", "exception"), [(2, "losses", "TypeError"), (3, "constructor", "ValueError")]
    )
    def test_an_unknown_string_fails_at_its_own_stage(self, major, stage, exception):
        outcome = load(major).unknown_identifier
        assert (outcome.stage, outcome.exception) == (stage, exception)

    def test_the_message_holds_a_place_for_the_string(self):
        assert load(3).unknown_identifier.message == "Could not interpret regularizer identifier: {value}"

    def test_other_roles_have_identifiers_of_their_own(self, keras):
        assert {"max_norm", "MaxNorm", "unit_norm"} <= keras.constraint_identifiers
        assert {"glorot_uniform", "zeros", "HeNormal"} <= keras.initializer_identifiers
        assert {"relu", "softmax", "tanh"} <= keras.activation_identifiers
        assert not {"l2", "get", "serialize"} & keras.activation_identifiers

    def test_classes_of_other_roles_are_listed(self, keras):
        assert {"MaxNorm", "UnitNorm"} <= keras.constraint_names
        assert {"GlorotUniform", "Zeros"} <= keras.initializer_names


class TestRegularizers:
    @pytest.mark.parametrize(("major", "accepted"), [(2, True), (3, False)])
    @pytest.mark.parametrize("name", ["l1", "l2", "L1", "L2"])
    def test_only_keras_2_accepts_the_keyword_l(self, major, accepted, name):
        assert load(major).regularizers[name].accepts_l is accepted

    @pytest.mark.parametrize(("major", "factor"), [(2, 0.01), (3, 0.0)])
    def test_the_defaults_of_l1_l2_changed(self, major, factor):
        regularizer = load(major).regularizers["l1_l2"]
        assert (regularizer.kind, regularizer.l1, regularizer.l2) == ("L1L2", factor, factor)
        assert [p.default for p in regularizer.parameters] == [factor, factor]

    def test_l1l2_without_arguments_is_inert(self, keras):
        assert keras.regularizers["L1L2"].inert

    def test_parameters_stand_in_order(self, keras):
        names = [parameter.name for parameter in keras.regularizers["OrthogonalRegularizer"].parameters]
        assert names == ["factor", "mode"]

    def test_aliases_are_of_the_same_kind(self, keras):
        kinds = {name: regularizer.kind for name, regularizer in keras.regularizers.items()}
        assert kinds == {
            "L1": "L1",
            "L1L2": "L1L2",
            "L2": "L2",
            "OrthogonalRegularizer": "OrthogonalRegularizer",
            "Regularizer": "none",
            "l1": "L1",
            "l1_l2": "L1L2",
            "l2": "L2",
            "orthogonal_regularizer": "OrthogonalRegularizer",
        }


class TestOutcomes:
    def test_keras_2_fails_on_an_uncalled_class_when_losses_are_read(self):
        outcome = load(2).uncalled["L2"]
        assert (outcome.stage, outcome.exception) == ("losses", "ValueError")

    def test_keras_3_calls_an_uncalled_class_itself(self):
        outcome = load(3).uncalled["L2"]
        assert (outcome.stage, outcome.kind, outcome.l2, outcome.penalty) == ("none", "L2", 0.01, 0.3)
        assert (outcome.l1, outcome.factor, outcome.exception) == (None, None, None)

    @pytest.mark.parametrize("name", ["L1L2", "l1_l2"])
    def test_an_uncalled_l1l2_is_a_silent_no_op_in_keras_3(self, name):
        outcome = load(3).uncalled[name]
        assert outcome.silent
        assert (outcome.stage, outcome.exception, outcome.penalty) == ("none", None, 0)

    @pytest.mark.parametrize("kind", ["int", "float", "bool", "list", "tuple", "empty_dict"])
    def test_a_value_that_is_no_regularizer_is_refused(self, keras, kind):
        outcome = keras.not_a_regularizer[kind]
        assert (outcome.stage, outcome.subject, outcome.exception) == ("constructor", "layer", "ValueError")

    def test_a_constraint_trains_silently_in_keras_3_and_fails_in_training_in_keras_2(self):
        assert load(3).not_a_regularizer["MaxNorm"].silent
        assert (load(3).not_a_regularizer["MaxNorm"].stage, load(3).not_a_regularizer["MaxNorm"].kind) == ("none", None)
        assert load(3).not_a_regularizer["MaxNorm"].penalty != 0
        assert load(2).not_a_regularizer["MaxNorm"].stage == "training"

    def test_a_function_is_a_regularizer_of_its_own(self, keras):
        outcome = keras.not_a_regularizer["function"]
        assert (outcome.stage, outcome.silent, outcome.penalty) == ("none", False, 0.3)
        assert (outcome.kind, outcome.exception) == (None, None)

    def test_a_dict_without_config_is_the_default_in_keras_3_alone(self):
        assert load(2).not_a_regularizer["dict_without_config"].stage == "constructor"
        outcome = load(3).not_a_regularizer["dict_without_config"]
        assert (outcome.stage, outcome.kind, outcome.l1, outcome.l2) == ("none", "L2", None, 0.01)


class TestFactors:
    def test_keras_2_takes_a_negative_factor_and_rewards_weights(self):
        outcome = load(2).factors["negative"]
        assert (outcome.stage, outcome.silent, outcome.penalty) == ("none", True, -0.3)

    def test_keras_3_refuses_a_negative_factor(self):
        outcome = load(3).factors["negative"]
        assert (outcome.stage, outcome.subject, outcome.exception) == ("constructor", "regularizer", "ValueError")

    def test_none_is_the_default_and_not_off(self, keras):
        assert keras.factors["none"].l2 == 0.01
        assert keras.factor("L1", "none") == keras.factors["none"]

    def test_none_is_zero_in_l1l2(self, keras):
        assert keras.factor("L1L2", "none").penalty == 0

    def test_none_is_refused_by_the_orthogonal_regularizer(self, keras):
        assert keras.factor("OrthogonalRegularizer", "none").exception == "ValueError"

    def test_true_is_one(self, keras):
        assert (keras.factors["bool_true"].l2, keras.factors["bool_true"].silent) == (1.0, True)

    @pytest.mark.parametrize("kind", ["str", "nan", "inf", "np.float32", "np.int64", "tensor", "list"])
    def test_what_is_no_python_number_is_refused(self, keras, kind):
        assert keras.factors[kind].stage == "constructor"

    @pytest.mark.parametrize("kind", ["zero", "one", "int", "above_one", "np.float64"])
    def test_numbers_are_taken_whatever_their_size(self, keras, kind):
        assert (keras.factors[kind].stage, keras.factors[kind].silent) == ("none", False)

    @pytest.mark.parametrize(("major", "stage"), [(2, "none"), (3, "losses")])
    def test_keras_3_fails_on_an_integer_orthogonal_factor(self, major, stage):
        assert load(major).factor("OrthogonalRegularizer", "int").stage == stage

    def test_an_unknown_kind_of_factor_is_none(self, keras):
        assert keras.factor("L2", "quaternion") is None
