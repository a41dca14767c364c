"""The oracle itself: it sees known facts about Keras, and it refuses a claim that is not true."""

import pytest

from kreglint.diagnostics import Safety
from kreglint.rules.examples import Penalty, Raises
from kreglint.rules.prelude import program
from tests.oracle.claims import fault, fault_of_fix
from tests.oracle.engines import installed
from tests.oracle.outcomes import Failure, Working
from tests.oracle.process import KerasProcess, OracleError

pytestmark = pytest.mark.oracle

RANDOM_L2 = 0.01844


@pytest.fixture
def see(oracle):
    return lambda major, code: oracle.observe(major, program(code).text)


TWO_INPUTS = """
inputs = [keras.Input((3,)), keras.Input((4,))]
keras.Model(inputs, Dense(4, kernel_regularizer="l2")(concatenate(inputs)))
"""

BOTH = pytest.mark.parametrize("major", [2, 3])


@BOTH
@pytest.mark.parametrize(
    ("code", "formula"),
    [
        ("Dense(4, kernel_regularizer='l2')", "0.01 * sum(kernel**2)"),
        ("Dense(4, bias_regularizer=L1(0.02))", "0.02 * sum(abs(bias))"),
        ("Dense(4, kernel_regularizer=L1L2(0.02, 0.03))", "0.02 * sum(abs(kernel)) + 0.03 * sum(kernel**2)"),
        ("Dense(4, kernel_regularizer='L1L2')", "0"),
        ("Dense(4, activity_regularizer='l2')", "0.01 * sum(output**2) / batch"),
        ("Conv2D(8, 3, kernel_regularizer='l2')", "0.01 * sum(kernel**2)"),
        ("Conv3DTranspose(2, 3, kernel_regularizer='l2')", "0.01 * sum(kernel**2)"),
        ("SeparableConv2D(8, 3, pointwise_regularizer='l1')", "0.01 * sum(abs(pointwise_kernel))"),
        ("LSTM(4, recurrent_regularizer='l2')", "0.01 * sum(recurrent_kernel**2)"),
        ("GRUCell(4, recurrent_regularizer='l2')", "0.01 * sum(recurrent_kernel**2)"),
        ("ConvLSTM2D(2, 3, kernel_regularizer='l2')", "0.01 * sum(kernel**2)"),
        ("Bidirectional(LSTM(4, kernel_regularizer='l2'))", "0.01 * (sum(kernel0**2) + sum(kernel1**2))"),
        ("TimeDistributed(Conv1D(4, 3, kernel_regularizer='l2'))", "0.01 * sum(kernel**2)"),
        ("Embedding(10, 4, embeddings_regularizer=L2(0.1))", "0.1 * sum(embeddings**2)"),
        ("BatchNormalization(gamma_regularizer='l2')", "0.01 * sum(gamma**2)"),
        ("EinsumDense('...x,xy->...y', 4, kernel_regularizer='l2')", "0.01 * sum(kernel**2)"),
        (
            "MultiHeadAttention(2, 4, kernel_regularizer='l2')",
            "0.01 * (sum(kernel0**2) + sum(kernel1**2) + sum(kernel2**2) + sum(kernel3**2))",
        ),
        ("Dense(4, kernel_regularizer='orthogonal_regularizer')", "0.01 * mean_cosine(kernel)"),
        ("Attention(activity_regularizer='l2')", "0.01 * sum(output**2) / batch"),
        ("Add(activity_regularizer='l1')", "0.01 * sum(abs(output)) / batch"),
        ("StackedRNNCells([LSTMCell(4), GRUCell(3, kernel_regularizer='l2')])", "0.01 * sum(kernel1**2)"),
        ("L2(0.05)", "0.05 * sum(kernel**2)"),
        ("Dense(1, kernel_regularizer=OrthogonalRegularizer(mode='columns'))", "nan"),
    ],
)
def test_a_penalty_is_what_the_formula_says(see, major, code, formula):
    assert fault(Penalty(formula), see(major, code)) is None


@pytest.mark.parametrize(
    ("major", "code", "claim"),
    [
        (2, "Dense(4, kernel_regularizer='l3')", Raises("TypeError", "losses", "'str' object is not callable")),
        (
            3,
            "Dense(4, kernel_regularizer='l3')",
            Raises("ValueError", "constructor", "Could not interpret regularizer identifier: l3"),
        ),
        (2, "Dense(4, kernel_initializer=L2(0.01))", Raises("TypeError", "build")),
        (3, "Dense(4, kernel_initializer=L2(0.01))", Raises("TypeError", "build")),
        (2, "from keras.regularizers import l1l2", Raises("ImportError", "import", "l1l2")),
        (3, "from keras.regularizers import l1l2", Raises("ImportError", "import", "l1l2")),
        (2, "regularizers.activity_l2(0.01)", Raises("AttributeError", "constructor", "activity_l2")),
        (3, "L2(-0.01)", Raises("ValueError", "constructor", "expected a non-negative float")),
        (3, "Dense(4, kernel_regularizer=L2(l=0.02))", Raises("TypeError", "constructor", "'l'")),
    ],
)
def test_a_failure_is_seen_with_its_stage(see, major, code, claim):
    assert fault(claim, see(major, code)) is None


@pytest.mark.parametrize(
    ("major", "code", "formula"),
    [
        (2, "Dense(4, kernel_regularizer=l1_l2())", "0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
        (3, "Dense(4, kernel_regularizer=l1_l2())", "0"),
        (2, "Dense(4, kernel_regularizer=l1_l2(0.02))", "0.02 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
        (3, "Dense(4, kernel_regularizer=l1_l2(0.02))", "0.02 * sum(abs(kernel))"),
        (2, "Dense(4, kernel_regularizer=L2(-0.01))", "-0.01 * sum(kernel**2)"),
        (2, "SimpleRNN(4, activity_regularizer='l2')", "0.01 * sum(output**2) / batch"),
        (3, "SimpleRNN(4, activity_regularizer='l2')", "0"),
        (2, "DepthwiseConv2D(3, depthwise_regularizer='l2')", "0.01 * sum(depthwise_kernel**2)"),
        (3, "DepthwiseConv2D(3, depthwise_regularizer='l2')", "0.01 * sum(kernel**2)"),
    ],
)
def test_the_majors_differ_where_keras_does(see, major, code, formula):
    assert fault(Penalty(formula), see(major, code)) is None


@BOTH
@pytest.mark.parametrize(
    "code",
    [
        "layer = Dense(4, kernel_regularizer='l2')",
        "layer = Dense(4, kernel_regularizer='l2')\nlayer(np.ones((1, 7)))",
        "layer = Dense(4, kernel_regularizer='l2')\nlayer.build((None, 7))",
        "model = keras.Sequential([Dense(4, kernel_regularizer='l2')])\nmodel(np.ones((1, 7)))",
        "model = keras.Sequential([Dense(4, kernel_regularizer='l2')])\nmodel.build((None, 7))",
        "import keras\nkeras.layers.Dense(4, kernel_regularizer='l2')",
        "import keras.layers\nkeras.layers.Dense(4, kernel_regularizer='l2')",
        "import keras.layers as KL\nKL.Dense(4, kernel_regularizer='l2')",
        "from keras.layers import Dense\nDense(4, kernel_regularizer='l2')",
        "import tensorflow as tf\ntf.keras.layers.Dense(4, kernel_regularizer='l2')",
        "from tensorflow.keras.layers import Dense\nDense(4, kernel_regularizer='l2')",
        "def block(units=4):\n    return Dense(units, kernel_regularizer='l2')\nblock()",
        "keras.Sequential([keras.Input((8,)), Dense(4, kernel_regularizer='l2')])",
        "model = keras.Sequential([Dense(4, kernel_regularizer='l2')])\nmodel.compile('sgd', 'mse')",
        "outputs = Dense(4, kernel_regularizer='l2')(keras.Input((3,)))",
        TWO_INPUTS,
    ],
)
def test_the_layer_or_model_is_found(see, major, code):
    assert fault(Penalty("0.01 * sum(kernel**2)"), see(major, code)) is None


@pytest.mark.parametrize(("major", "package"), [(2, "tf_keras"), (3, "keras")])
@pytest.mark.parametrize(
    "line",
    [
        "from keras.layers import Dense",
        "import keras.layers; Dense = keras.layers.Dense",
        "from tensorflow.keras.layers import Dense",
        "import tensorflow as tf; Dense = tf.keras.layers.Dense",
    ],
)
def test_every_import_gives_the_keras_of_the_major(oracle, line, major, package):
    seen = oracle.observe(major, f"{line}\nraise ValueError(Dense.__module__.partition('.')[0])\n")
    assert seen == Failure("constructor", "ValueError", package)


@BOTH
def test_the_layers_of_a_model_are_numbered(see, major):
    seen = see(major, "keras.Sequential([Dense(4, kernel_regularizer='l2'), Dense(2, kernel_regularizer='l1')])")
    assert fault(Penalty("0.01 * sum(kernel0**2) + 0.01 * sum(abs(kernel1))"), seen) is None


@BOTH
def test_a_program_that_makes_no_layer_has_no_penalty(see, major):
    seen = see(major, "def block():\n    return 1\n")
    assert fault(Penalty("0"), seen) == (
        "expected a penalty of 0, received a program that makes no layer, model or regularizer"
    )


@BOTH
@pytest.mark.parametrize(
    "claim",
    [
        Penalty("0"),
        Penalty("0.02 * sum(kernel**2)"),
        Penalty("0.01001 * sum(kernel**2)"),
        Penalty("0.01 * sum(abs(kernel))"),
        Penalty("0.01 * sum(gamma**2)"),
        Penalty("nan"),
        Raises("ValueError", "constructor"),
    ],
    ids=str,
)
def test_a_wrong_claim_about_a_penalty_is_refused(see, major, claim):
    assert fault(claim, see(major, "Dense(4, kernel_regularizer='l2')")) is not None


@pytest.mark.parametrize(
    "claim",
    [
        Raises("TypeError", "constructor"),
        Raises("ValueError", "build"),
        Raises("ValueError", "constructor", "identifier: l4"),
        Penalty("0"),
        Penalty("0.01 * sum(kernel**2)"),
    ],
    ids=str,
)
def test_a_wrong_claim_about_a_failure_is_refused(see, claim):
    assert fault(claim, see(3, "Dense(4, kernel_regularizer='l3')")) is not None


def test_a_refusal_tells_the_claim_and_what_keras_did(see):
    seen = see(3, "Dense(4, kernel_regularizer='l3')")
    assert fault(Penalty("0"), seen) == (
        "expected a penalty of 0, received ValueError in the constructor: "
        "Could not interpret regularizer identifier: l3"
    )


@BOTH
def test_the_weights_are_the_same_in_every_run(see, major):
    seen = see(major, "Dense(4, kernel_regularizer='l2')")
    assert seen.penalty == pytest.approx(RANDOM_L2, rel=1e-3)


@BOTH
def test_no_weight_is_zero(see, major):
    seen = see(major, "Dense(4, kernel_regularizer='l2')")
    assert all(value for row in (*seen.values["kernel"], seen.values["bias"]) for value in row)


@BOTH
def test_a_broken_example_is_no_proof(see, major):
    seen = see(major, "Dense(4 kernel_regularizer=)")
    assert isinstance(seen, Failure)
    assert (seen.stage, seen.exception) == ("syntax", "SyntaxError")


@pytest.mark.parametrize(
    ("bad", "fixed", "safety"),
    [
        ("kernel_regularizer='l1_l2'", "kernel_regularizer=L1L2(l1=0.01, l2=0.01)", Safety.SAFE),
        ("kernel_regularizer=l2(0.01)", "kernel_regularizer=L2(l2=0.01)", Safety.SAFE),
        ("use_bias=False, bias_regularizer='l2'", "use_bias=False", Safety.SAFE),
        ("kernel_regularizer='L1L2'", "kernel_regularizer='l2'", Safety.UNSAFE),
        ("kernel_regularizer='l3'", "kernel_regularizer='l2'", Safety.UNSAFE),
        ("kernel_regularizer='l3'", "kernel_regularizer='l4'", Safety.DISPLAY),
    ],
)
def test_a_fix_that_keeps_its_promise_is_accepted(see, bad, fixed, safety):
    before, after = f"Dense(4, {bad})", f"Dense(4, {fixed})"
    assert fault_of_fix(safety, see(3, before), see(3, after), see(2, before)) is None


@pytest.mark.parametrize(
    ("bad", "fixed", "safety"),
    [
        ("kernel_regularizer='l1_l2'", "kernel_regularizer=L1L2(l1=0.01)", Safety.SAFE),
        ("kernel_regularizer='L1L2'", "kernel_regularizer='l2'", Safety.SAFE),
        ("kernel_regularizer=l2(0.01)", "kernel_regularizer=L2(l2=0.01)", Safety.UNSAFE),
        ("kernel_regularizer='l3'", "kernel_regularizer='l4'", Safety.UNSAFE),
        ("kernel_regularizer='l2'", "kernel_regularizer='l4'", Safety.SAFE),
    ],
)
def test_a_fix_that_breaks_its_promise_is_refused(see, bad, fixed, safety):
    before, after = f"Dense(4, {bad})", f"Dense(4, {fixed})"
    assert fault_of_fix(safety, see(3, before), see(3, after), see(2, before)) is not None


def test_a_safe_fix_without_a_penalty_stays_without_one():
    assert fault_of_fix(Safety.SAFE, Working(None), Working(None)) is None
    assert fault_of_fix(Safety.SAFE, Working(None), Working(0.0)) is not None


def test_a_question_without_an_end_is_given_up():
    process = KerasProcess(installed(2))
    process.timeout = 1.0
    with pytest.raises(OracleError, match=r"Keras 2 did not answer within 1 seconds:\nwhile True: pass"):
        process.ask("while True: pass\n")
    process.close()


def test_a_process_that_ends_is_told():
    process = KerasProcess(installed(2))
    with pytest.raises(OracleError, match="the process of Keras 2 ended"):
        process.ask("import os\nos._exit(3)\n")
    process.close()
