"""Losses that leave a model's penalties out: through methods, networks handed on, one network of two, what is shown."""

from textwrap import dedent, indent

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import functools
import logging

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.regularizers import L2


def network_of(*more):
    return keras.Sequential([*more, layers.Dense(1)])


def network():
    return keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3)), layers.Dense(1)])


"""


def found(body: str, *select: str, version: str = "2.15") -> list[str]:
    """What the rules say of a program, each with the row's code."""
    settings = Settings(select=select or ("KRG601", "KRG614"), keras_version=version)
    source = IMPORTS + dedent(body).lstrip("\n")
    rows = source.splitlines()
    return [f"{each.code} {rows[each.location.row - 1].strip()}" for each in check_source(source, "a.py", settings)]


def forgotten(body: str) -> list[str]:
    """The networks whose losses are said to be left out."""
    settings = Settings(select=("KRG601",), keras_version="2.15")
    said = (each.message for each in check_source(IMPORTS + dedent(body).lstrip("\n"), "a.py", settings))
    return [each.partition(".losses is not added")[0] for each in said]


def network_class(method: str, step: str, more: str = "") -> str:
    return f"""\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, kernel_regularizer=L2(1e-3))
    def call(self, x):
        return self.dense(x)
    def compute_loss(self, x, y):
        return {method}
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = {step}
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {{"loss": loss}}
{indent(dedent(more), "    ")}
"""


DATA = "tf.reduce_mean(tf.square(y - self(x)))"
ESTIMATOR = """\
class Estimator(keras.Model):
    def __init__(self, summary, head):
        super().__init__()
        self.summary = summary
        self.head = head
    def call(self, x):
        return self.head(self.summary(x))
    def metrics_of(self, x, y):
        return {{"loss": tf.reduce_mean(tf.square(self(x, training=True) - y))}}
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            metrics = self.metrics_of(x, y)
            loss = metrics["loss"]
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {{"nll": loss}}
{made}
"""


PARTS_OF_VAE = ("encoder", "decoder")
VAE = """\
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.tracker = keras.metrics.Mean(name="total_loss")
    def train_step(self, data):
        with tf.GradientTape() as tape:
            z_mean, z_log_var = self.encoder(data)
            reconstruction = self.decoder(z_mean)
            loss = tf.reduce_mean(keras.losses.binary_crossentropy(data, reconstruction)) + tf.reduce_mean(z_log_var)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
        self.tracker.update_state(loss)
        return {{"loss": self.tracker.result()}}
images = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(32, 3, activation="relu", {encoder})(images)
x = layers.Flatten()(x)
encoder = keras.Model(images, [layers.Dense(2)(x), layers.Dense(2)(x)])
latent = keras.Input(shape=(2,))
x = layers.Dense(784, activation="relu", {decoder})(latent)
decoder = keras.Model(latent, x)
vae = VAE(encoder, decoder)
vae.compile(optimizer=keras.optimizers.Adam())
"""


class TestMethods:
    @pytest.mark.parametrize("step", ["self.compute_loss(x, y)", "2.0 * self.compute_loss(x, y)"])
    def test_a_step_that_calls_a_method_which_leaves_them_out(self, step):
        assert forgotten(network_class(DATA, step)) == ["self"]

    @pytest.mark.parametrize(
        ("method", "step"),
        [
            (f"{DATA} + sum(self.losses)", "self.compute_loss(x, y)"),
            (DATA, "self.compute_loss(x, y) + tf.add_n(self.losses)"),
            (f"{DATA} + self.penalty()", "self.compute_loss(x, y)"),
            ("super().compute_loss(x, y, self(x))", "self.compute_loss(x, y)"),
            ("self.compiled_loss(y, self(x), regularization_losses=self.losses)", "self.compute_loss(x, y)"),
        ],
    )
    def test_one_of_the_two_adds_them(self, method, step):
        penalty = "def penalty(self):\n    return tf.add_n(self.losses)"
        assert found(network_class(method, step, penalty)) == []

    def test_a_class_that_derives_adds_them(self):
        derived = f"class Other(Net):\n    def compute_loss(self, x, y):\n        return {DATA} + sum(self.losses)\n"
        assert found(network_class(DATA, "self.compute_loss(x, y)") + derived) == []

    def test_a_trainer_that_is_no_model(self):
        body = """
        class Trainer:
            def __init__(self):
                self.net = network()
                self.optimizer = keras.optimizers.Adam()
            def compute_loss(self, x, y):
                return tf.reduce_mean(tf.square(y - self.net(x))){more}
            def step(self, x, y):
                with tf.GradientTape() as tape:
                    loss = self.compute_loss(x, y)
                gradients = tape.gradient(loss, self.net.trainable_variables)
                self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))
        """
        assert forgotten(body.format(more="")) == ["self.net"]
        assert forgotten(body.format(more=" + sum(self.net.losses)")) == []


class TestHandedNetworks:
    TRAINER = """
    class Trainer:
        def __init__(self, net, optimizer):
            self.net = net
            self.optimizer = optimizer
        def step(self, x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(y - self.net(x, training=True))){more}
            gradients = tape.gradient(loss, self.net.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))
    {made}
    """

    def trainer(self, made: str, more: str = "") -> str:
        return dedent(self.TRAINER).format(made=dedent(made), more=more)

    @pytest.mark.parametrize(
        "made",
        [
            "Trainer(network(), keras.optimizers.Adam())",
            "net = network()\nTrainer(optimizer=keras.optimizers.Adam(), net=net)",
            "def main():\n    net = network()\n    Trainer(net, keras.optimizers.Adam())\nmain()",
            "Trainer(network(), keras.optimizers.Adam())\nTrainer(network(), keras.optimizers.SGD())",
        ],
    )
    def test_a_trainer_is_handed_one(self, made):
        assert forgotten(self.trainer(made)) == ["self.net"]
        assert forgotten(self.trainer(made, " + sum(self.net.losses)")) == []

    @pytest.mark.parametrize(
        "made",
        [
            "",
            "Trainer(keras.models.load_model('net'), keras.optimizers.Adam())",
            "Trainer(network(), None)\nTrainer(keras.models.load_model('net'), None)",
            "Trainer(keras.Sequential([layers.Dense(1)]), None)",
            "Trainer(*make())",
            "net = network()\nnet.trainable = False\nTrainer(net, None)",
        ],
    )
    def test_what_it_is_handed_is_not_known_or_has_no_penalty(self, made):
        assert forgotten(self.trainer(made)) == []

    @pytest.mark.parametrize(
        "made",
        [
            "Estimator(network(), layers.Dense(2))",
            "Estimator(head=layers.Dense(2, kernel_regularizer=L2(1e-3)), summary=keras.Sequential())",
            "summary = network()\nestimator = Estimator(summary, layers.Dense(2))\nestimator.compile('adam')",
        ],
    )
    def test_a_model_is_handed_its_networks_and_takes_its_loss_from_a_dict(self, made):
        assert found(ESTIMATOR.format(made=made)) == [
            "KRG601 gradients = tape.gradient(loss, self.trainable_variables)"
        ]

    @pytest.mark.parametrize(
        "made",
        ["", "Estimator(layers.Dense(3), layers.Dense(2))", "Estimator(load(), load())", "Estimator(layers.Dense(3))"],
    )
    def test_a_model_is_handed_none_with_a_penalty(self, made):
        assert found(ESTIMATOR.format(made=made)) == []

    def test_a_network_that_is_kept_and_never_called_is_no_part(self):
        body = ESTIMATOR.format(made="Estimator(network(), layers.Dense(2))")
        assert found(body.replace("self.head(self.summary(x))", "self.head(x)")) == []

    @pytest.mark.parametrize("made", ["Regressor(inputs, outputs)", "Regressor(inputs=inputs, outputs=outputs)"])
    @pytest.mark.parametrize(
        "init", ["", "    def __init__(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)\n"]
    )
    def test_a_functional_model_of_a_class_of_ones_own(self, made, init):
        body = f"""\
class Regressor(keras.Model):
{init}    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = tf.reduce_mean(tf.math.squared_difference(y, y_pred)){{more}}
        return loss
def build():
    inputs = keras.Input((10,))
    outputs = layers.Dense(10, kernel_regularizer=L2(0.01))(inputs)
    return {made}
model = build()
"""
        assert found(body.format(more="")) == ["KRG614 return loss"]
        assert found(body.format(more=" + tf.add_n(self.losses)")) == []

    @pytest.mark.parametrize("regularized", ["encoder", "decoder"])
    def test_two_functional_models_of_the_same_rows(self, regularized):
        decay = {each: "kernel_regularizer='l2'" if each == regularized else "name='d'" for each in PARTS_OF_VAE}
        assert forgotten(VAE.format(**decay)) == ["self"]
        assert forgotten(VAE.format(encoder="name='e'", decoder="name='d'")) == []

    def test_a_constructor_that_makes_no_functional_model(self):
        body = """
        class Regressor(keras.Model):
            def __init__(self, a, b):
                super().__init__()
                self.names = (a.name, b.name)
            def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                return tf.reduce_mean(y - y_pred)
        def build():
            inputs = keras.Input((10,))
            outputs = layers.Dense(10, kernel_regularizer=L2(0.01))(inputs)
            return Regressor(inputs, outputs)
        """
        assert found(body) == []


class TestOneOfTwoNetworks:
    LOOP = """
    {before}
    encoder = {encoder}
    head = {head}
    optimizer = keras.optimizers.Adam()
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - head(encoder(x))))
            {added}
        variables = encoder.trainable_variables + head.trainable_variables
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
    """

    def loop(self, added: str, encoder: str = "network()", head: str = "network()", before: str = "") -> str:
        return dedent(self.LOOP).format(
            added=added.replace("\n", "\n        "), encoder=encoder, head=head, before=dedent(before)
        )

    @pytest.mark.parametrize(
        ("added", "expected"),
        [
            ("loss += tf.add_n(encoder.losses)", ["head"]),
            ("loss += sum(head.losses)", ["encoder"]),
            ("pass", ["encoder", "head"]),
            ("loss += sum(encoder.losses) + sum(head.losses)", []),
            ("loss += tf.add_n(encoder.losses + head.losses)", []),
            ("loss += sum([*encoder.losses, *head.losses])", []),
            ("for net in (encoder, head):\n    loss += sum(net.losses)", []),
            ("loss += penalty(encoder, head)", []),
        ],
    )
    def test_those_whose_losses_are_not_added(self, added, expected):
        before = "def penalty(*nets):\n    return sum(sum(net.losses) for net in nets)\n"
        assert forgotten(self.loop(added, before=before)) == expected

    @pytest.mark.parametrize(
        "variables",
        [
            "[encoder.trainable_variables, head.trainable_variables]",
            "[*encoder.trainable_weights, *head.trainable_weights]",
            "head.trainable_variables",
        ],
    )
    def test_the_variables_are_given_in_another_way(self, variables):
        body = self.loop("loss += sum(encoder.losses)")
        assert forgotten(body.replace("tape.gradient(loss, variables)", f"tape.gradient(loss, {variables})")) == [
            "head"
        ]

    def test_a_network_that_is_the_other_one(self):
        assert forgotten(self.loop("loss += sum(encoder.losses)", head="encoder")) == []

    @pytest.mark.parametrize(
        ("before", "head"),
        [
            ("@functools.lru_cache\ndef kept():\n    return network()", "kept()"),
            ("ONLY = network()\ndef kept():\n    return ONLY", "kept()"),
            ("def kept(net=network()):\n    return net", "kept()"),
            ("SHARED = layers.Dense(3, kernel_regularizer='l2')\ndef kept():\n    return network_of(SHARED)", "kept()"),
            ("class Kept:\n    net = network()\ndef kept():\n    return Kept.net", "kept()"),
        ],
    )  # fmt: skip
    def test_a_maker_that_may_give_the_same_again_is_not_judged(self, before, head):
        assert forgotten(self.loop("loss += sum(encoder.losses)", encoder=head, head=head, before=before)) == []

    def test_a_maker_that_keeps_all_that_it_makes(self):
        before = """\
            MADE = []
            def kept():
                net = network()
                MADE.append(net)
                return net
        """
        added = "for net in MADE:\n    loss += sum(net.losses)"
        assert forgotten(self.loop(added, encoder="kept()", head="kept()", before=before)) == []

    PAIR = """
    class Pair(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder = {encoder}
            self.head = {head}
        def call(self, x):
            return self.head(self.encoder(x))
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
                loss += {added}
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            return {{"loss": loss}}
    model = Pair()
    """

    @pytest.mark.parametrize(
        ("added", "expected"),
        [
            ("sum(self.encoder.losses)", ["self.head"]),
            ("sum(self.head.losses)", ["self.encoder"]),
            ("sum(self.losses)", []),
            ("sum(self.encoder.losses + self.head.losses)", []),
            ("sum(self.encoder.losses) + tf.add_n([tf.nn.l2_loss(w) for w in self.head.trainable_weights])", []),
        ],
    )
    def test_two_networks_of_one_model(self, added, expected):
        assert forgotten(self.PAIR.format(added=added, encoder="network()", head="network()")) == expected

    def test_a_layer_is_forgotten_too(self):
        head = "layers.Dense(1, kernel_regularizer=L2(0.1))"
        added = "sum(self.encoder.losses)"
        assert forgotten(self.PAIR.format(added=added, encoder="network()", head=head)) == ["self.head"]
        assert forgotten(self.PAIR.format(added=added, encoder="network()", head="layers.Dense(1)")) == []

    def test_each_network_pays_for_itself(self):
        body = """
        task, critic = network(), network()
        encoder = network()
        def step(x, y):
            with tf.GradientTape() as one, tf.GradientTape() as other, tf.GradientTape() as last:
                z = encoder(x)
                task_loss = tf.reduce_mean(tf.square(y - task(z)))
                critic_loss = tf.reduce_mean(critic(z))
                encoder_loss = task_loss - 0.1 * critic_loss
                task_loss += sum(task.losses)
                critic_loss += sum(critic.losses)
                encoder_loss += sum(encoder.losses)
            steps = ((one, task_loss, task), (other, critic_loss, critic), (last, encoder_loss, encoder))
            for tape, loss, net in steps:
                gradients = tape.gradient(loss, net.trainable_variables)
        """
        assert found(body) == []


class TestShown:
    STEP = """
    model = network()
    optimizer = keras.optimizers.Adam()
    metric = keras.metrics.Mean()
    seen = []
    log = logging.getLogger(__name__)
    class Keeper:
        def update_state(self, value):
            self.kept = value
    keeper = Keeper()
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - model(x)))
            {inside}
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        {after}
        return loss
    """

    def step(self, inside: str = "pass", after: str = "pass") -> str:
        deeper = "\n" + " " * 8
        return dedent(self.STEP).format(inside=inside.replace("\n", deeper), after=after.replace("\n", deeper[:5]))

    ROWS = (
        "tf.print('penalty', sum(model.losses))",
        "print(f'{sum(model.losses):.3f}')",
        "tf.summary.scalar('penalty', tf.add_n(model.losses), step=0)",
        "metric.update_state(sum(model.losses))",
        "metric(tf.add_n(model.losses))",
        "logging.info('penalty %s', sum(model.losses))",
        "log.debug('penalty %s', float(sum(model.losses)))",
        "seen.append(float(tf.add_n(model.losses)))\nprint(seen[-1])",
        "penalty = sum(model.losses)\nprint(loss, penalty)",
        "total = loss + sum(model.losses)\ntf.print(total)",
        "for each in model.losses:\n    print(each.numpy())",
        "print([float(each) for each in model.losses])",
    )

    @pytest.mark.parametrize("rows", ROWS)
    def test_what_is_only_shown_is_not_added(self, rows):
        assert forgotten(self.step(inside=rows)) == ["model"]
        assert forgotten(self.step(after=rows)) == ["model"]

    @pytest.mark.parametrize(
        "rows",
        [
            "loss += sum(model.losses)",
            "penalty = sum(model.losses)\nprint(penalty)\nloss = loss + penalty",
            "seen.append(sum(model.losses))\nloss += seen[-1]",
            "keeper.update_state(sum(model.losses))\nloss += keeper.kept",
            "strange.update_state(sum(model.losses))\nloss += strange.result()",
            "loss += metric(sum(model.losses))",
            "for each in model.losses:\n    loss += each",
            "parts = [loss]\nparts += model.losses\nloss = tf.add_n(parts)",
            "parts = list(model.losses)\nparts.append(loss)\nloss = tf.add_n(parts)",
            "model.penalty = sum(model.losses)\nloss += model.penalty",
            "global total\ntotal = sum(model.losses)\nloss += more()",
            "loss += outside(sum(model.losses))",
            "loss = tf.debugging.check_numerics(loss + sum(model.losses), 'loss')",
            "penalty = sum(model.losses)\nlater = lambda: penalty\nloss += later()",
            "loss = tf.cond(True, lambda: loss + sum(model.losses), lambda: loss)",
        ],
    )
    def test_what_may_come_into_the_loss_is_more_than_shown(self, rows):
        more = "def more():\n    return total\n"
        assert forgotten(more + dedent(self.step(inside=rows))) == []

    def test_no_gradient_goes_through_what_a_metric_keeps(self):
        assert forgotten(self.step("metric.update_state(sum(model.losses))\nloss += metric.result()")) == ["model"]

    def test_what_a_helper_gives_back_is_more_than_shown(self):
        helper = "def penalty():\n    p = sum(model.losses)\n    print(p)\n    return {}\n"
        assert forgotten(helper.format("p") + dedent(self.step("loss += penalty()"))) == []
        assert forgotten(helper.format("None") + dedent(self.step("penalty()"))) == ["model"]


class TestComputeLoss:
    RANKER = """
    class Ranker(keras.Model):
        def __init__(self, decay=1e-4):
            super().__init__()
            self.tower = keras.Sequential([layers.Dense(64, kernel_regularizer=L2(decay)), layers.Dense(1)])
            self.tracker = keras.metrics.Mean()
        def call(self, pair):
            better, worse = pair
            return self.tower(better) - self.tower(worse)
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            {body}
        {more}
    ranker = Ranker()
    ranker.compile(optimizer="adam")
    """

    def ranker(self, body: str, more: str = "") -> str:
        return dedent(self.RANKER).format(body=body.replace("\n", "\n        "), more=more.replace("\n", "\n    "))

    @pytest.mark.parametrize(
        "body",
        [
            "return tf.reduce_mean(tf.nn.relu(1.0 - y_pred))",
            "loss = tf.reduce_mean(tf.nn.relu(1.0 - y_pred))\nreturn loss",
            "loss = tf.reduce_mean(1.0 - y_pred)\nself.tracker.update_state(sum(self.losses))\nreturn loss",
        ],
    )
    def test_it_leaves_them_out(self, body):
        assert [each[:6] for each in found(self.ranker(body))] == ["KRG614"]

    @pytest.mark.parametrize(
        "body",
        [
            "return tf.reduce_mean(1.0 - y_pred) + sum(self.losses)",
            "loss = tf.reduce_mean(1.0 - y_pred)\nloss += tf.add_n(self.losses)\nreturn loss",
            "loss = tf.reduce_mean(1.0 - y_pred)\nfor each in self.losses:\n    loss += each\nreturn loss",
            "return tf.reduce_mean(1.0 - y_pred) + sum(self.tower.losses)",
            "return super().compute_loss(x, y, y_pred, sample_weight)",
            "return super().compute_loss(x=x, y=y, y_pred=y_pred) + tf.reduce_mean(y_pred)",
            "return tf.reduce_mean(1.0 - y_pred) + sum(self._get_regularization_losses())",
            "return self.compiled_loss(y, y_pred, sample_weight, regularization_losses=self.losses)",
            "return tf.reduce_mean(1.0 - y_pred) + self.penalty()",
            "if training:\n    return tf.reduce_mean(y_pred) + sum(self.losses)\nreturn tf.reduce_mean(y_pred)",
            "return outside(self, y_pred)",
            "return None",
            "yield tf.reduce_mean(1.0 - y_pred)",
        ],
    )
    def test_it_adds_them_or_may(self, body):
        penalty = "def penalty(self):\n    return tf.add_n(self.losses)"
        assert found(self.ranker(body, penalty)) == []

    @pytest.mark.parametrize(
        "more",
        [
            "def train_step(self, data):\n    return step(self, data)",
            "@property\ndef losses(self):\n    return []",
            "def _compute_loss(self, *args, **kwargs):\n    return self.compute_loss(*args) + sum(self.losses)",
            "def start(self):\n    self.compute_loss = self.other",
        ],
    )
    def test_fit_may_minimise_something_else(self, more):
        assert found(self.ranker("return tf.reduce_mean(1.0 - y_pred)", more)) == []

    def test_a_class_that_derives_may_add_them(self):
        derived = (
            "class Other(Ranker):\n    def compute_loss(self, *args, **kwargs):\n"
            "        return super().compute_loss(*args, **kwargs) + sum(self.losses)\n"
        )
        assert found(self.ranker("return tf.reduce_mean(1.0 - y_pred)") + derived) == []

    def test_a_model_without_penalties_has_none_to_add(self):
        body = self.ranker("return tf.reduce_mean(1.0 - y_pred)").replace("kernel_regularizer=L2(decay)", "'relu'")
        assert found(body) == []

    def test_before_2_8_fit_does_not_call_it(self):
        body = self.ranker("return tf.reduce_mean(1.0 - y_pred)")
        assert found(body, "KRG614", version="2.7") == []
        assert found(body, "KRG614", version="2.8") != []
        assert found(body, "KRG614", version="3.15") != []


class TestMinimize:
    GRAPH = """
    x = tf.compat.v1.placeholder(tf.float32, (None, 4))
    y = tf.compat.v1.placeholder(tf.float32, (None, 2))
    dense = layers.Dense(8, kernel_regularizer=L2(1e-3))
    hidden = {hidden}
    out = layers.Dense(2)(hidden)
    loss = tf.reduce_mean(tf.square(y - out))
    {more}
    optimizer = tf.compat.v1.train.AdamOptimizer(1e-3)
    given = optimizer.{minimize}
    optimizer.apply_gradients(given)
    """

    def graph(
        self, *, hidden: str = "layers.Dense(8, kernel_regularizer=L2(1e-3))(x)", more: str = "pass",
        minimize: str = "minimize(loss)",
    ) -> str:  # fmt: skip
        return dedent(self.GRAPH).format(hidden=hidden, more=more, minimize=minimize)

    @pytest.mark.parametrize("hidden", ["layers.Dense(8, kernel_regularizer=L2(1e-3))(x)", "dense(x)"])
    @pytest.mark.parametrize(
        "minimize", ["minimize(loss)", "minimize(loss=loss, global_step=None)", "compute_gradients(loss)"]
    )
    def test_layers_of_a_graph(self, hidden, minimize):
        assert [each[:6] for each in found(self.graph(hidden=hidden, minimize=minimize))] == ["KRG601"]

    @pytest.mark.parametrize(
        "more",
        [
            "loss += tf.compat.v1.losses.get_regularization_loss()",
            "loss = tf.compat.v1.losses.get_total_loss()",
            "loss += tf.add_n(tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES))",
            "loss += 1e-4 * tf.add_n([tf.nn.l2_loss(v) for v in tf.compat.v1.trainable_variables()])",
            "loss += 1e-4 * tf.nn.l2_loss(dense.kernel)",
            "loss += tf.add_n(dense.losses)",
        ],
    )
    def test_a_graph_whose_loss_has_a_penalty(self, more):
        assert found(self.graph(hidden="dense(x)", more=more), "KRG601") == []

    def test_a_graph_of_which_some_variables_are_trained(self):
        assert found(self.graph(minimize="minimize(loss, var_list=[v])")) == []

    def test_a_graph_without_penalties(self):
        assert found(self.graph(hidden="layers.Dense(8)(x)")) == []

    ESTIMATOR = """
    def model_fn(features, labels, mode):
        net = {net}
        logits = net(features)
        loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits){more}
        optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.1)
        train = optimizer.minimize(loss, global_step=tf.compat.v1.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)
    """

    def test_the_model_of_an_estimator(self):
        assert forgotten(self.ESTIMATOR.format(net="network()", more="")) == ["net"]
        assert forgotten(self.ESTIMATOR.format(net="network()", more=" + tf.add_n(net.losses)")) == []
        assert forgotten(self.ESTIMATOR.format(net="keras.models.load_model('a')", more="")) == []

    @pytest.mark.parametrize(
        ("optimizer", "call"),
        [
            ("tf.compat.v1.train.AdamOptimizer()", "minimize(lambda: tf.reduce_mean(y - model(x)){more})"),
            ("keras.optimizers.Adam()", "minimize(lambda: tf.norm(y - model(x)){more}, model.trainable_variables)"),
            ("keras.optimizers.Adam()", "minimize(loss_of_it, var_list=model.trainable_variables)"),
        ],
    )  # fmt: skip
    def test_a_function_that_is_minimised(self, optimizer, call):
        body = f"""\
model = network()
optimizer = {optimizer}
def step(x, y):
    def loss_of_it():
        return tf.reduce_mean(y - model(x)){{more}}
    optimizer.{call}
"""
        assert forgotten(body.format(more="")) == ["model"]
        assert forgotten(body.format(more=" + sum(model.losses)")) == []

    def test_a_tape_that_is_given(self):
        body = """
        model = network()
        optimizer = keras.optimizers.Adam()
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(y - model(x)){more}
            optimizer.minimize(loss, model.trainable_variables, tape=tape)
        """
        assert forgotten(body.format(more="")) == ["model"]
        assert forgotten(body.format(more=" + sum(model.losses)")) == []

    def test_an_optimizer_that_is_not_known(self):
        body = "model = network()\ndef step(optimizer, x):\n    optimizer.minimize(lambda: tf.reduce_mean(model(x)))\n"
        assert found(body) == []
