"""What training steps minimise: losses without a model's own, losses that are added twice, penalties bound too late."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import keras\nimport tensorflow as tf\nfrom keras.layers import Dense\n\n"
MODEL = "model = keras.Sequential([Dense(2, kernel_regularizer='l2')])\n"
STEP = """\
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(y - model(x))
        {more}
    return optimizer.apply(tape.gradient({given}, {variables}), {variables})
"""


TRAINER = """\
class Trainer:
    def __init__(self):
        self.model = keras.Sequential([Dense(2, kernel_regularizer='l2')])
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(y - self.model(x))
            {more}
        return optimizer.apply(tape.gradient(loss, {model}.trainable_variables), {model}.trainable_variables)
"""


def step(more: str = "pass", given: str = "loss", variables: str = "model.trainable_variables") -> str:
    return STEP.format(more=more, given=given, variables=variables)


def tapes(body: str) -> list[str]:
    """The losses, as they are given to the tape, that lack a model's own."""
    source = IMPORTS + body
    return [source[each.span.start : each.span.end] for each in facts(source).training.tapes]


@pytest.mark.parametrize("pair", ["model, rate = {}, 0.1", "(rate, [model]) = 0.1, [{}]"])
def test_a_model_that_is_unpacked_from_a_display(pair):
    """Each target of an unpacking has its own element."""
    made = MODEL.partition("= ")[2].strip()
    found = tapes(pair.format(made) + "\n" + step())
    assert found == ["loss"]


def makers(body: str) -> list[str]:
    """The code that makes the model of the only loss, by the first row of each piece."""
    source = IMPORTS + body
    [tape] = facts(source).training.tapes
    return [source[span.start : span.end].splitlines()[0] for span in tape.made_in]


def test_names_that_are_exchanged_are_what_the_other_was():
    other = "other = keras.Sequential([Dense(2)])\n"
    assert makers(MODEL + other + "model, other = other, model\n" + step()) == ["keras.Sequential([Dense(2)])"]


OWN = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = Dense(2, kernel_regularizer='l2')
    def call(self, x):
        return {given}
{more}model = Net()
"""
REST = """\
    def rest(self):
        return sum(self.losses)
    @property
    def more(self):
        return self.rest()
"""


class TestOwnModels:
    """A model of a class of the file, which a step outside of the class trains."""

    def test_its_losses_are_left_out(self):
        assert tapes(OWN.format(given="self.d(x)", more="") + step()) == ["loss"]

    @pytest.mark.parametrize(
        "given", ["self.d(x) + sum(self.losses)", "(self.d(x), self.rest())", "(self.d(x), self.more)"]
    )
    def test_what_it_gives_has_them(self, given):
        assert tapes(OWN.format(given=given, more=REST) + step()) == []

    def test_the_step_has_a_method_or_an_attribute_that_has_them(self):
        assert tapes(OWN.format(given="self.d(x)", more=REST) + step("loss += model.rest()")) == []
        assert tapes(OWN.format(given="self.d(x)", more=REST) + step("loss += model.more")) == []


class TestTapes:
    def test_a_loss_of_the_data_alone_lacks_the_losses(self):
        assert tapes(MODEL + step()) == ["loss"]

    def test_the_variables_may_have_a_name(self):
        body = step("variables = model.trainable_weights", variables="variables")
        assert tapes(MODEL + body) == ["loss"]

    @pytest.mark.parametrize(
        "more",
        [
            "loss += sum(model.losses)",
            "loss = loss + tf.add_n(model.losses)",
            "loss = tf.add_n([loss] + model.losses)",
            "for each in model.losses:\n            loss += each",
            "loss += 0.1 * tf.nn.l2_loss(model.layers[0].kernel)",
            "loss += sum(tf.norm(w) for w in model.trainable_weights)",
            "loss = model.compute_loss(x, y)",
            "loss += penalty(model)",
            "loss += getattr(model, 'losses')[0]",
        ],
    )
    def test_a_step_that_may_add_them_is_left_alone(self, more):
        assert tapes(MODEL + step(more)) == []

    def test_a_loop_over_weights_after_the_gradient_adds_nothing_to_the_loss(self):
        loop = "for x, y in data:\n    with tf.GradientTape() as tape:\n        loss = tf.norm(y - model(x))\n"
        gradient = "    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
        after = "    for variable in model.variables:\n        variable.assign(variable.constraint(variable))\n"
        assert tapes(MODEL + loop + gradient + after) == ["loss"]
        assert tapes(MODEL + loop + after + gradient) == []

    def test_a_helper_of_the_file_that_adds_them_is_looked_into(self):
        helper = "def total(loss):\n    return loss + sum(model.losses)\n\n\n"
        assert tapes(MODEL + helper + step("loss = total(loss)")) == []

    def test_a_helper_of_the_file_that_does_not_is_nothing(self):
        helper = "def total(loss):\n    return loss * 2\n\n\n"
        assert tapes(MODEL + helper + step("loss = total(loss)")) == ["loss"]

    @pytest.mark.parametrize("model", ["self.model", "self . model", "(self.\n  model)", "(self.  # mine\n    model)"])
    def test_a_model_is_the_same_in_any_layout(self, model):
        [tape] = facts(IMPORTS + TRAINER.format(more="pass", model=model)).training.tapes
        assert tape.model == "self.model"
        handed = TRAINER.format(more=f"loss = total({model}, loss)", model="self.model")
        assert tapes("from mynets import total\n" + handed) == []

    @pytest.mark.parametrize(
        "made",
        [
            "total = lambda y, p: tf.norm(y - p) + sum(model.losses)\n\n\n",
            "from mynets import Loss\ntotal = Loss(model)\n\n\n",
        ],
    )
    def test_a_loss_that_has_the_model_itself_may_add_them(self, made):
        assert tapes(MODEL + made + step("loss = total(y, model(x))")) == []

    def test_a_loss_that_is_not_made_of_what_the_model_gives_is_not_judged(self):
        body = step("loss = total(x, y)").replace("tf.reduce_mean(y - model(x))", "0.0")
        assert tapes("from mynets import total\n" + MODEL + body) == []

    def test_a_stranger_who_gets_the_model_may_add_them(self):
        assert tapes("from mynets import total\n" + MODEL + step("loss = total(model, loss)")) == []

    def test_a_tape_beside_models_is_none(self):
        assert tapes(MODEL + step(variables="x")) == []

    def test_a_step_outside_of_functions_counts_too(self):
        body = "for x, y in data:\n    with tf.GradientTape() as tape:\n        loss = tf.norm(y - model(x))\n"
        assert tapes(
            MODEL
            + body
            + "    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
        ) == ["loss"]

    def test_a_tape_right_before_its_gradient_counts_too(self):
        body = "with tf.GradientTape() as tape:\n    loss = tf.norm(y - model(x))\n"
        assert tapes(
            MODEL
            + body
            + "optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
        ) == ["loss"]

    def test_what_comes_between_a_tape_and_its_gradient_is_not_guessed(self):
        body = "with tf.GradientTape() as tape:\n    loss = tf.norm(y - model(x))\nchange()\n"
        assert tapes(MODEL + body + "tape.gradient(loss, model.trainable_variables)\n") == []

    def test_a_step_that_is_meant_to_fail_is_no_step(self):
        body = "import pytest\n\n\ndef check(x, y, tape):\n    with pytest.raises(ValueError):\n        "
        assert tapes(MODEL + body + "tape.gradient(loss, model.trainable_variables)  # GradientTape\n") == []


class TestMakers:
    """Which code gives the model of a step its layers."""

    def test_a_list_of_layers(self):
        assert makers(MODEL + step()) == ["keras.Sequential([Dense(2, kernel_regularizer='l2')])"]

    def test_a_function_that_makes_it(self):
        build = "def build():\n    inputs = keras.Input((3,))\n    return keras.Model(inputs, Dense(2)(inputs))\n\n\n"
        assert makers(build + "model = build()\n\n\n" + step()) == ["def build():"]

    def test_the_rows_of_the_module_where_it_makes_only_one(self):
        body = "inputs = keras.Input((3,))\nmodel = keras.Model(inputs=[inputs], outputs=Dense(2)(inputs))\n\n\n"
        unused = "def other():\n    return Dense(2, kernel_regularizer='l2')\n\n\n"
        rows = [row for row in (IMPORTS + body).splitlines() if row]
        assert makers(unused + body + step()) == rows

    def test_helpers_that_make_layers(self):
        helper = "def dense(n):\n    return Dense(n)\n\n\n"
        assert makers(helper + "model = keras.Sequential([dense(2)])\n\n\n" + step())[1:] == ["def dense(n):"]

    def test_no_helper_that_makes_another_model(self):
        helper = "def part(n):\n    return keras.Sequential([Dense(n)])\n\n\n"
        assert len(makers(helper + "model = keras.Sequential([part(2)])\n\n\n" + step())) == 1

    def test_a_class_of_the_file(self):
        net = "class Net(keras.Model):\n    def call(self, x):\n        return x\n\n\nmodel = Net()\n\n\n"
        assert makers(net + step()) == ["class Net(keras.Model):"]

    def test_what_a_call_passes(self):
        body = step().replace("step(x, y)", "step(model, x, y)") + "\n\nstep(model, 1, 2)\n"
        assert makers(MODEL + body) == ["keras.Sequential([Dense(2, kernel_regularizer='l2')])"]

    @pytest.mark.parametrize("model", ["load()", "models[0]", "keras.Sequential() if big else keras.Sequential()"])
    def test_a_model_whose_making_is_not_seen_is_not_judged(self, model):
        assert tapes(f"model = {model}\n\n\n{step()}") == []


DOUBLED = """\
class Net(keras.Model):
    def train_step(self, data):
        x, y = data
        loss = {loss}
        {more}
        return loss
"""


def doubled(loss: str, more: str = "pass") -> list[tuple[str, str, bool]]:
    source = IMPORTS + DOUBLED.format(loss=loss, more=more)
    return [
        (source[each.span.start : each.span.end], each.method, each.given) for each in facts(source).training.doubled
    ]


class TestDoubled:
    @pytest.mark.parametrize(
        ("loss", "more", "expected"),
        [
            ("self.compute_loss(x, y) + sum(self.losses)", "pass", ("sum(self.losses)", "compute_loss", False)),
            (
                "self.compute_loss(x, y)",
                "loss += tf.add_n(self.losses)",
                ("tf.add_n(self.losses)", "compute_loss", False),
            ),
            ("self.compute_loss(x, y)", "loss = loss + sum(self.losses)", ("sum(self.losses)", "compute_loss", False)),
            (
                "self.compiled_loss(y, x, regularization_losses=self.losses) + sum(self.losses)",
                "pass",
                ("sum(self.losses)", "compiled_loss", True),
            ),
        ],
    )
    def test_what_is_added_to_a_loss_that_has_it(self, loss, more, expected):
        assert doubled(loss, more) == [expected]

    @pytest.mark.parametrize(
        ("loss", "more"),
        [
            ("self.compute_loss(x, y)", "pass"),
            ("self.loss_fn(x, y) + sum(self.losses)", "pass"),
            ("self.compute_loss(x, y) + sum(self.teacher.losses)", "pass"),
            ("self.compute_loss(x, y)", "loss = sum(self.losses)"),
            ("self.compute_loss(x, y)", "other = 1.0 + sum(self.losses)"),
        ],
    )
    def test_what_is_no_sum_of_the_two(self, loss, more):
        assert doubled(loss, more) == []

    def test_a_class_that_derives_may_have_none_either(self):
        other = "\n\nclass Other(Net):\n    def compute_loss(self, x, y):\n        return 0.0\n"
        source = IMPORTS + DOUBLED.format(loss="self.compute_loss(x, y) + sum(self.losses)", more="pass") + other
        assert facts(source).training.doubled == ()

    def test_a_method_of_ones_own_may_have_none(self):
        own = "\n    def compute_loss(self, x, y):\n        return 0.0\n"
        source = IMPORTS + DOUBLED.format(loss="self.compute_loss(x, y) + sum(self.losses)", more="pass") + own
        assert facts(source).training.doubled == ()


def late(body: str) -> list[tuple[str, ...]]:
    return [each.names for each in facts(IMPORTS + body).training.late_bound]


class TestLateBound:
    def test_a_lambda_that_reads_what_the_loop_sets(self):
        assert late("for rate in rates:\n    layer.add_loss(lambda: rate * 2)") == [("rate",)]

    @pytest.mark.parametrize(
        "body",
        [
            "for rate in rates:\n    layer.add_loss(lambda rate=rate: rate * 2)",
            "rate = 0.1\nfor _ in rates:\n    layer.add_loss(lambda: rate * 2)",
            "for rate in rates:\n    layer.add_loss(rate * 2)",
            "for rate in rates:\n    call(lambda: rate * 2)",
        ],
    )
    def test_one_that_reads_nothing_of_the_loop(self, body):
        assert late(body) == []
