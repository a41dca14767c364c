"""KRG622 quantized-penalty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.diagnostics import Finding, Note, Severity, Span
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Placed
from kreglint.facts.precision import policy_of
from kreglint.facts.values import Argument
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Logged, Penalty, Raises, Trained
from kreglint.rules.slots import asks_for_penalty
from kreglint.versions import within

_SINCE = {"int8": ">=3.5", "int4": ">=3.13", "ternary": ">=3.16"}  # as far as they were probed
_LAYERS = {  # which regularizers are of weights that become integers
    "Dense": "kernel_regularizer",
    "EinsumDense": "kernel_regularizer",
    "Embedding": "embeddings_regularizer",
    "ReversibleEmbedding": "embeddings_regularizer",
}
_OF_DENSE = frozenset(("Dense", "EinsumDense"))  # what the newest mode is for
_ATTENTION = frozenset(("MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention"))  # of EinsumDense layers
_POLICY = re.compile(r"(int8|int4|ternary)(?:/-?[0-9]+)?_from_\w+")
_MODEL = """\
model = keras.Sequential([keras.Input((4,)), Dense(8, use_bias=False, kernel_regularizer=l2(0.1))])
"""
_LAYER = """\
layer = Dense(8, use_bias=False, kernel_regularizer=l2(0.1))
model = keras.Sequential([keras.Input((4,)), layer])
"""
_FIT = """
model.compile("sgd", "mse")


def step(x, y):
    return model.fit(x, y, verbose=0)"""
_TRAIN = """
model.compile("sgd", "mse")
model.fit(x, y)"""


class QuantizedPenalty(Rule):
    """A penalty is of a kernel that is quantized, and so of no effect.

    ## Why is this bad?
    `quantize("int8")` and `quantize("int4")` replace the kernel by one of integers, which nothing trains. It has no
    regularizer: the penalty is gone from `losses`, while the layer's configuration still names it. A `fit` after that
    trains neither. With a dtype such as `"int8_from_float32"` the layer has such a kernel from the start.

    ## What to write instead
    `quantize` after training, which is what it is for. `"float8"` keeps the kernel and its penalty. To train on after
    `quantize`, add weights that can be trained: `layer.enable_lora(rank)`.
    """

    code, name, severity = "KRG622", "quantized-penalty", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _MODEL + "«model.quantize»('int8')" + _FIT,
                majors=(3,),
                versions=">=3.5",
                keras3=Logged("0"),
                older=((">=3.0,<3.5", None),),
            ),
            Bad(
                _MODEL + "«model.quantize»('int4')" + _FIT,
                majors=(3,),
                versions=">=3.13",
                keras3=Trained("0"),
                older=((">=3.0,<3.13", None),),
            ),
            Bad(
                "Dense(8, kernel_regularizer=«l2(0.1)», dtype='int8_from_float32')",
                majors=(3,),
                versions=">=3.5",
                keras3=Penalty("0"),
                older=((">=3.0,<3.5", Raises("ValueError", "constructor")),),
            ),
            Bad(
                """
                policy = keras.dtype_policies.QuantizedDTypePolicy("int8", "float32")
                Dense(8, kernel_regularizer=«l2(0.1)», dtype=policy)
                """,
                majors=(3,),
                versions=">=3.5",
                keras3=Penalty("0"),
                older=((">=3.0,<3.5", None),),
            ),
            Bad(
                _LAYER + "«layer.quantize»('int8')" + _FIT,
                majors=(3,),
                versions=">=3.5",
                keras3=Logged("0"),
                older=((">=3.0,<3.5", None),),
            ),
            Good(_LAYER + "layer.quantize('float8')" + _FIT),
            Good(_LAYER + "model.compile('sgd', 'mse')\nmodel.fit(x, y)\nlayer.quantize('int8')"),
            Good(_MODEL + "model.quantize('float8')" + _FIT),
            Good(_MODEL + "model.compile('sgd', 'mse')\nmodel.fit(x, y)\nmodel.quantize('int8')\nmodel.evaluate(x, y)"),
            Good(_MODEL + "model.quantize('int8')\nmodel.layers[0].enable_lora(4)" + _TRAIN),
            Good(_MODEL + "def prepare(mode):\n    model.quantize(mode)\n    model.fit(x, y)"),
            Good(
                """
                inputs = keras.Input((9, 9, 3))
                x = Flatten()(Conv2D(4, 3, kernel_regularizer=l2(0.1))(inputs))
                model = keras.Model(inputs, Dense(2)(x))
                model.quantize('int8')
                model.compile('sgd', 'mse')
                model.fit(images, labels)
                """
            ),
            Good(
                _MODEL
                + "if small:\n    model.quantize('int8')\nelse:\n    model.compile('sgd', 'mse')\n    model.fit(x, y)"
            ),
            Good(
                _MODEL
                + """
def export():
    model.quantize('int8')
    model.export('path')


def train():
    model.compile('sgd', 'mse')
    model.fit(x, y)


def run():
    train()
    export()
"""
            ),
            Good(
                _MODEL
                + """
def run():
    try:
        model.quantize('int8')
    except ValueError:
        model.compile('sgd', 'mse')
        model.fit(x, y)
"""
            ),
            Good("Dense(8, bias_regularizer=l2(0.1), dtype='int8_from_float32')"),
            Good("Dense(8, kernel_regularizer=l2(0.1), dtype='mixed_bfloat16')"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for name, argument, layer in context.slots:
            mode = _mode_of(layer, context)
            if (
                mode is not None
                and _is_quantized(name, layer, mode)
                and asks_for_penalty(argument.value, context.keras)
            ):
                told = f"a dtype of {mode} makes the {name.removesuffix('_regularizer')} integers, which nothing trains"
                yield Finding(argument.value_span, told, Effect.DROPPED)
        yield from _quantized_later(context)


def _mode_of(layer: LayerCall, context: Context) -> str | None:
    found = _POLICY.fullmatch(policy_of(layer, context.facts.calls)) if layer.layer in _LAYERS else None
    return found[1] if found is not None and within(context.version, _SINCE[found[1]]) else None


def _is_quantized(name: str, layer: LayerCall, mode: str) -> bool:
    return _LAYERS.get(layer.layer or "") == name and (mode != "ternary" or layer.layer in _OF_DENSE)


def _quantized_later(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with `model.quantize`, before the model is fitted."""
    if not context.facts.quantized:
        return
    for quantized in context.facts.quantized:
        if quantized.mode in _SINCE and within(context.version, _SINCE[quantized.mode]):
            given = Placed(_penalties(quantized.mode, context)).inside(quantized.made_in)
            if given:
                yield Finding(
                    quantized.span,
                    f"{quantized.mode} takes regularized kernels out of training, and the model is fitted afterwards",
                    Effect.DROPPED,
                    related=(Note(given[0].value_span, "this penalty is of no effect then"),),
                )


def _penalties(mode: str, context: Context) -> Iterator[tuple[Span, Argument]]:
    """Yield the penalties of weights that a mode makes integers, each with its layer's place."""
    for name, argument, layer in context.slots:
        inner = layer.layer in _ATTENTION and name == "kernel_regularizer" and mode != "ternary"
        if (inner or _is_quantized(name, layer, mode)) and asks_for_penalty(argument.value, context.keras):
            yield layer.span, argument
