"""Examples of losses that leave penalties out in ways that one function does not show; for KRG601, and read by need."""

from __future__ import annotations

from kreglint.rules.examples import Bad, Good, Trained, network

_METHODS = """\
def distance(self, x, y):
    return {returned}

def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        loss = {loss}
    variables = self.trainable_variables
    gradients = tape.gradient({given}, variables)
    self.optimizer.apply_gradients(zip(gradients, variables))
    return {{"total": loss}}
"""
_HANDED = """\
def network():
    return keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])


class Trainer:
    def __init__(self, net, optimizer):
        self.net = net
        self.optimizer = optimizer

    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self.net(x))){more}
        gradients = tape.gradient({given}, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))


trainer = Trainer({made}, optimizers.SGD(1.0))
model, step = trainer.net, trainer.step
"""
_TWO = """\
def network():
    return keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])


class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = network()
        self.head = network()

    def call(self, x):
        return self.head(self.encoder(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
            loss += {added}
        gradients = tape.gradient({given}, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {{"total": loss}}


model = Pair()
model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
step = model.fit
"""
_SHOWN = """\
penalty = keras.metrics.Mean()
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x)))
        {row}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""
_SESSION = """\
images = tf.compat.v1.placeholder(tf.float32, (None, 784))
labels = tf.compat.v1.placeholder(tf.int64, (None,))
hidden = tf.keras.layers.Dense(64, activation="relu", kernel_regularizer=l2(1e-4))(images)
logits = tf.keras.layers.Dense(10)(hidden)
loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
{row}
train = tf.compat.v1.train.AdamOptimizer(1e-3).minimize({given})
"""
_ESTIMATOR = """\
def model_fn(features, labels, mode):
    network = tf.keras.Sequential([tf.keras.layers.Dense(64, kernel_regularizer=l2(1e-4)), tf.keras.layers.Dense(10)])
    logits = network(features)
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits){more}
    train = tf.compat.v1.train.AdamOptimizer(1e-3).minimize({given}, tf.compat.v1.train.get_global_step())
    return tf.compat.v1.estimator.EstimatorSpec(mode, loss=loss, train_op=train)
"""
_MINIMIZE = """\
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
optimizer = tf.compat.v1.train.GradientDescentOptimizer(1.0)


def step(x, y):
    optimizer.minimize(lambda: {loss})
"""
_ELSEWHERE = """\
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x)))
    gradients = tape.gradient(loss, model.trainable_variables)
    {applied}
    with tf.GradientTape() as tape:
        penalty = tf.add_n(model.losses)
    more = tape.gradient(penalty, model.trainable_variables)
    optimizer.apply_gradients(zip({given}, model.trainable_variables))
"""
_APPLIED = "optimizer.apply_gradients(zip(gradients, model.trainable_variables))"
_NOTHING = Trained("0", "tensorflow")
_ALL = Trained("0.2 * sum(abs(kernel))", "tensorflow")


def forgotten() -> tuple[Bad | Good, ...]:
    """Return the examples."""
    return (*_by_methods(), *_by_networks(), *_by_showing(), *_by_minimize(), *_elsewhere())


def _elsewhere() -> tuple[Good, ...]:
    """Steps that the penalties have a part in after all, beside the loss."""
    return (
        Good(_ELSEWHERE.format(applied=_APPLIED, given="more"), both=_ALL),
        Good(_ELSEWHERE.format(applied="norm = tf.linalg.global_norm(gradients)", given="more"), both=_ALL),
        Good(_ELSEWHERE.format(applied="pass", given="[a + b for a, b in zip(gradients, more)]"), both=_ALL),
    )


def _methods(**parts: str) -> str:
    return network(_METHODS.format(**parts))


def _by_methods() -> tuple[Bad | Good, ...]:
    distance, called = "tf.reduce_mean(tf.square(y - self(x)))", "self.distance(x, y)"
    return (
        Bad(
            _methods(returned=distance, loss=called, given="«loss»"),
            both=_NOTHING,
            fixed=_methods(returned=distance, loss=f"{called} + sum(self.losses)", given="loss"),
        ),
        Good(_methods(returned=f"{distance} + sum(self.losses)", loss=called, given="loss"), both=_ALL),
        Good(_methods(returned=distance, loss=f"{called} + tf.add_n(self.losses)", given="loss"), both=_ALL),
    )


def _by_networks() -> tuple[Bad | Good, ...]:
    return (
        Bad(
            _HANDED.format(more="", given="«loss»", made="network()"),
            both=_NOTHING,
            fixed=_HANDED.format(more=" + sum(self.net.losses)", given="loss", made="network()"),
        ),
        Good(_HANDED.format(more=" + sum(self.net.losses)", given="loss", made="network()"), both=_ALL),
        Good(_HANDED.format(more="", given="loss", made='keras.models.load_model("net.keras")')),
        Bad(
            _TWO.format(added="sum(self.encoder.losses)", given="«loss»"),
            both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
        ),
        Good(
            _TWO.format(added="sum(self.encoder.losses) + sum(self.head.losses)", given="loss"),
            both=Trained("0.2 * sum(abs(kernel0)) + 0.2 * sum(abs(kernel1))", "tensorflow"),
        ),
        Good(
            _TWO.format(added="sum(self.losses)", given="loss"),
            both=Trained("0.2 * sum(abs(kernel0)) + 0.2 * sum(abs(kernel1))", "tensorflow"),
        ),
    )


def _by_showing() -> tuple[Bad | Good, ...]:
    rows = ('tf.print("penalty", sum(model.losses))', "penalty.update_state(tf.add_n(model.losses))")
    loss = "loss = tf.reduce_mean(tf.square(y - model(x)))"
    shown = [_SHOWN.format(row=row, given="«loss»") for row in rows]
    mended = [_SHOWN.format(row=row, given="loss").replace(loss, f"{loss} + sum(model.losses)") for row in rows]
    return (
        *(Bad(code, both=_NOTHING, fixed=fixed) for code, fixed in zip(shown, mended, strict=True)),
        Good(_SHOWN.format(row="total = sum(model.losses)\n        loss += total", given="loss"), both=_ALL),
        Good(_SHOWN.format(row="total = loss + sum(model.losses)", given="total"), both=_ALL),
    )


def _by_minimize() -> tuple[Bad | Good, ...]:
    data = "tf.reduce_mean(tf.square(y - model(x)))"
    dense = 'dense = tf.keras.layers.Dense(64, activation="relu", kernel_regularizer=l2(1e-4))\nhidden = dense(images)'
    named = "\n".join(dense if row.startswith("hidden") else row for row in _SESSION.splitlines())
    by_hand = "loss += 1e-4 * tf.add_n([tf.nn.l2_loss(v) for v in tf.compat.v1.trainable_variables()])"
    spec = " + tf.add_n(network.losses)"
    return (
        Bad(
            _MINIMIZE.format(loss=f"«{data}»"),
            both=_NOTHING,
            fixed=_MINIMIZE.format(loss=f"{data} + sum(model.losses)"),
        ),
        Good(_MINIMIZE.format(loss=f"{data} + sum(model.losses)"), both=_ALL),
        Bad(_SESSION.format(row="summary = tf.compat.v1.summary.scalar('loss', loss)", given="«loss»")),
        Good(named.format(row="loss += tf.add_n(dense.losses)", given="loss")),
        Good(_SESSION.format(row=by_hand, given="loss")),
        Bad(
            _ESTIMATOR.format(more="", given="«loss»"),
            fixed=_ESTIMATOR.format(more=" + sum(network.losses)", given="loss"),
        ),
        Good(_ESTIMATOR.format(more=spec, given="loss")),
    )
