"""`kreglint.testing` in a user's own tests."""

import pytest

from kreglint.testing import assert_penalties_match
from tests.runtime.conftest import keras  # noqa: F401  a fixture
from tests.runtime.models import dense

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def test_a_right_model_passes(keras):  # noqa: F811
    assert_penalties_match(dense(keras, kernel_regularizer="l2"))


def test_a_silent_regularizer_fails_with_the_report(keras):  # noqa: F811
    model = dense(keras)
    model.get_layer("d").kernel_regularizer = keras.regularizers.L2(0.1)
    with pytest.raises(AssertionError, match="KRG802 'd'"):
        assert_penalties_match(model)
