"""A loss without penalties says nothing where it trains nothing, or where the penalties train the model elsewhere."""

from textwrap import dedent

import pytest

from kreglint.engine.api import check_source
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of

IMPORTS = """\
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

"""
MODEL = """\
def build():
    return keras.Sequential([layers.Dense(8, kernel_regularizer="l2"), layers.Dense(1)])


model = build()
optimizer = keras.optimizers.SGD(0.1)
mse = keras.losses.MeanSquaredError()

"""
STEP = """\
def step(x, y):
    with tf.GradientTape() as tape:
        loss = mse(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    {rest}

"""
APPLY = "optimizer.apply_gradients(zip(grads, model.trainable_variables))"
SETTINGS = Settings(select=("KRG601", "KRG614"), keras_version="2.15")


def found(program: str) -> list[str]:
    return [each.code for each in check_source(IMPORTS + dedent(program), "a.py", SETTINGS)]


def with_step(rest: str = APPLY, more: str = "", model: str = MODEL) -> list[str]:
    return found(model + STEP.format(rest=dedent(rest).strip().replace("\n", "\n    ")) + dedent(more))


class TestGradients:
    @pytest.mark.parametrize(
        "rest",
        [
            APPLY,
            "optimizer.apply(grads, model.trainable_variables)",
            "grads, norm = tf.clip_by_global_norm(grads, 1.0)\n" + APPLY,
            "grads = [tf.clip_by_norm(g, 1.0) for g in grads]\n" + APPLY,
            "optimizer.apply_gradients((g, v) for g, v in zip(grads, model.trainable_variables) if g is not None)",
            "for g, v in zip(grads, model.trainable_variables):\n    tf.summary.histogram(v.name, g)\n" + APPLY,
            APPLY + "\nreturn {'loss': loss, 'norm': tf.linalg.global_norm(grads)}",
            "pairs = list(zip(grads, model.trainable_variables))\noptimizer.apply_gradients(pairs)",
            "assert grads[0] is not None\n" + APPLY,
            "grads = optimizer.get_unscaled_gradients(grads)\n" + APPLY,
        ],
    )
    def test_that_go_to_an_optimizer(self, rest):
        assert with_step(rest) == ["KRG601"]

    @pytest.mark.parametrize(
        "rest",
        [
            "return loss, grads\n\nfor x, y in data:\n    value, grads = step(x, y)\n    " + APPLY,
            "train(grads)\n\ndef train(grads):\n    " + APPLY,
        ],
    )
    def test_that_go_there_by_another_function(self, rest):
        steps, _, more = rest.partition("\n\n")
        assert with_step(steps, more) == ["KRG601"]

    @pytest.mark.parametrize(
        "rest",
        [
            "return grads",
            "return [tf.square(g) for g in grads]",  # the Fisher information of elastic weight consolidation
            "return tf.linalg.global_norm(grads)",
            "for g in grads:\n    assert tf.reduce_all(tf.math.is_finite(g))",
            "return -tf.add_n([tf.reduce_sum(a * b) for a, b in zip(grads, direction)])",
            "keep(grads)\n" + APPLY,
            "store.grads = grads\n" + APPLY,
            "monitor.apply(grads)",
            "print(grads)\ngrads = other(x)\n" + APPLY,
            "grads = [g + 0.1 * v for g, v in zip(grads, model.trainable_variables)]\n" + APPLY,
            "grads += more\n" + APPLY,
            "grads[0] += more\n" + APPLY,
            "model.optimizer.scale(grads)\n" + APPLY,
            "optimizer.apply_gradients(zip(grads, target.trainable_variables))",
            "for v, g in zip(model.trainable_variables, grads):\n    v.assign_add(0.05 * g)",
        ],
    )
    def test_that_go_elsewhere(self, rest):
        assert with_step(rest) == []

    def test_an_own_optimizer_may_add_the_penalty(self):
        own = """
        class Decaying(keras.optimizers.SGD):
            def apply_gradients(self, pairs):
                super().apply_gradients([(g + 0.1 * v, v) for g, v in pairs])
        """
        assert with_step(more=own) == []

    def test_of_a_graph(self):
        graph = """
        tf = tf.compat.v1
        def model_fn(features, labels, mode):
            net = keras.Sequential([layers.Dense(3, kernel_regularizer="l2")])
            loss = tf.losses.mean_squared_error(labels, net(features))
            optimizer = tf.train.AdamOptimizer()
            pairs = optimizer.compute_gradients(loss)
            {used}
        """
        assert found(graph.format(used="return optimizer.apply_gradients(pairs)")) == ["KRG601"]
        assert found(graph.format(used="return pairs")) == []
        second = "rest = optimizer.compute_gradients(tf.add_n(net.losses))\n    "
        both = "return tf.group(optimizer.apply_gradients(pairs), optimizer.apply_gradients(rest))"
        assert found(graph.format(used=f"{second}    {both}")) == []


class TestAnotherStep:
    @pytest.mark.parametrize(
        "more",
        [
            """
            def regularize():
                with tf.GradientTape() as tape:
                    penalty = 16.0 * tf.add_n(model.losses)
                grads = tape.gradient(penalty, model.trainable_variables)
                optimizer.apply_gradients(zip(grads, model.trainable_variables))
            """,
            """
            def whole(x, y):
                with tf.GradientTape() as tape:
                    loss = mse(y, model(x)) + tf.add_n(model.losses)
                grads = tape.gradient(loss, model.trainable_variables)
                optimizer.apply_gradients(zip(grads, model.trainable_variables))
            """,
            "optimizer.minimize(lambda: sum(model.losses), model.trainable_variables)",
            """
            def penalty(net):
                return sum(net.losses)
            print(penalty(model) + 1)
            """,
            "model.compile('sgd', 'mse')\nmodel.fit(X, Y)",
            "model.train_on_batch(X, Y)",
            "fresh = build()\nfresh.compile('sgd', 'mse')\nfresh.fit(X, Y)",  # the same code makes it
            "both = keras.Sequential([model, layers.Dense(2)])\nboth.fit(X, Y)",
            """
            for layer in model.layers:
                if layer.kernel_regularizer is not None:
                    shrink(layer.kernel, 0.1 * layer.kernel_regularizer.l2)
            """,
            "for v in model.trainable_variables:\n    v.assign(v * 0.99)",
            "model.layers[0].kernel.assign_sub(0.1)",
            "model.set_weights([w * 0.99 for w in model.get_weights()])",
            "import mytraining\nmytraining.run(model)",
            "for layer in model.layers:\n    keep(tf.add_n(layer.losses))",
        ],
    )
    def test_may_train_by_the_penalties(self, more):
        assert with_step(more=more) == []

    @pytest.mark.parametrize(
        "more",
        [
            "print(sum(model.losses))",
            "model.compile('sgd', 'mse')\nmodel.evaluate(X, Y)\nmodel.predict(X)",
            "model.load_weights('w.h5')\nmodel.save('m.keras')",
            "target = build()\nfor a, b in zip(target.weights, model.weights):\n    a.assign(0.9 * a + 0.1 * b)",
            "for v in model.trainable_variables:\n    v.assign(v.constraint(v))",
            "other = keras.Sequential([layers.Dense(2)])\nother.compile('sgd', 'mse')\nother.fit(X, Y)",
        ],
    )
    def test_does_not(self, more):
        assert with_step(more=more) == ["KRG601"]

    PENALTY = """
    with tf.GradientTape() as tape:
        penalty = sum(model.losses)
    more = tape.gradient(penalty, model.trainable_variables)
    optimizer.apply_gradients(zip({}, model.trainable_variables))
    """

    def test_in_the_same_function(self):
        assert with_step(APPLY + dedent(self.PENALTY.format("more"))) == []
        assert with_step(self.PENALTY.format("[a + b for a, b in zip(grads, more)]")) == []

    def test_what_is_logged_later_is_only_shown(self):
        assert with_step(APPLY + "\nreturn {'total': loss + sum(model.losses)}") == ["KRG601"]

    @pytest.mark.parametrize(
        ("second", "number"),
        [("sum(model.losses)", 0), ("tf.reduce_mean(model(x))", 2), ("mse(y, model(x)) + sum(model.losses)", 0)],
    )
    def test_two_losses_that_are_minimized(self, second, number):
        program = f"""
        def train(x, y):
            optimizer.minimize(lambda: mse(y, model(x)), model.trainable_variables)
            optimizer.minimize(lambda: {second}, model.trainable_variables)
        """
        assert len(found(MODEL + dedent(program))) == number


NET = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, kernel_regularizer="l2")

    def call(self, x):
        return self.dense(x)

    def {name}(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((y - self(x, training=True)) ** 2)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        {rest}


net = Net()
net.compile("sgd", "mse")
net.fit(ds)
"""


class TestOwnModels:
    def test_fit_that_runs_the_step_itself(self):
        assert found(NET.format(name="train_step", rest="return {'total': loss}")) == ["KRG601"]

    def test_fit_that_runs_the_step_of_keras(self):
        assert found(NET.format(name="pretrain", rest="return loss")) == []

    def test_the_step_of_keras_at_the_end(self):
        assert found(NET.format(name="train_step", rest="return super().train_step(data)")) == []

    def test_a_step_that_only_evaluates_may_add_them(self):
        tested = NET.format(name="train_step", rest="return {'total': loss}").replace(
            "    def train_step",
            "    def test_step(self, data):\n        return {'loss': sum(self.losses)}\n\n    def train_step",
        )
        assert found(tested) == ["KRG601"]

    def test_a_penalty_in_a_second_part_of_the_step(self):
        rest = (
            "with tf.GradientTape() as tape:\n            penalty = tf.add_n(self.losses)\n"
            "        grads = tape.gradient(penalty, self.trainable_variables)\n"
            "        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))\n"
            "        return {'total': loss + penalty}"
        )
        assert found(NET.format(name="train_step", rest=rest)) == []


TRAINING = """\
class Trainer:
    def __init__(self):
        self.model = build()

    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = mse(y, self.model(x))
        grads = tape.gradient(loss, self.model.trainable_variables)
        optimizer.apply_gradients(zip(grads, self.model.trainable_variables))

    def fit(self, ds):
        for x, y in ds:
            {row}


trainer = Trainer()
trainer.fit(ds)
"""


@pytest.mark.parametrize(
    ("row", "number"),
    [("self.step(x, y)", 1), ("self.step(x, y); self.model.fit(x, y)", 0), ("shrink(self.model.layers)", 0)],
)
def test_a_method_of_its_own_by_the_name_of_fit(row, number):
    assert len(found(MODEL + TRAINING.format(row=row))) == number


class TestLayers:
    @pytest.mark.parametrize("given", ["trainable=False", "trainable=not FREEZE", "trainable=flag()"])
    def test_that_are_made_frozen(self, given):
        dense = f'layers.Dense(8, kernel_regularizer="l2", {given})'
        model = "FREEZE = True\n" + MODEL.replace('layers.Dense(8, kernel_regularizer="l2")', dense)
        assert with_step(model=model) == []

    def test_that_are_made_trainable(self):
        dense = 'layers.Dense(8, kernel_regularizer="l2", trainable=True)'
        assert with_step(model=MODEL.replace('layers.Dense(8, kernel_regularizer="l2")', dense)) == ["KRG601"]

    def test_of_a_frozen_model(self):
        frozen = MODEL.replace("layers.Dense(1)])", "layers.Dense(1)], trainable=False)")
        assert with_step(model=frozen) == []

    def test_of_a_functional_model(self):
        functional = """
        inputs = keras.Input((3,))
        hidden = layers.Dense(3, kernel_regularizer="l2", trainable=False)(inputs)
        model = keras.Model(inputs, layers.Dense(1)(hidden))
        """
        assert with_step(model=MODEL + dedent(functional)) == []
        assert with_step(model=MODEL + dedent(functional).replace(", trainable=False", "")) == ["KRG601"]

    def test_of_a_graph(self):
        graph = """
        def model_fn(features, labels, mode):
            hidden = layers.Dense(3, kernel_regularizer="l2"{given})(features)
            loss = tf.compat.v1.losses.mean_squared_error(labels, layers.Dense(1)(hidden))
            return tf.compat.v1.train.AdamOptimizer().minimize(loss)
        """
        assert found(graph.format(given="")) == ["KRG601"]
        assert found(graph.format(given=", trainable=False")) == []

    def test_that_lose_their_regularizers_before_they_are_built(self):
        model = MODEL + 'model = keras.Sequential([layers.Dense(3, kernel_regularizer="l2")])\n'
        cleared = "for layer in model.layers:\n    layer.kernel_regularizer = None\n"
        built = "model.build((None, 3))\n"
        assert with_step(model=model + cleared + built) == []
        assert with_step(model=model + built + cleared) == ["KRG601"]


TRAINER = """\
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Trainer:
    def __init__(self):
        self.model = keras.Sequential([layers.Dense(3, kernel_regularizer="l2"), layers.Dense(1)])
        self.optimizer = keras.optimizers.SGD()

    def loss(self, x, y):
        return tf.reduce_mean((y - self.model(x)) ** 2)

    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss(x, y)
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.model.trainable_variables))
"""
OWN_LOSS = """\
from tensorflow import keras
from tensorflow.keras import layers


class Base(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, kernel_regularizer="l2")

    def call(self, x):
        return self.dense(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean((y - y_pred) ** 2)
"""


def in_project(text: str, **files: str) -> list[str]:
    paths = {f"/{name}.py": each for name, each in files.items()}
    run = run_of(MadeProject({"/main.py": text} | paths, ()))
    settings = Settings(select=("KRG601", "KRG614"), keras_version="3.15")
    return [each.code for each in check(text, "/main.py", settings, run)]


class TestOtherFiles:
    @pytest.mark.parametrize(
        "derived",
        [
            "    def loss(self, x, y):\n        return super().loss(x, y) + sum(self.model.losses)\n",
            "    def step(self, x, y):\n        pass\n",
            "    def more(self):\n        return sum(self.model.losses)\n",
        ],
    )
    def test_a_derived_class_that_overrides_a_part_of_the_step(self, derived):
        assert in_project(TRAINER, other=f"from main import Trainer\n\n\nclass Own(Trainer):\n{derived}") == []

    def test_a_derived_class_that_does_not(self):
        derived = "import main\n\n\nclass Own(main.Trainer):\n    def report(self):\n        print(self.model)\n"
        assert in_project(TRAINER, other=derived) == ["KRG601"]

    def test_one_that_derives_from_a_derived_class(self):
        first = "from main import Trainer\n\n\nclass First(Trainer):\n    pass\n"
        second = "from first import First\n\n\nclass Second(First):\n    def loss(self, x, y):\n        return 0.0\n"
        assert in_project(TRAINER, first=first) == ["KRG601"]
        assert in_project(TRAINER, first=first, second=second) == []

    def test_a_mixin_may_override_the_loss_of_a_model(self):
        derived = "from main import Base\nfrom mixin import Own\n\n\nclass Net(Own, Base):\n    pass\n"
        assert in_project(OWN_LOSS) == ["KRG614"]
        assert in_project(OWN_LOSS, other=derived) == []

    def test_a_derived_class_with_another_model(self):
        derived = "class Plain(Trainer):\n    def __init__(self):\n        super().__init__()\n        {}\n"
        plain = derived.format("self.model = keras.Sequential([layers.Dense(3)])")
        assert found(TRAINER + plain) == []
        assert found(TRAINER + derived.format("self.name = 'plain'")) == ["KRG601"]


class TestComputeLoss:
    @pytest.mark.parametrize(
        ("more", "number"),
        [
            ("", 1),
            ("net = Base()\nnet.compile('sgd')\nnet.fit(X, Y)\n", 1),
            ("net = Base()\nloss = net.compute_loss(X, Y, net(X)) + sum(net.losses)\n", 0),
            ("net = Base()\nnet.compile('sgd')\nnet.fit(X, Y)\nprint(net.compute_loss(X, Y, net(X)))\n", 1),
        ],
    )
    def test_only_fit_minimizes_it(self, more, number):
        assert len(found(OWN_LOSS + more)) == number


PAIR = """\
class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.online = keras.Sequential([layers.Dense(3, kernel_regularizer="l2")])
        self.target = keras.Sequential([layers.Dense(3, kernel_regularizer="l2")])

    def call(self, x):
        return self.online(x)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            wanted = self.target(x)
            loss = tf.reduce_mean((self.online(x) - {wanted}) ** 2) + tf.add_n(self.online.losses)
        grads = tape.gradient(loss, self.trainable_variables, unconnected_gradients="zero")
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {{"total": loss}}
"""


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("wanted", 1), ("tf.stop_gradient(wanted)", 0), ("tf.stop_gradient(tf.square(wanted))", 0)],
)
def test_a_network_behind_a_stopped_gradient_is_not_trained(wanted, number):
    assert len(found(PAIR.format(wanted=wanted))) == number


def test_a_network_that_is_only_called_where_its_gradient_is_stopped():
    program = PAIR.format(wanted="tf.stop_gradient(self.target(x))").replace(
        "            wanted = self.target(x)\n", ""
    )
    assert found(program) == []


def test_two_networks_whose_gradients_have_one_name():
    program = """
    class Adversaries(keras.Model):
        def __init__(self, judge, painter):
            super().__init__()
            self.judge = judge
            self.painter = painter

        def train_step(self, real):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(self.judge(real)) - tf.reduce_mean(self.judge(self.painter(noise)))
            grads = tape.gradient(loss, self.judge.trainable_weights)
            self.optimizer.apply_gradients(zip(grads, self.judge.trainable_weights))
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(self.judge(self.painter(noise)))
            grads = tape.gradient(loss, self.painter.trainable_weights)
            self.optimizer.apply_gradients(zip(grads, self.painter.trainable_weights))
            return {"loss": loss}


    def judge():
        return keras.Sequential([layers.Dense(8, kernel_regularizer="l2"), layers.Dense(1)])


    def painter():
        return keras.Sequential([layers.Dense(8, kernel_regularizer="l2"), layers.Dense(3)])


    pair = Adversaries(judge(), painter())
    pair.compile("sgd")
    pair.fit(ds)
    """
    assert found(program) == ["KRG601", "KRG601"]
