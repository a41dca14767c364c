"""Where `tf.nn.l2_loss` is a penalty on weights that keeps its half, and where it is not."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import functools\nimport tensorflow as tf\nfrom tensorflow.keras import layers, regularizers\n\n"
MODEL = "model = tf.keras.Sequential([layers.Dense(8), layers.Dense(1)])\nWD, data, rate = 1e-4, load(), 0.1\n"


def halves(body: str) -> list[str]:
    """The text at which a half is found."""
    text = IMPORTS + body
    return [text[each.span.start : each.span.end] for each in facts(text).halves.penalties]


def step(penalty: str, before: str = "") -> str:
    """A training step that adds a penalty to the loss of the data."""
    rows = [*before.splitlines(), "error = tf.reduce_mean(tf.square(model(x) - y))", f"loss = error + {penalty}"]
    return MODEL + "def step(x, y):\n" + "".join(f"    {row}\n" for row in [*rows, "return loss"])


SUM = "tf.add_n([tf.nn.l2_loss(v) for v in {}])"

ON_WEIGHTS = [
    "model.trainable_weights",
    "model.trainable_variables",
    "model.weights",
    "model.layers[0].trainable_weights",
    "model.get_layer('a').weights",
    "model.trainable_weights[:-1]",
    "list(model.trainable_weights)",
    "model.trainable_weights + model.layers[0].weights",
    "[model.layers[0].kernel, *model.layers[1].weights]",
    "[v for v in model.trainable_weights if 'bias' not in v.name]",
    "[tf.reshape(v, (-1,)) for v in model.trainable_weights]",
    "[layer.kernel for layer in model.layers if hasattr(layer, 'kernel')]",
    "(w for layer in model.layers for w in layer.trainable_weights)",
    "filter(lambda v: 'kernel' in v.name, model.trainable_weights)",
]


@pytest.mark.parametrize("weights", ON_WEIGHTS)
def test_a_sum_over_weights_that_joins_a_loss(weights):
    assert halves(step(f"WD * {SUM.format(weights)}")) == ["tf.nn.l2_loss"]


@pytest.mark.parametrize(
    ("penalty", "before"),
    [
        ("WD * sum(tf.nn.l2_loss(v) for v in model.trainable_weights)", ""),
        ("tf.reduce_sum([tf.nn.l2_loss(v) for v in model.trainable_weights]) * rate", ""),
        ("tf.multiply(WD, tf.nn.l2_loss(model.layers[0].kernel))", ""),
        ("WD * tf.nn.l2_loss(model.layers[0].kernel) / 3", ""),
        ("WD * tf.nn.l2_loss(tf.concat([tf.reshape(v, (-1,)) for v in model.trainable_weights], axis=0))", ""),
        ("WD * tf.nn.l2_loss(tf.concat(flat, 0))", "flat = [tf.reshape(v, [-1]) for v in model.trainable_weights]"),
        ("WD * tf.add_n(list(map(tf.nn.l2_loss, model.trainable_weights)))", ""),
        ("WD * sum(map(lambda v: tf.nn.l2_loss(v), model.trainable_weights))", ""),
        ("WD * penalty", "penalty = 0.0\nfor v in model.trainable_weights:\n    penalty += tf.nn.l2_loss(v)"),
        ("WD * penalty", "penalty = 0\nfor v in model.weights:\n    penalty = penalty + tf.nn.l2_loss(v)"),
        ("tf.add_n(all)", "all = []\nfor v in model.trainable_weights:\n    all.append(WD * tf.nn.l2_loss(v))"),
        ("WD * total", "kernels = [v for v in model.weights]\ntotal = tf.add_n([tf.nn.l2_loss(k) for k in kernels])"),
        ("WD * tf.nn.l2_loss(w)", "w, b = model.layers[0].weights"),
        ("WD * tf.nn.l2_loss(t=model.layers[0].kernel, name='l2')", ""),
        ("WD * tf.nn.l2_loss(tf.cast(model.layers[0].kernel, tf.float32))", ""),
    ],
)
def test_the_ways_to_write_it(penalty, before):
    assert halves(step(penalty, before)) == ["tf.nn.l2_loss"]


@pytest.mark.parametrize(
    "program",
    [
        (
            "def step(x, y):\n    loss = error(model(x), y)\n    for v in model.trainable_weights:\n"
            "        loss += WD * tf.nn.l2_loss(v)\n    return loss\n"
        ),
        (
            "def penalized(loss, net):\n    for v in net.trainable_variables:\n"
            "        loss = loss + WD * tf.nn.l2_loss(v)\n    return loss\n"
        ),
        (
            f"def penalty():\n    return {SUM.format('model.weights')}\n\n\n"
            "def step(x):\n    return error(x) + WD * penalty()\n"
        ),
        (
            f"def penalty(net):\n    return {SUM.format('net.weights')}\n\n\n"
            "def step(x):\n    return error(x) + WD * penalty(model)\n"
        ),
        (
            "def half(w):\n    return tf.nn.l2_loss(w)\n\n\ndef step(x):\n"
            "    return error(x) + WD * sum(half(w) for w in model.trainable_weights)\n"
        ),
        (
            f"def step(x):\n    losses = [error(x)]\n    losses.append(WD * {SUM.format('model.weights')})\n"
            "    return tf.add_n(losses)\n"
        ),
        f"def step(x):\n    return tf.add_n([error(x), WD * {SUM.format('model.weights')}])\n",
        f"model.add_loss(lambda: WD * {SUM.format('model.trainable_weights')})\n",
        f"def penalty():\n    return WD * {SUM.format('model.trainable_weights')}\n\n\nmodel.add_loss(penalty)\n",
        "for layer in model.layers:\n    layer.add_loss(WD * tf.nn.l2_loss(layer.kernel))\n",
        (
            "class Net(tf.keras.Model):\n    def train_step(self, data):\n        loss = self.error(data)\n"
            "        parts = []\n        for var in self.trainable_variables:\n            if 'bn' not in var.name:\n"
            "                parts.append(self.wd * tf.nn.l2_loss(var))\n        l2_loss = tf.math.add_n(parts)\n"
            "        loss += l2_loss\n        return loss\n"
        ),
        (
            "class Own(layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight(shape=shape)\n\n"
            "    def call(self, x):\n        self.add_loss(WD * tf.nn.l2_loss(self.w))\n        return x @ self.w\n"
        ),
        (
            "class Own(layers.Dense):\n    def call(self, x):\n        self.add_loss(WD * tf.nn.l2_loss(self.kernel))\n"
            "        return super().call(x)\n"
        ),
        (
            "class Net(tf.keras.Model):\n    def __init__(self):\n        super().__init__()\n"
            "        self.out = layers.Dense(3)\n\n"
            "    def call(self, x):\n        self.add_loss(WD * tf.nn.l2_loss(self.out.kernel))\n"
            "        return self.out(x)\n"
        ),
    ],
)
def test_a_penalty_through_names_functions_and_methods(program):
    assert halves(MODEL + program) == ["tf.nn.l2_loss"]


GIVEN = "layers.Dense(4, kernel_regularizer={})\n"
CLASS = (
    "class Half(regularizers.Regularizer):\n    def __init__(self, rate=0.1):\n        self.rate = rate\n\n"
    "    def __call__(self, w):\n        {}\n"
)


@pytest.mark.parametrize(
    "body",
    [
        "return self.rate * tf.nn.l2_loss(w)",
        "return tf.nn.l2_loss(w)",
        "penalty = tf.nn.l2_loss(w)\n        return self.rate * penalty",
        "all = 0.\n        if self.rate:\n            all += self.rate * tf.nn.l2_loss(w)\n        return all",
        "return tf.reduce_sum(tf.abs(w)) + tf.nn.l2_loss(w)",
        "return self.rate * tf.nn.l2_loss(tf.cast(w, 'float32'))",
        "return self.half(w)\n\n    def half(self, v):\n        return self.rate * tf.nn.l2_loss(v)",
        "import math\n        return tf.nn.l2_loss(\n            w  # the kernel\n        ) * self.rate",
    ],
)
def test_a_class_that_is_a_regularizer(body):
    assert halves(CLASS.format(body)) == ["tf.nn.l2_loss"]


@pytest.mark.parametrize(
    "program",
    [
        "def half(w):\n    return 0.1 * tf.nn.l2_loss(w)\n\n\n" + GIVEN.format("half"),
        GIVEN.format("lambda w: 0.1 * tf.nn.l2_loss(w)"),
        "half = lambda w: 0.1 * tf.nn.l2_loss(w)\n" + GIVEN.format("half"),
        "def half(rate, w):\n    return rate * tf.nn.l2_loss(w)\n\n\n" + GIVEN.format("functools.partial(half, 0.1)"),
        "def half(w, rate):\n    return rate * tf.nn.l2_loss(w)\n\n\n"
        + GIVEN.format("functools.partial(half, rate=0.1)"),
        "def l2(rate):\n    def half(w):\n        return rate * tf.nn.l2_loss(w)\n    return half\n\n\n"
        + GIVEN.format("l2(0.1)"),
        "def l2(rate):\n    return lambda w: rate * tf.nn.l2_loss(w)\n\n\n" + GIVEN.format("l2(0.1)"),
        "class Half:\n    def __call__(self, w):\n        return tf.nn.l2_loss(w)\n\n\n" + GIVEN.format("Half()"),
        "def half(w):\n    return tf.nn.l2_loss(w)\n\n\nkw = {'kernel_regularizer': half}\nlayers.Dense(4, **kw)\n",
        (
            "def half(w):\n    return tf.nn.l2_loss(w)\n\n\n"
            "Conv = functools.partial(layers.Conv2D, kernel_regularizer=half)\n"
        ),
        (
            "def half(w):\n    return tf.nn.l2_loss(w)\n\n\ndef conv(n, reg):\n"
            "    return layers.Conv2D(n, 3, kernel_regularizer=reg)\n\n\nconv(4, half)\n"
        ),
        (
            "def half(w):\n    return tf.nn.l2_loss(w)\n\n\nclass Own(layers.Layer):\n    def build(self, shape):\n"
            "        self.w = self.add_weight(shape=shape, regularizer=half)\n"
        ),
    ],
)
def test_a_function_that_a_layer_is_given(program):
    assert halves(program) == ["tf.nn.l2_loss"]


@pytest.mark.parametrize(
    ("penalty", "before"),
    [
        (f"2 * WD * {SUM.format('model.weights')}", ""),
        (f"WD * 2. * {SUM.format('model.weights')}", ""),
        (f"{SUM.format('model.weights')} * 2", ""),
        (f"{SUM.format('model.weights')} / 0.5", ""),
        (f"WD / 0.5 * {SUM.format('model.weights')}", ""),
        (f"tf.constant(2.0) * WD * {SUM.format('model.weights')}", ""),
        (f"tf.multiply(2.0, {SUM.format('model.weights')})", ""),
        (f"tf.cast(2, tf.float32) * {SUM.format('model.weights')}", ""),
        (f"two * {SUM.format('model.weights')}", "two = 2"),
        (f"doubled * {SUM.format('model.weights')}", "doubled = WD * 2"),
        (f"doubled * {SUM.format('model.weights')}", "doubled = WD\ndoubled *= 2"),
        (f"(WD + WD) * {SUM.format('model.weights')}", ""),
        ("WD * sum(2 * tf.nn.l2_loss(v) for v in model.trainable_weights)", ""),
        ("WD * (penalty + penalty)", f"penalty = {SUM.format('model.weights')}"),
        ("WD * penalty", f"penalty = {SUM.format('model.weights')}\npenalty *= 2"),
        ("WD * penalty", "penalty = 0.0\nfor v in model.weights:\n    penalty += 2 * tf.nn.l2_loss(v)"),
        ("tf.nn.l2_loss(model.layers[0].kernel) + tf.nn.l2_loss(model.layers[0].kernel)", ""),
        ("2 * sum(map(tf.nn.l2_loss, model.trainable_weights))", ""),
        ("2 * WD * half()", f"def half():\n    return {SUM.format('model.weights')}"),
    ],
)
def test_a_factor_of_two_makes_up_for_the_half(penalty, before):
    assert halves(step(penalty, before)) == []


@pytest.mark.parametrize(
    "program",
    [
        CLASS.format("return 2 * self.rate * tf.nn.l2_loss(w)"),
        CLASS.format("return self.rate * tf.nn.l2_loss(w) * 2.0"),
        CLASS.replace("self.rate = rate", "self.rate = 2 * rate").format("return self.rate * tf.nn.l2_loss(w)"),
        CLASS.replace("self.rate = rate", "self.rate = rate / 0.5").format("return self.rate * tf.nn.l2_loss(w)"),
        CLASS.format("return self.rate * self.half(w) * 2\n\n    def half(self, v):\n        return tf.nn.l2_loss(v)"),
        GIVEN.format("lambda w: 2 * 0.1 * tf.nn.l2_loss(w)"),
        "def l2(rate):\n    return lambda w: rate * tf.nn.l2_loss(w)\n\n\n" + GIVEN.format("l2(2 * 0.1)"),
        "def half(rate, w):\n    return 2 * rate * tf.nn.l2_loss(w)\n\n\n"
        + GIVEN.format("functools.partial(half, 0.1)"),
    ],
)
def test_a_regularizer_that_makes_up_for_the_half(program):
    assert halves(program) == []


@pytest.mark.parametrize(
    "program",
    [
        "def error(y, p):\n    return tf.nn.l2_loss(y - p)\n\n\nmodel.compile(loss=error)\n",
        "def step(x, y):\n    return 1.0 + tf.nn.l2_loss(model(x) - y)\n",
        "def step(x, y, other):\n    return other + WD * tf.nn.l2_loss(x)\n",
        (
            "def step(tape, loss, other):\n    gradients = tape.gradient(loss, model.weights)\n"
            "    return other + tf.add_n([tf.nn.l2_loss(g) for g in gradients])\n"
        ),
        "def step(x, other):\n    return other + tf.nn.l2_loss(tf.image.total_variation(x))\n",
        "def step(x, other):\n    return other + sum(tf.nn.l2_loss(p) for p in model(x))\n",
        (
            "optimizer = tf.keras.optimizers.Adam()\n\n\ndef step(other):\n"
            "    return other + sum(tf.nn.l2_loss(v) for v in optimizer.variables)\n"
        ),
        "def step(other, net):\n    return other + sum(tf.nn.l2_loss(v) for v in net.weights)\n",
        "def step(other, svm):\n    return other + tf.nn.l2_loss(svm.kernel)\n",
        "w = tf.Variable([1.0])\n\n\ndef step(other):\n    return other + tf.nn.l2_loss(w)\n",
        (
            "class Plain(tf.Module):\n    def step(self, other):\n"
            "        return other + sum(tf.nn.l2_loss(v) for v in self.trainable_variables)\n"
        ),
        "def step(other):\n    return other + sum(tf.nn.l2_loss(v) for v in tf.compat.v1.trainable_variables())\n",
        "class Own(layers.Layer):\n    def call(self, x):\n        self.add_loss(tf.nn.l2_loss(x))\n        return x\n",
        "layers.Dense(4, activity_regularizer=lambda x: 0.1 * tf.nn.l2_loss(x))\n",
        "def half(w):\n    return 0.1 * tf.nn.l2_loss(w)\n",
        "def half(w):\n    return 0.1 * tf.nn.l2_loss(w)\n\n\nhalf(data)\n",
    ],
)
def test_data_and_what_is_not_known_give_nothing(program):
    assert halves(MODEL + program) == []


@pytest.mark.parametrize(
    "program",
    [
        f"print({SUM.format('model.weights')})\n",
        f"tf.summary.scalar('norm', {SUM.format('model.weights')})\n",
        f"norm = {SUM.format('model.weights')}\n",
        f"def step(loss):\n    norm = tf.sqrt({SUM.format('model.weights')})\n    return loss + norm\n",
        f"def step(loss):\n    return loss * {SUM.format('model.weights')} ** 2\n",
        "def trust(layer_rate):\n    for v in model.weights:\n        layer_rate.assign(tf.nn.l2_loss(v))\n",
        (
            f"def step(loss):\n    penalty = {SUM.format('model.weights')}\n    print(penalty)\n"
            "    penalty = error(loss)\n    return loss + penalty\n"
        ),
        CLASS.format("print(tf.nn.l2_loss(w))\n        return tf.reduce_sum(w ** 2)"),
    ],
)
def test_what_joins_no_loss_is_no_penalty(program):
    assert halves(MODEL + program) == []


STEP_OF_ALL_KERNELS = """\
L2 = 1e-4


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        error = tf.reduce_mean(tf.square(model(x, training=True) - y))
        kernels = [tf.reshape(v, (-1,)) for v in model.trainable_variables if "kernel" in v.name]
        l2_loss = {} * tf.nn.l2_loss(tf.concat(kernels, axis=0))
        loss = error + l2_loss
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss
"""


@pytest.mark.parametrize(("factor", "found"), [("L2", 1), ("L2 * 2", 0), ("2 * L2", 0), ("L2 * 3", 1)])
def test_all_kernels_as_one_tensor(factor, found):
    assert len(halves(MODEL + STEP_OF_ALL_KERNELS.format(factor))) == found


def test_a_picture_and_the_size_of_a_step_are_no_weights():
    program = """\
vgg = tf.keras.applications.VGG19(include_top=False, weights=None)
relu4 = tf.keras.Model(vgg.input, vgg.get_layer("block4_conv2").output)


def content_loss(picture, painted):
    a, b = relu4(picture), relu4(painted)
    return tf.nn.l2_loss(a - b) / tf.cast(tf.size(a), tf.float32)


def step(picture):
    with tf.GradientTape() as tape:
        loss = 0.1 + content_loss(picture, model(picture, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    size = loss + tf.sqrt(tf.add_n([tf.nn.l2_loss(g) for g in gradients]))
    return loss, size
"""
    assert halves(MODEL + program) == []


def test_a_file_without_keras():
    text = (
        "import tensorflow as tf\n\n\ndef step(loss, net):\n"
        "    return loss + sum(tf.nn.l2_loss(v) for v in net.trainable_variables)\n"
    )
    assert facts(text).halves.penalties == ()


def test_where_a_failure_is_expected():
    program = f"import pytest\n\nwith pytest.raises(ValueError):\n    model.add_loss({SUM.format('model.weights')})\n"
    assert halves(MODEL + program) == []


@pytest.mark.parametrize(
    ("call", "doubled"),
    [
        ("l2_regularizer(0.1)", False),
        ("l2_regularizer(scale=2 * 0.1)", True),
        ("l2_regularizer(wd * 2.0)", True),
        ("l1_l2_regularizer(0.1, 2 * 0.1)", True),
        ("l1_regularizer(2 * 0.1)", False),
    ],
)
def test_a_factor_of_contrib_that_is_doubled(call, doubled):
    text = f"import tf_slim\nwd = 0.1\nmade = tf_slim.{call}\n"
    assert bool(facts(text).halves.doubled) is doubled
