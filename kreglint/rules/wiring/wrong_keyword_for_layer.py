"""KRG401 wrong-keyword-for-layer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Layer
from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity, Span
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const
from kreglint.outcomes import Fails
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import beside, renamed, replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.keywords import CERTAIN, effect, written
from kreglint.versions import Version

_INPUTS = ("keras.Input", "keras.layers.Input")
_REGULARIZER = "regularizer"
_OF_TENSORFLOW = Version(2, 4)
_LAYER = """\
class Gain(Layer):
    def build(self, shape):
        self.gain = self.add_weight(name="gain", shape=(1,), initializer="ones", {}=l2(0.1))

    def call(self, x):
        return x * self.gain


Gain()
"""


class WrongKeywordForLayer(Rule):
    """A layer is called with another layer's regularizer keyword.

    ## Why is this bad?
    `SeparableConv2D` and `DepthwiseConv2D` have no `kernel_regularizer`: their kernels have other names. Keras 2
    accepts the keyword and ignores it, whatever its value; Keras 3 raises a `ValueError`. Layers such as
    `BatchNormalization`, `Embedding` and `Dropout` raise an error in both, as do `Input` and a custom layer's
    `add_weight`, whose keyword is `regularizer`.

    ## What to write instead
    The layer's own keyword: `depthwise_regularizer` and `pointwise_regularizer` for separable convolutions,
    `embeddings_regularizer` for `Embedding`, `gamma_regularizer` and `beta_regularizer` for normalization.

    ## Fix safety
    Unsafe: the layer gets a penalty that it never had.
    """

    code, name, severity = "KRG401", "wrong-keyword-for-layer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "SeparableConv2D(8, 3, «kernel_regularizer»='l2')",
                keras2=Penalty("0"),
                keras3=Raises("ValueError", "constructor", "Unrecognized keyword arguments"),
                fixed="SeparableConv2D(8, 3, depthwise_regularizer='l2', pointwise_regularizer='l2')",
            ),
            Bad(
                "DepthwiseConv2D(3, «kernel_regularizer»=l2(0.1))",
                keras2=Penalty("0"),
                keras3=Raises("ValueError", "constructor"),
                fixed="DepthwiseConv2D(3, depthwise_regularizer=l2(0.1))",
            ),
            Bad(
                "Embedding(9, 4, «kernel_regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Embedding(9, 4, embeddings_regularizer='l2')",
            ),
            Bad(
                "BatchNormalization(«kernel_regularizer»=l2(1e-4))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "Dropout(0.5, «kernel_regularizer»=l2(1e-4))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                _LAYER.format("«kernel_regularizer»"),
                both=Raises("TypeError", "build", "kernel_regularizer"),
                fixed=_LAYER.format("regularizer"),
            ),
            Bad(
                "keras.Input((3,), «kernel_regularizer»=l2(0.1))",
                keras2=Raises("ValueError", "constructor", "Unrecognized keyword arguments"),
                keras3=Raises("TypeError", "constructor", "kernel_regularizer"),
            ),
            Good(_LAYER.format("regularizer"), both=Penalty("0.1 * sum(gain**2)")),
            Good(
                """
                class Gain(Layer):
                    def add_weight(self, name, kernel_regularizer=None):
                        return super().add_weight(name=name, regularizer=kernel_regularizer)

                    def build(self, shape):
                        self.gain = self.add_weight('gain', kernel_regularizer=l2(0.1))
                """
            ),
            Bad(
                """
                REG = {«'kernel_regularizer'»: l2(0.1)}
                DepthwiseConv2D(3, **REG)
                """,
                keras2=Penalty("0"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "SeparableConv2D(8, 3, **{«'kernel_regularizer'»: 'l2'})",
                keras2=Penalty("0"),
                keras3=Raises("ValueError", "constructor"),
                fixed="SeparableConv2D(8, 3, **{'depthwise_regularizer': 'l2', 'pointwise_regularizer': 'l2'})",
            ),
            Bad(
                "DepthwiseConv2D(3, **dict(«kernel_regularizer»='l2'))",
                keras2=Penalty("0"),
                keras3=Raises("ValueError", "constructor"),
                fixed="DepthwiseConv2D(3, **dict(depthwise_regularizer='l2'))",
            ),
            Good(
                """
                REG = {'kernel_regularizer': 'l2'}
                Conv2D(8, 3, **REG)
                """,
                both=Penalty("0.01 * sum(kernel**2)"),
            ),
            Good(
                """
                REG = {'kernel_regularizer': 'l2'}
                REG.pop('kernel_regularizer')
                DepthwiseConv2D(3, **REG)
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                def tidy(options):
                    options.clear()


                REG = {'kernel_regularizer': 'l2'}
                tidy(REG)
                DepthwiseConv2D(3, **REG)
                """
            ),
            Good("SeparableConv2D(8, 3, depthwise_regularizer='l2')", both=Penalty("0.01 * sum(depthwise_kernel**2)")),
            Good("Conv2D(8, 3, kernel_regularizer='l2')", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                class SeparableConv2D(dict):
                    pass


                SeparableConv2D(kernel_regularizer='l2')
                """
            ),
            Good(
                """
                from mynets import SeparableConv2D as Sep

                layer = lambda: Sep(8, 3, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                tf.nn.dropout(tf.ones((2, 2)), rate=0.5)
                Dense(4, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                def norm(kernel_regularizer):
                    return BatchNormalization()


                norm(kernel_regularizer='l2')
                """
            ),
            Good("Dense(4, activity_regularizer=l2(0.01), name='dropout')"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for found in context.facts.custom.of_weights:
            text = f"add_weight has no '{found.name}', only regularizer"
            fix = replacement(f"Write {found.meant}", found.span, found.meant, Safety.UNSAFE) if found.meant else None
            yield Finding(found.span, text, outcome=Fails("TypeError", "build"), fix=fix)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        if known is None:
            yield from _of_input(layer, context)
            return
        for argument in layer.arguments:
            observed = known.undeclared.get(argument.keyword or "", "")
            if observed in CERTAIN and argument.keyword_span is not None and not _is_harmless(argument, observed):
                yield Finding(
                    argument.keyword_span,
                    f"{known.name} has no '{argument.keyword}'{_hint(known)}",
                    outcome=effect(observed),
                    related=written(argument),
                    fix=_fix(argument, layer, known),
                )


def _of_input(call: LayerCall, context: Context) -> Iterator[Finding]:
    """Yield the regularizers that `Input(…)` is given, which has no weights and makes no layer."""
    named = call.symbol.canonical if call.symbol is not None else None
    for argument in call.arguments if named in _INPUTS else ():
        if (argument.keyword or "").endswith(_REGULARIZER) and argument.keyword_span is not None:
            error = "ValueError" if context.version.major == 2 and context.version >= _OF_TENSORFLOW else "TypeError"
            yield Finding(
                argument.keyword_span,
                f"Input has no '{argument.keyword}', nor weights to regularize",
                outcome=Fails(error),
                related=written(argument),
            )


def _is_harmless(argument: Argument, observed: str) -> bool:
    return observed == "ignored" and isinstance(argument.value, Const) and argument.value.value is None


def _hint(layer: Layer) -> str:
    own = _weight_keywords(layer)
    return f", only {' and '.join(own)}" if own else ""


def _weight_keywords(layer: Layer) -> list[str]:
    return [name for name in layer.regularizers if name not in ("activity_regularizer", "bias_regularizer")]


def _fix(argument: Argument, call: LayerCall, layer: Layer) -> Fix | None:
    """Give the value to the layer's kernels: for `kernel_regularizer`, and where their number is plain."""
    own = _weight_keywords(layer)
    if argument.keyword != "kernel_regularizer" or not own or "gamma_regularizer" in own:
        return None
    first = renamed(argument, own[0], Safety.UNSAFE) if not any(map(call.keyword, own)) else None
    further = [beside(argument, name, argument.source) for name in own[1:]]
    if first is None or None in further:
        return None
    end = Span(argument.span.end, argument.span.end)
    added = [Edit(end, "".join(f", {text}" for text in further))] if further else []
    return replace(first, title=f"Write {' and '.join(own)}", edits=(*first.edits, *added))
