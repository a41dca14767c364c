"""`kreglint.testing` in a user's own tests."""

from functools import partial

import pytest

from kreglint.runtime.keras_objects import ModelError
from kreglint.testing import assert_layers_regularize, assert_penalties_match
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


@pytest.fixture
def layer(keras):  # noqa: F811
    """A layer of the user's own, whose parts a test may leave out."""

    class Own(keras.layers.Layer):
        hands_on, keeps, adds_again = True, True, False

        def __init__(self, units=4, kernel_regularizer=None, **options):
            super().__init__(**options)
            self.units = units
            self.given = keras.regularizers.get(kernel_regularizer)

        def build(self, input_shape):
            given = self.given if self.hands_on else None
            self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), regularizer=given)

        def call(self, inputs):
            if self.adds_again and self.given is not None:
                self.add_loss(self.given(self.kernel))
            return inputs @ self.kernel

        def get_config(self):
            kept = {"kernel_regularizer": keras.regularizers.serialize(self.given)} if self.keeps else {}
            return {**super().get_config(), "units": self.units, **kept}

    return Own


KERNEL = ("kernel_regularizer",)


class TestLayersRegularize:
    def test_those_of_keras_do(self, keras):  # noqa: F811
        assert_layers_regularize(partial(keras.layers.Dense, 4))  # kernel, bias and activity

    def test_so_does_a_layer_that_hands_its_regularizer_to_its_weight(self, layer):
        assert_layers_regularize(layer, arguments=KERNEL)

    @pytest.mark.parametrize(
        ("part", "value", "fault"),
        [
            ("hands_on", False, "Own: kernel_regularizer .*adds nothing: no weight of the layer has it"),
            ("keeps", False, "Own: kernel_regularizer .*lost by from_config"),
            ("adds_again", True, "Own: kernel_regularizer .*has its penalty twice"),
        ],
    )
    def test_others_are_told_with_what_is_wrong(self, layer, part, value, fault):
        setattr(layer, part, value)
        with pytest.raises(AssertionError, match=fault):
            assert_layers_regularize(layer, arguments=KERNEL)

    def test_one_that_does_nothing_with_what_it_takes_is_told(self, layer):
        class Forgets(layer):
            def __init__(self, kernel_regularizer=None):
                super().__init__()

        with pytest.raises(AssertionError, match=r"Forgets: kernel_regularizer is accepted and dropped"):
            assert_layers_regularize(Forgets, arguments=KERNEL)

    def test_one_that_cannot_be_made_again_is_told(self, layer):
        layer.get_config = lambda self: {"colour": "red"}
        with pytest.raises(AssertionError, match=r"is not kept|lost by from_config"):
            assert_layers_regularize(layer, arguments=KERNEL)

    def test_an_argument_that_raises_is_told(self, layer):
        with pytest.raises(AssertionError, match="Own: depth_regularizer raises"):
            assert_layers_regularize(layer, arguments=("depth_regularizer",))

    def test_what_is_no_layer_is_refused(self, keras):  # noqa: F811
        for given in (keras.layers.Dense, partial(dict, a=1)):
            with pytest.raises(ModelError, match=r"expected a (layer class|Keras layer)"):
                assert_layers_regularize(given, arguments=KERNEL)

    def test_an_input_that_does_not_fit_is_asked_for(self, keras):  # noqa: F811
        volume = partial(keras.layers.Conv3D, 2, 9)
        with pytest.raises(ModelError, match="give its input_shape"):
            assert_layers_regularize(volume, arguments=KERNEL)
