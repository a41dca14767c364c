"""Checks 4 and 7: what a step of training does with the penalties."""

import numpy as np
import pytest

import kreglint
from tests.runtime.models import codes, compiled, dense, messages, values

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def model_with_step(keras, loss_of, **arguments):
    """A model whose train_step minimises what `loss_of(model, data loss)` gives."""
    import tensorflow

    class Stepped(keras.Model):
        def train_step(self, data):
            x, y = data
            with tensorflow.GradientTape() as tape:
                data_loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2)
                loss = loss_of(self, data_loss)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss}

    entry = keras.layers.Input((4,))
    hidden = keras.layers.Dense(5, "tanh", kernel_regularizer="l2", bias_regularizer="l1", name="h", **arguments)(entry)
    output = keras.layers.Dense(2, kernel_regularizer=keras.regularizers.L1L2(1e-3, 1e-4), name="o")(hidden)
    return compiled(Stepped(entry, output))


def test_a_step_that_adds_the_losses_once_is_right(keras):
    found = kreglint.verify(model_with_step(keras, lambda model, loss: loss + sum(model.losses)))
    assert found.ok, repr(found)
    assert "counts each of 3 penalties once" in found.training.detail


def test_a_step_that_forgets_the_losses(keras):
    found = kreglint.verify(model_with_step(keras, lambda model, loss: loss))
    assert codes(found) == ["KRG803"]
    assert "counts all 3 penalties not at all" in messages(found)
    assert found.findings[0].place.filename.endswith("test_training.py")


def test_a_step_that_counts_them_twice(keras):
    found = kreglint.verify(model_with_step(keras, lambda model, loss: loss + 2 * sum(model.losses)))
    assert codes(found) == ["KRG804"]
    assert "counts all 3 penalties twice" in messages(found)


def test_a_step_that_scales_them(keras):
    found = kreglint.verify(model_with_step(keras, lambda model, loss: 0.5 * (loss + sum(model.losses))))
    assert codes(found) == ["KRG801"]
    assert "counts all 3 penalties 0.5 times" in messages(found)


def test_a_step_that_leaves_out_one_of_them(keras):
    found = kreglint.verify(model_with_step(keras, lambda model, loss: loss + sum(model.get_layer("h").losses)))
    assert codes(found) == ["KRG803"]
    assert "'o' (Dense) kernel: a step of training counts its penalty not at all" in messages(found)


def test_compute_loss_that_forgets_the_losses(keras):
    class Own(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return keras.losses.MeanSquaredError()(y, y_pred)

    entry = keras.layers.Input((4,))
    found = kreglint.verify(compiled(Own(entry, keras.layers.Dense(2, kernel_regularizer="l2")(entry))))
    assert codes(found) == ["KRG803"]
    assert "compute_loss counts them not at all" in found.training.detail


def test_dropout_does_not_disturb(keras):
    layers = [
        keras.layers.Input((4,)),
        keras.layers.Dense(8, kernel_regularizer="l2"),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(2, kernel_regularizer="l1"),
    ]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert found.training.status == "match"
    assert found.ok, repr(found)


def test_batch_normalization_keeps_its_statistics(keras):
    layers = [keras.layers.Input((4,)), keras.layers.BatchNormalization(gamma_regularizer="l2", name="bn")]
    model = compiled(keras.Sequential(layers))
    before = [np.array(each) for each in model.get_weights()]
    assert kreglint.verify(model).ok
    assert all(map(np.array_equal, before, model.get_weights()))


def test_a_function_compiled_before_sees_the_changed_lambda(keras):
    import tensorflow

    class Compiled(keras.Model):
        @tensorflow.function
        def gradients(self, x, y):
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + sum(self.losses)
            return tape.gradient(loss, self.trainable_variables)

        def train_step(self, data):
            gradients = self.gradients(*data)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {}

    entry = keras.layers.Input((4,))
    model = compiled(Compiled(entry, keras.layers.Dense(2, kernel_regularizer="l2")(entry)))
    model.gradients(np.ones((2, 4), "float32"), np.ones((2, 2), "float32"))
    found = kreglint.verify(model)
    assert found.training.status == "match"


@pytest.mark.parametrize("seed", [1, 15, 22, 31])  # of weights of which all, or all but one, have clipped gradients
def test_clipped_gradients_are_not_judged(keras, seed):
    import tensorflow

    class Clipping(keras.Model):
        def train_step(self, data):
            x, y = data
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + sum(self.losses)
            gradients = [
                tensorflow.clip_by_value(each, -1e-3, 1e-3) for each in tape.gradient(loss, self.trainable_variables)
            ]
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {}

    keras.utils.set_random_seed(seed)
    entry = keras.layers.Input((4,))
    found = kreglint.verify(compiled(Clipping(entry, keras.layers.Dense(2, kernel_regularizer="l2")(entry))))
    assert codes(found) == []
    assert found.training.status == "not-checked"
    assert any("clipping" in each.why for each in found.not_checked)


def test_a_model_that_is_not_compiled_is_not_trained(keras):
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2, kernel_regularizer="l2")])
    found = kreglint.verify(model)
    assert found.training.status == "not-checked"
    assert ("training", "the model is not compiled") in [(each.what, each.why) for each in found.not_checked]


def test_a_train_step_that_cannot_be_fed_says_why(keras):
    class Picky(keras.Model):
        def train_step(self, data):
            raise KeyError("expected a dictionary of graphs")

    entry = keras.layers.Input((4,))
    found = kreglint.verify(compiled(Picky(entry, keras.layers.Dense(2, kernel_regularizer="l2")(entry))))
    assert codes(found) == []
    assert any("KeyError: 'expected a dictionary of graphs'" in each.why for each in found.not_checked)


def test_data_of_the_user_feed_the_model(keras):
    seen = []

    class Notes(keras.Model):
        def train_step(self, data):
            seen.append(np.asarray(data[0]))
            return super().train_step(data)

    entry = keras.layers.Input((4,))
    model = compiled(Notes(entry, keras.layers.Dense(2, kernel_regularizer="l2")(entry)))
    x, y = np.full((3, 4), 7.0, "float32"), np.zeros((3, 2), "float32")
    assert kreglint.verify(model, data=[(x, y)] and iter([(x, y)])).training.status == "match"
    assert all((each == 7.0).all() for each in seen)


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"])
def test_targets_fit_the_loss(keras, loss):
    layers = [keras.layers.Input((4,)), keras.layers.Dense(3, "softmax", kernel_regularizer="l2")]
    assert kreglint.verify(compiled(keras.Sequential(layers), loss)).training.status == "match"


def test_an_embedding_is_fed_indices(keras):
    layers = [
        keras.layers.Input((6,)),
        keras.layers.Embedding(9, 3, embeddings_regularizer="l2"),
        keras.layers.Flatten(),
    ]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert found.ok, repr(found)
    assert found.training.status == "match"


def test_the_share_of_a_penalty_is_told(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer="l2"))
    (kernel,) = (each for each in found.penalties if each.variable == "kernel")
    assert 0 < kernel.share < 1


def test_a_penalty_that_dominates_on_the_users_data_is_warned_of(keras):
    model = dense(keras, kernel_regularizer=keras.regularizers.L2(100.0))
    x = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
    found = kreglint.verify(model, data=(x, x[:, :3]))
    assert codes(found) == ["KRG807"]
    assert "'d' (Dense) kernel: the penalty's gradient is" in messages(found)


def test_on_made_up_data_that_is_only_a_hint(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer=keras.regularizers.L2(100.0)))
    assert [(each.code, each.severity) for each in found.findings] == [("KRG807", "info")]
    assert found.ok


def test_the_share_is_the_ratio_of_the_gradients(keras):
    model = dense(keras, kernel_regularizer=keras.regularizers.L2(0.1), use_bias=False)
    x = np.random.default_rng(0).normal(size=(8, 4))
    (row,) = kreglint.verify(model, data=(x.astype("float32"), np.zeros((8, 3), "float32"))).penalties
    (kernel,) = (np.asarray(each, "float64") for each in model.get_weights())
    data_gradient = 2.0 / 24 * x.T @ (x @ kernel)
    assert row.share == pytest.approx(np.linalg.norm(0.2 * kernel) / np.linalg.norm(data_gradient), rel=1e-4)


def test_a_model_without_a_loss_for_its_data_has_no_share(keras):
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3, kernel_regularizer="l2")])
    model.compile("sgd")
    found = kreglint.verify(model)
    assert (found.training.status, found.findings) == ("match", ())
    assert {each.share for each in found.penalties} == {None}


def test_a_loss_scale_and_clipped_norms_leave_what_is_counted(keras):
    layer = keras.layers.Dense(3, kernel_regularizer="l2", bias_regularizer="l1", dtype="mixed_float16")
    model = keras.Sequential([keras.layers.Input((4,)), layer])
    model.compile(optimizer=keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam(clipnorm=1.0)), loss="mse")
    found = kreglint.verify(model)
    assert found.ok, repr(found)
    assert found.training.status == "match"


def model_moved_by_hand(keras, penalties, move):
    """A model whose train_step moves its weights by `move(gradients, variables)`, past the model's optimizer."""
    import tensorflow

    class ByHand(keras.Model):
        def train_step(self, data):
            x, y = data
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + penalties(self)
            move(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {}

    entry = keras.layers.Input((4,))
    return compiled(ByHand(entry, keras.layers.Dense(2, kernel_regularizer="l2", bias_regularizer="l1")(entry)))


def descend(gradients, variables):
    for gradient, variable in zip(gradients, variables, strict=True):
        variable.assign_sub(1e-3 * gradient)


def test_weights_moved_by_hand_without_the_losses(keras):
    model = model_moved_by_hand(keras, lambda _: 0.0, descend)
    before = values(model)
    found = kreglint.verify(model)
    assert codes(found) == ["KRG803"]
    assert all(map(np.array_equal, before, values(model)))


def test_weights_moved_by_hand_with_the_losses(keras):
    found = kreglint.verify(model_moved_by_hand(keras, lambda model: sum(model.losses), descend))
    assert codes(found) == []
    assert any("it is counted; how often is not known" in each.why for each in found.not_checked)


def test_an_optimizer_that_the_model_does_not_hold(keras):
    hidden = keras.optimizers.SGD(0.01)

    def step(gradients, variables):
        hidden.apply_gradients(zip(gradients, variables, strict=True))

    assert codes(kreglint.verify(model_moved_by_hand(keras, lambda _: 0.0, step))) == ["KRG803"]


@pytest.mark.parametrize(("forgets", "expected"), [(False, []), (True, ["KRG803"])])
def test_data_that_only_the_train_step_takes(keras, forgets, expected):
    """As a GAN's: it is called with noise and trained with images."""
    import tensorflow

    class Gan(keras.Model):
        def __init__(self):
            super().__init__()
            self.maker = keras.Sequential(
                [keras.layers.Input((4,)), keras.layers.Dense(6, kernel_regularizer="l2", name="maker")]
            )
            self.judge = keras.Sequential(
                [keras.layers.Input((6,)), keras.layers.Dense(1, kernel_regularizer="l2", name="judge")]
            )
            self.second = keras.optimizers.Adam()

        def call(self, noise):
            return self.judge(self.maker(noise))

        def train_step(self, data):
            real = data[0] if isinstance(data, tuple) else data
            fake = self.maker(tensorflow.random.normal((2, 4)))
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean(self.judge(real) - self.judge(fake)) + sum(self.judge.losses)
            weights = self.judge.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean(self(tensorflow.random.normal((2, 4))))
                loss += 0.0 if forgets else sum(self.maker.losses)
            weights = self.maker.trainable_variables
            self.second.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return {}

    model = Gan()
    model(np.ones((1, 4), "float32"))
    found = kreglint.verify(compiled(model), data=np.ones((2, 6), "float32"))
    assert codes(found) == expected, repr(found)
    assert found.prediction.status == "not-checked"
