"""Names that something else has, in code, strings or keywords, take no fact away: what is done to this object does."""

from __future__ import annotations

import pytest

from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of
from tests.analysis.reading import facts
from tests.analysis.test_fitted import in_rows

IMPORTS = "import keras\nimport tensorflow as tf\nfrom keras.layers import Dense\nfrom keras.regularizers import l2\n\n"
MODEL = "model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])\n"
OTHER = "other = keras.Sequential([keras.Input((3,)), Dense(4)])\n"


class TestFrozen:
    FREEZE = f"{MODEL}{OTHER}model.trainable = False\n"

    @pytest.mark.parametrize(
        "more",
        [
            "other.trainable = True",
            "for layer in other.layers:\n    layer.trainable = True",
            "setattr(other, 'trainable', True)",
            "setattr(model, 'note', True)",
            "def unfreeze(net):\n    net.trainable = True\nunfreeze(other)",
            "unfreeze = None",
            "setattr = unfreeze = 'trainable'",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_trains_something_else(self, more, layout):
        assert len(facts(layout(IMPORTS + self.FREEZE + more)).late.frozen) == 1

    @pytest.mark.parametrize(
        "more",
        [
            "model.trainable = True",
            "model.layers[-1].trainable = True",
            "for layer in model.layers:\n    layer.trainable = True",
            "outer = keras.Sequential([model])\nouter.trainable = True",
            "nets = [model]\nnets[0].trainable = flag",
            "setattr(model, 'trainable', True)",
            "setattr(model, name, True)",
            "vars(model)[name] = True",
            "model.__dict__[name] = True",
            "def thaw(net):\n    net.trainable = True\nthaw(model)",
            "import outside\noutside.thaw(model)",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_may_train_this_model(self, more, layout):
        assert facts(layout(IMPORTS + self.FREEZE + more)).late.frozen == ()


class TestUnlogged:
    NET = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = Dense(2)
        {made}
    def call(self, x):
        return self.d(x)
    def train_step(self, data):
        loss = tf.reduce_mean(self(data))
        {told}
        return {{"loss": loss}}
model = Net()
model.compile('sgd', 'mse')
"""

    def found(self, told: str, made: str = "pass", more: str = "") -> int:
        return len(facts(IMPORTS + self.NET.format(made=made, told=told) + more).training.unlogged)

    @pytest.mark.parametrize(
        ("told", "made"),
        [
            ("metric_name = 'metrics'", "pass"),
            ("update_state = tracker = None", "pass"),
            ("tf.print(loss)", "pass"),
            ("self.tracker.append(loss)", "self.tracker = []"),
            ("other.metrics", "pass"),
            ("shown = loss / 2", "self.metric_names = ['loss']"),
        ],
    )
    def test_names_that_tell_no_metric(self, told, made):
        assert self.found(told, made) == 1

    @pytest.mark.parametrize(
        ("told", "made"),
        [
            ("self.seen.update_state(loss)", "self.seen = keras.metrics.Mean('loss')"),
            ("pass", "self.seen = keras.metrics.Mean('loss')"),
            ("self.seen(\n            loss\n        )", "self.seen = outside.mean()"),
            ("mean.update_state(loss)", "mean = keras.metrics.Mean()"),
            ("[each.update_state(loss) for each in self.metrics]", "pass"),
            ("self.compiled_metrics.update_state(data, loss)", "pass"),
            ("net = self; net.metrics[0](loss)", "pass"),
            ("getattr(self, name)(loss)", "pass"),
            ("self.tell(loss)", "self.tell = outside.tell"),
            ("return super().train_step(data)", "pass"),
        ],
    )
    def test_what_may_tell_one(self, told, made):
        assert self.found(told, made) == 0

    def test_a_metric_that_a_function_of_the_file_is_given_the_loss_for(self):
        told, made = "self.tell(loss)", "pass\n    def tell(self, loss):\n        {}"
        assert self.found(told, made.format("print(loss)")) == 1
        assert self.found(told, made.format("SEEN(loss)"), "SEEN = keras.metrics.Mean()\n") == 0


class TestReplicas:
    STEP = """\
strategy = tf.distribute.MirroredStrategy()
optimizer = keras.optimizers.SGD(0.1)
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.nn.compute_average_loss(y - model(x))
        loss += sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    {more}
    optimizer.apply_gradients(zip(gradients, model.trainable_variables){given})
def train(x, y):
    {run}strategy.run(step, args=(x, y))
"""

    def found(self, more: str = "pass", given: str = "", run: str = "") -> int:
        source = IMPORTS + MODEL + self.STEP.format(more=more, given=given, run=run)
        return len(facts(source).training.replicas)

    @pytest.mark.parametrize(
        "more",
        [
            "scale_ = aggregate = None",
            "shown = strategy.num_replicas_in_sync",
            "tf.print('ReduceOp', 'all_reduce')",
            "context = tf.distribute.get_replica_context()",
        ],
    )
    def test_names_that_divide_nothing(self, more):
        assert self.found(more) == self.found(given=", name='step'") == 1

    @pytest.mark.parametrize(
        ("more", "given", "run"),
        [
            ("gradients = [each / 8 for each in gradients]", "", ""),
            ("gradients = context.all_reduce('mean', gradients)", "", ""),
            ("pass", ", experimental_aggregate_gradients=False", ""),
            ("pass", ", **options", ""),
            ("return gradients", "", "given = "),
            ("return loss, gradients", "", "return "),
        ],
    )
    def test_gradients_that_may_be_divided(self, more, given, run):
        assert self.found(more, given, run) == 0


class TestTapes:
    STEP = """\
def step(x, y{given}):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(y - model(x))
        {more}
    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
"""

    def found(self, more: str, given: str = "", head: str = "") -> int:
        more = more.replace("\n", "\n        ")
        return len(facts(IMPORTS + MODEL + OTHER + head + self.STEP.format(more=more, given=given)).training.tapes)

    @pytest.mark.parametrize(
        "more",
        [
            "weight_decay = decay = 0.5",
            "penalty = regularized = l2_loss = None",
            "names = ['losses', 'kernel', 'penalty', 'get_weights']",
            "loss += sum(other.losses)",
            "shown = other.get_weights()",
            "optimizer.weight_decay = 0.1",
            "beta = 0.1\nloss += beta * tf.norm(model(x))",
            "loss *= scale",
            "reg_loss = tf.norm(model(x))\nloss = loss + 0.1 * reg_loss",
            "total_losses = [loss, tf.norm(model(x))]\nloss = tf.add_n(total_losses)",
        ],
    )
    def test_names_and_other_models_add_no_penalty(self, more):
        assert self.found(more) == self.found(in_rows(more)) == 1

    def test_a_layer_of_the_file_that_is_not_of_the_model(self):
        own = "class Own(keras.layers.Layer):\n    def call(self, x):\n        return x + sum(self.losses)\n"
        assert self.found("pass", head=own) == 1
        assert self.found("pass", head=f"{own}model = keras.Sequential([Own(), Dense(1)])\n") == 0

    @pytest.mark.parametrize(
        ("more", "given"),
        [
            ("loss += penalty", ", penalty"),
            ("loss = loss + extra", ", extra"),
            ("loss = 0.1 * extra + loss", ", extra"),
            ("loss += tf.cast(extra, tf.float32)", ", extra"),
            ("loss = tf.add_n([loss, extra])", ", extra"),
            ("more = loss + extra\nloss = more", ", extra"),
            ("loss += logs['extra']", ", logs"),
            ("loss += trainer.extra", ", trainer"),
            ("loss += outside.EXTRA", ""),
            ("loss = add(loss, extra)", ", extra"),
            ("loss += objective(y)", ""),
            ("loss += sum(tf.norm(w) for w in model.get_weights())", ""),
            ("loss += tf.norm(model.layers[0].kernel)", ""),
            ("loss += model.layers[0].kernel_regularizer(1)", ""),
            ("loss += getattr(model, name)", ""),
            ("loss += tf.compat.v1.losses.get_regularization_loss()", ""),
        ],
    )
    def test_what_may_be_a_penalty(self, more, given):
        head = "import outside\ndef add(a, b):\n    return a + b\n"
        head += (
            "class Objective:\n    def __call__(self, y):\n        return y + outside.EXTRA\nobjective = Objective()\n"
        )
        assert self.found(more, given, head) == self.found(in_rows(more), given, head) == 0


class TestLate:
    SET = f"{MODEL}{OTHER}model.layers[0].kernel_regularizer = l2(0.3)\n"

    @pytest.mark.parametrize(
        "more",
        [
            "copy = keras.models.clone_model(other)",
            "copy = keras.Model.from_config(other.get_config())",
            "loaded = keras.models.load_model('m.keras')",
            "loaded = keras.models.model_from_json(text)",
            "other.add_loss(lambda: 0.1)",
            "keras.models.save_model(other, 'm.keras')",
            "other.layers[0].built = False",
            "class Own(keras.layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight()",
            "class Own(keras.layers.Layer):\n    def from_config(cls, config):\n        return cls()",
            "class Own(keras.layers.Layer):\n    def call(self, x):\n        self.add_loss(1.0)\n        return x",
            "print(other.layers[0].kernel_regularizer, model.layers[0].kernel_regularizer)",
            "clone_model = from_config = add_loss = None",
            "keras.utils.plot_model(model)",
            "outer = keras.Sequential([model])",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_reads_another_layer_again(self, more, layout):
        assert len(facts(layout(IMPORTS + self.SET + more)).late.assignments) == 1

    @pytest.mark.parametrize(
        "more",
        [
            "copy = keras.models.clone_model(model)",
            "import copy\nother = copy.deepcopy(model)",
            "keras.models.save_model(model, 'm.keras')",
            "model.add_loss(lambda: model.layers[0].kernel_regularizer(1))",
            "penalty = model.layers[0].kernel_regularizer(model.layers[0].kernel)",
            "model.layers[0].built = False",
            "setattr(model.layers[0], name, False)",
            "getattr(model, 'get_config')()",
            "for each in (model, other):\n    each.save('m')",
            "outer = keras.Sequential([model])\nouter.save('m')",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_may_read_this_one(self, more, layout):
        assert facts(layout(IMPORTS + self.SET + more)).late.assignments == ()

    def test_what_a_function_above_does_when_it_is_called_later(self):
        above = "def keep(net):\n    net.save('m.keras')\n"
        assert facts(IMPORTS + above + self.SET + "keep(model)\n").late.assignments == ()
        assert len(facts(IMPORTS + above + self.SET + "keep(other)\n").late.assignments) == 1

    def test_what_the_same_loop_does_the_next_time(self):
        body = "for _ in range(2):\n    model.get_config()\n    model.layers[0].kernel_regularizer = l2(0.3)\n"
        assert facts(IMPORTS + MODEL + body).late.assignments == ()
        assert len(facts(IMPORTS + MODEL + "model.get_config()\n" + self.SET).late.assignments) == 1


CALLBACK = """\
class Change(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.layers[0].kernel_regularizer.l2 = 0.5
"""


class TestTraced:
    FITTED = f"{MODEL}{OTHER}model.compile('sgd')\nmodel.fit(1, 2, callbacks=[Change()])\n"

    @pytest.mark.parametrize(
        ("more", "number"),
        [
            ("other.compile('sgd', run_eagerly=True)", 1),
            ("other.run_eagerly = True", 1),
            ("other.compile(**options)", 1),
            ("run_eagerly = train_function = None", 1),
            ("model.compile('sgd', run_eagerly=True)", 0),
            ("net = [model]\nnet[0].run_eagerly = True", 0),
            ("model.compile(**options)", 0),
            ("tf.config.run_functions_eagerly(True)", 0),
            ("from tensorflow.config import run_functions_eagerly as eager\neager(True)", 0),
            ("model.train_function = None", 0),
            ("class Net(keras.Sequential):\n    def fit(self, *given):\n        pass\n", 1),
            ("class Net(keras.Sequential):\n    def fit(self, *given):\n        pass\nmodel = Net([])\n", 0),
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_may_have_the_step_traced_anew(self, more, number, layout):
        assert len(facts(layout(IMPORTS + CALLBACK + self.FITTED + more)).late.traced) == number


class TestRegistered:
    OURS = """\
from keras.regularizers import Regularizer
class Ours(Regularizer):
    def __call__(self, x):
        return x
    def get_config(self):
        return {}
class Other(Regularizer):
    pass
keras.models.load_model('net.keras')
"""

    @pytest.mark.parametrize(
        "more",
        [
            "@keras.saving.register_keras_serializable()\nclass Third(Regularizer):\n    pass",
            "keras.saving.register_keras_serializable()(Other)",
            "keras.models.load_model('m', custom_objects={'Other': Other})",
            "custom_objects = register_keras_serializable = None",
            "layer = Dense(2, kernel_regularizer=Ours())",
            "print(isinstance(outside.given, Ours))",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_tells_keras_of_another_class(self, more, layout):
        found = facts(layout(IMPORTS + self.OURS + more)).custom.regularizers
        assert [each.unregistered for each in found if each.name == "Ours"] == [True]

    @pytest.mark.parametrize(
        "more",
        [
            "keras.saving.register_keras_serializable()(Ours)",
            "keras.saving.get_custom_objects()['Ours'] = Ours",
            "classes = [Ours]\nfor each in classes:\n    keras.saving.register_keras_serializable()(each)",
            "alias = Ours\nkeras.saving.custom_object_scope({'Ours': alias})",
            "keras.saving.get_custom_objects().update(globals())",
            "import outside\noutside.register(Ours)",
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_what_may_tell_keras_of_this_one(self, more, layout):
        found = facts(layout(IMPORTS + self.OURS + more)).custom.regularizers
        assert not any(each.unregistered for each in found if each.name == "Ours")

    def test_a_class_that_is_decorated(self):
        ours = self.OURS.replace("class Ours", "@keras.saving.register_keras_serializable()\nclass Ours")
        found = facts(IMPORTS + ours).custom.regularizers
        assert not any(each.unregistered for each in found if each.name == "Ours")


class TestMisplaced:
    @pytest.mark.parametrize(
        ("more", "number"),
        [
            ("print(other.kernel_regularizer)", 1),
            ("print(Dense(2).kernel_regularizer, 'kernel_regularizer')", 1),
            ("getattr(other, name)", 1),
            ("print(model.kernel_regularizer)", 0),
            ("getattr(model, 'kernel_regularizer')", 0),
            ("getattr(model, name)", 0),
            ("nets = [model]\nprint(nets[0].kernel_regularizer)", 0),
            ("def use(net):\n    return net.kernel_regularizer\nuse(model)", 0),
            ("def use(net):\n    return net.kernel_regularizer\nuse(other)", 1),
            ("vars(model)", 0),
        ],
    )
    @pytest.mark.parametrize("layout", [str, in_rows])
    def test_an_attribute_of_a_model_that_something_may_read(self, more, number, layout):
        source = layout(IMPORTS + MODEL + OTHER + "model.kernel_regularizer = l2(0.1)\n" + more)
        assert len(facts(source).misplaced) == number


BASE = "import keras\nclass Base(keras.Model):\n    {}\n"


def said(code: str, script: str, base: str = "note = 1", **files: str) -> int:
    """How often a rule finds something in a script beside a file with a base class, also in rows."""
    paths = {f"/{name}.py": text for name, text in {"bases": BASE.format(base), **files}.items()}
    judged, project = Settings(select=(code,), keras_version="3"), run_of(MadeProject(paths, ()))
    head = f"{IMPORTS}from bases import Base\n"
    found = check(head + script, "/main.py", judged, project)
    assert len(check(head + in_rows(script), "/main.py", judged, project)) == len(found)
    return len(found)


NET = (
    "class Net(Base):\n    def __init__(self):\n        super().__init__()\n"
    "        self.d = Dense(2, kernel_regularizer=l2(0.1))\n    def call(self, x):\n        return self.d(x)\n"
)
MADE = "model = Net()\n"
TWICE = (
    "    def train_step(self, data):\n        with tf.GradientTape() as tape:\n"
    "            loss = self.compute_loss(data, data, self(data)) + sum(self.losses)\n"
    "        grads = tape.gradient(loss, self.trainable_variables)\n        return {'total': loss}\n"
)
UNLOGGED = "    def train_step(self, data):\n        loss = self.compute_loss(data)\n        return {'loss': loss}\n"
REPLICATED = TestReplicas.STEP.format(more="pass", given="", run="")
STEP = (
    "def step(x, y):\n    with tf.GradientTape() as tape:\n        loss = tf.reduce_mean(y - model(x))\n"
    "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
)
CHANGE = (
    "class Change(Base):\n    def on_epoch_end(self, epoch, logs=None):\n"
    "        self.model.d.kernel_regularizer.l2 = 0.5\n"
)


class TestBaseOfAnotherFile:
    @pytest.mark.parametrize(
        ("code", "script"),
        [
            ("KRG602", NET + TWICE),
            ("KRG610", NET + UNLOGGED + MADE + "model.compile('sgd', 'mse')\n"),
            ("KRG403", NET + MADE + "model.compile('sgd', loss=l2(0.1))\n"),
            ("KRG403", NET.replace("__init__()", "__init__(kernel_regularizer='l2')")),
            ("KRG403", NET + MADE + "model.fit(1, 2, kernel_regularizer='l2')\n"),
            ("KRG603", NET + MADE + REPLICATED),
            ("KRG601", NET + MADE + STEP),
            ("KRG311", NET + MADE + "model.trainable = False\n"),
            ("KRG607", NET + MADE + "model.fit(1, 2)\n"),
            ("KRG703", NET + MADE + "model.compile(keras.optimizers.AdamW(0.1))\n"),
        ],
    )
    def test_a_class_whose_base_is_a_model(self, code, script):
        assert said(code, script) == 1
        above = "from higher import Higher\nclass Base(Higher):\n    pass\n"
        assert said(code, script, bases=above, higher="import keras\nclass Higher(keras.Model):\n    pass\n") == 1
        assert said(code, script, bases="class Base:\n    pass\n") == 0
        assert said(code, script, bases="from unknown import Base\n") == 0
        assert said(code, script, bases="import keras\nclass Base(keras.Model, metaclass=type):\n    pass\n") == 0
        assert (
            said(code, script, bases="from unknown import do\nimport keras\n@do\nclass Base(keras.Model):\n    pass\n")
            == 0
        )

    @pytest.mark.parametrize(
        ("code", "script", "base"),
        [
            ("KRG602", NET + TWICE, "def compute_loss(self, *given):\n        return 1.0"),
            ("KRG602", NET + TWICE, "@property\n    def losses(self):\n        return []"),
            ("KRG602", NET + TWICE, "def more(self):\n        self.compute_loss = len"),
            (
                "KRG610",
                NET + UNLOGGED + MADE + "model.compile('sgd')\n",
                "@property\n    def metrics(self):\n        return []",
            ),
            (
                "KRG610",
                NET + UNLOGGED + MADE + "model.compile('sgd')\n",
                "def more(self):\n        self.seen = keras.metrics.Mean()",
            ),
            (
                "KRG403",
                NET + MADE + "model.compile('sgd', loss=l2(0.1))\n",
                "def compile(self, *given, loss):\n        pass",
            ),
            (
                "KRG403",
                NET.replace("__init__()", "__init__(kernel_regularizer='l2')"),
                "def __init__(self, kernel_regularizer):\n        super().__init__()",
            ),
            ("KRG601", NET + MADE + STEP, "def __call__(self, x):\n        return self.call(x) + sum(self.losses)"),
            ("KRG607", NET + MADE + "model.fit(1, 2)\n", "def fit(self, *given):\n        self.evaluate(1, 2)"),
            (
                "KRG703",
                NET + MADE + "model.compile(keras.optimizers.AdamW(0.1))\n",
                "def compile(self, *given):\n        pass",
            ),
            (
                "KRG311",
                NET + MADE + "model.trainable = False\nmodel.thaw()\n",
                "def thaw(self):\n        self.trainable = True",
            ),
        ],
    )
    def test_a_base_that_does_it_otherwise(self, code, script, base):
        assert said(code, script) <= 1
        assert said(code, script, base) == 0

    LAYERS = (
        "import keras\nfrom keras.layers import Dense\n"
        "class Base(keras.Model):\n    def __init__(self, rate=0.1):\n        super().__init__()\n"
    )

    @pytest.mark.parametrize(
        ("code", "more"),
        [
            ("KRG601", STEP),
            ("KRG311", "model.trainable = False\n"),
            ("KRG607", "model.fit(1, 2)\n"),
            ("KRG703", "model.compile(keras.optimizers.AdamW(0.1))\n"),
            ("KRG603", REPLICATED),
        ],
    )
    def test_the_layers_of_the_base(self, code, more):
        call = "    def call(self, x):\n        return self.d(x)\n"
        sure = self.LAYERS + "        self.d = Dense(2, kernel_regularizer=keras.regularizers.l2(0.1))\n" + call
        given = sure.replace("l2(0.1)", "l2(rate)")
        empty = "class Net(Base):\n    pass\nmodel = Net()\n"
        calls = "class Net(Base):\n    def __init__(self):\n        super().__init__(0.0)\nmodel = Net()\n"
        skips = "class Net(Base):\n    def __init__(self):\n        keras.Model.__init__(self)\nmodel = Net()\n"
        other = "class Net(Base):\n    def call(self, x):\n        return x\nmodel = Net()\n"
        assert said(code, empty + more, bases=sure) == said(code, calls + more, bases=sure) == 1
        assert said(code, empty.replace("Net()", "Net(0.5)") + more, bases=given) == 1
        assert said(code, empty.replace("Net()", "Net(0.0)") + more, bases=given) == 0
        assert said(code, calls + more, bases=given) == 0
        assert said(code, skips + more, bases=sure) == said(code, other + more, bases=sure) == 0

    def test_a_callback(self):
        trained = "model.compile('sgd')\nmodel.fit(1, 2, callbacks=[Change()])\n"
        callback = "import keras\nclass Base(keras.callbacks.Callback):\n    pass\n"
        assert said("KRG310", CHANGE + NET.replace("Base", "keras.Model") + MADE + trained, bases=callback) == 1
        assert (
            said(
                "KRG310", CHANGE + NET.replace("Base", "keras.Model") + MADE + trained, bases="class Base:\n    pass\n"
            )
            == 0
        )
