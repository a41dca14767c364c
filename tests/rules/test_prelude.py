import pytest

from kreglint.diagnostics import Span
from kreglint.rules.prelude import PRELUDE, program, shown


def test_the_prelude_stands_before_an_example():
    assert program('Dense(4, kernel_regularizer="l2")').text == PRELUDE + 'Dense(4, kernel_regularizer="l2")\n'


def test_a_program_has_no_markers():
    assert program('Dense(4, kernel_regularizer=«"l3"»)').text.endswith('Dense(4, kernel_regularizer="l3")\n')


def test_a_span_covers_the_marked_text_of_the_program():
    made = program('Dense(4, kernel_regularizer=«"l3"»)')
    assert [made.text[span.start : span.end] for span in made.spans] == ['"l3"']


def test_several_spans_are_in_source_order():
    made = program("import keras\nf(«a», «bc»)")
    assert made.spans == (Span(15, 16), Span(18, 20))


def test_an_example_without_markers_has_no_span():
    assert program("Dense(4)").spans == ()


def test_start_is_where_the_example_begins():
    made = program("Dense(4)")
    assert made.text[made.start :] == "Dense(4)\n"


@pytest.mark.parametrize(
    "line",
    [
        "import keras",
        "import keras.layers as KL",
        "from keras import layers",
        "import tensorflow as tf",
        "from tensorflow.keras.layers import Dense",
        "import tf_keras",
        "    from keras import layers",
    ],
)
def test_an_example_with_its_own_import_stands_alone(line):
    assert program(f"{line}\nx = 1\n").text == f"{line}\nx = 1\n"


@pytest.mark.parametrize("line", ["import functools", "from keras_tuner import HyperModel", "import tensorflow_hub"])
def test_other_imports_do_not_replace_the_prelude(line):
    assert program(f"{line}\n").text == f"{PRELUDE}{line}\n"


def test_an_import_that_is_marked_is_an_import():
    assert program("from keras.regularizers import «l1l2»\n").text == "from keras.regularizers import l1l2\n"


@pytest.mark.parametrize("code", ["«a", "a»", "««a»»", "»a«"])
def test_markers_come_in_pairs(code):
    with pytest.raises(ValueError, match="«"):
        program(code)


def test_shown_is_the_example_without_markers():
    assert shown("f(«a»)") == "f(a)"
