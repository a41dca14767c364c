"""Which optimizer a model is compiled with, and which model is fitted."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import keras\nfrom keras.layers import Dense\n\n"
MODEL = "model = keras.Sequential([Dense(2, kernel_regularizer='l2')])\n"
ADAMW = "keras.optimizers.AdamW(0.1)"
LAYERS = "keras.Sequential([Dense(2, kernel_regularizer='l2')])"


def compiled(body: str) -> list[tuple[str, list[str]]]:
    source = IMPORTS + body
    return [
        (source[each.optimizer.start : each.optimizer.end], [source[span.start : span.end] for span in each.made_in])
        for each in facts(source).compiled
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"{MODEL}model.compile({ADAMW}, 'mse')",
        f"{MODEL}model.compile(loss='mse', optimizer={ADAMW})",
        f"{MODEL}optimizer = {ADAMW}\nmodel.compile(optimizer=optimizer)",
        f"{MODEL}optimizer = {ADAMW}\n\n\ndef train(net):\n    net.compile(optimizer)\n\n\ntrain(model)",
    ],
)
def test_an_optimizer_and_the_model_that_is_compiled_with_it(body):
    assert compiled(body) == [(ADAMW, [LAYERS])]


@pytest.mark.parametrize(
    "body",
    [
        f"{MODEL}model.compile('adam')  # AdamW",
        f"{MODEL}model.compile(*[{ADAMW}])",
        f"{MODEL}model.compile(**{{'optimizer': {ADAMW}}})",
        f"def train(model, optimizer={ADAMW}):\n    model.compile(optimizer)",
        f"model = load()\nmodel.compile({ADAMW})",
        f"{MODEL}{ADAMW}.compile(model)",
    ],
)
def test_an_optimizer_or_a_model_that_is_not_seen(body):
    assert compiled(body) == []


def fitted(body: str) -> list[tuple[str, list[str]]]:
    source = IMPORTS + body
    return [
        (source[each.span.start : each.span.end], [source[span.start : span.end] for span in each.made_in])
        for each in facts(source).fitted
    ]


def test_a_model_that_is_fitted():
    assert fitted(MODEL + "model.fit(x, y)") == [("model.fit(x, y)", [LAYERS])]


@pytest.mark.parametrize(
    "more",
    [
        "model.save('m.keras')",
        "model.save_weights('m.h5')",
        "keras.models.save_model(model, 'm.keras')",
        "model.fit(x, y, callbacks=[keras.callbacks.ModelCheckpoint('m.keras')])",
        "text = model.to_json()",
        "weights = model.get_weights()",
    ],
)
def test_a_model_that_another_program_may_evaluate(more):
    assert fitted(MODEL + "model.fit(x, y)\n" + more) == []


@pytest.mark.parametrize(
    "body", ["load('kernel_regularizer').fit(x, y)", MODEL + "scaler.fit(x)", MODEL + "model.fit_generator(x)"]
)
def test_what_is_no_model_of_the_file_or_not_fitted(body):
    assert fitted(body) == []


BY_NAME = f"{MODEL}optimizer = {ADAMW}\nmodel.compile(optimizer, 'mse')\n"
OTHER = f"other = {ADAMW}\n"


@pytest.mark.parametrize(
    "more",
    [
        "optimizer.exclude_from_weight_decay(var_names=['kernel'])",
        "model.optimizer.exclude_from_weight_decay(var_list=weights)",
        "alias = [optimizer]\nalias[0].exclude_from_weight_decay()",
        "for each in (optimizer, other):\n    each.exclude_from_weight_decay()",
        "def skip(given):\n    given.exclude_from_weight_decay()\nskip(optimizer)",
        "getattr(optimizer, 'exclude_from_weight_decay')()",
        "getattr(optimizer, name)()",
        "optimizer.weight_decay = 0.0",
        "setattr(optimizer, 'weight_decay', None)",
        "setattr(optimizer, name, None)",
        "vars(optimizer)[name] = None",
        "import outside\noutside.keep(optimizer)",
        "import outside\noutside.keep(model)",
    ],
)
def test_what_may_take_weights_out_of_the_decay(more):
    assert compiled(OTHER + BY_NAME + more) == compiled(OTHER + BY_NAME + more.replace("(", "(\n    ")) == []


@pytest.mark.parametrize(
    "more",
    [
        "other.exclude_from_weight_decay(var_names=['kernel'])",
        "other.weight_decay = 0.0",
        "def exclude_layers(given):\n    given.exclude_from_weight_decay()\nexclude_layers(other)",
        "names = ['exclude_from_weight_decay', 'exclude_layers']",
        "exclude_layers = None  # exclude_from_weight_decay",
        "optimizer.learning_rate = 0.1",
        "setattr(optimizer, 'learning_rate', 0.1)",
        "print(optimizer)",
    ],
)
def test_what_is_done_to_another_optimizer_or_leaves_the_decay(more):
    assert len(compiled(OTHER + BY_NAME + more)) == 1
    assert len(compiled(OTHER + BY_NAME + more.replace("(", "(\n    "))) == 1


def test_a_class_of_the_file_with_another_compile():
    net = "class Net(keras.Model):\n    def __init__(self):\n        self.d = Dense(2, kernel_regularizer='l2')\n"
    own = "    def compile(self, optimizer):\n        super().compile('sgd')\n"
    assert len(compiled(f"{net}model = Net()\nmodel.compile({ADAMW})")) == 1
    assert compiled(f"{net}{own}model = Net()\nmodel.compile({ADAMW})") == []
    assert len(compiled(f"{net}{own}{MODEL}model.compile({ADAMW})")) == 1
