"""KRG501 keras1-keyword."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.effects import KERAS_1_CONVERTED, KERAS_1_KEYWORDS, keyword_today
from kreglint.facts.file import LayerCall
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import renamed
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.keywords import refusal, written
from kreglint.versions import within


class Keras1Keyword(Rule):
    """A layer is called with a regularizer keyword of Keras 1.

    ## Why is this bad?
    Keras 2.0 renamed `W_regularizer`, `b_regularizer` and `U_regularizer`. Standalone Keras 2.0–2.3
    converted them with a warning; tf.keras, tf_keras and Keras 3 raise when the layer is constructed.

    ## What to write instead
    `kernel_regularizer`, `bias_regularizer`, `recurrent_regularizer`; for `Embedding`, `embeddings_regularizer`.

    ## Fix safety
    Safe: a crash becomes what Keras 1 did.
    """

    code, name, severity = "KRG501", "keras1-keyword", Severity.ERROR
    ranges = (KERAS_1_CONVERTED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, «W_regularizer»=l2(0.01))",
                keras2=Raises("TypeError", "constructor", "W_regularizer"),
                keras3=Raises("ValueError", "constructor", "W_regularizer"),
                fixed="Dense(4, kernel_regularizer=l2(0.01))",
            ),
            Bad(
                "LSTM(4, «U_regularizer»=l2(0.01))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="LSTM(4, recurrent_regularizer=l2(0.01))",
            ),
            Bad(
                "Embedding(9, 4, «W_regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Embedding(9, 4, embeddings_regularizer='l2')",
            ),
            Bad(
                "Dense(4, «b_regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, bias_regularizer='l2')",
            ),
            Bad(
                """
                REG = {«'W_regularizer'»: l2(0.01)}
                Dense(4, **REG)
                """,
                keras2=Raises("TypeError", "constructor", "W_regularizer"),
                keras3=Raises("ValueError", "constructor", "W_regularizer"),
            ),
            Bad(
                "LSTM(4, **dict(«U_regularizer»=l2(0.01)))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="LSTM(4, **dict(recurrent_regularizer=l2(0.01)))",
            ),
            Good("Dense(4, kernel_regularizer=l2(0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def conv(filters, W_regularizer=None):
                    return Conv2D(filters, 3)


                conv(8, W_regularizer='l2')
                """
            ),
            Good(
                """
                NEW = int(keras.__version__.split('.')[0]) > 1


                def dense(n, reg=None):
                    if NEW:
                        return Dense(n, kernel_regularizer=reg)
                    else:
                        return Dense(n, W_regularizer=reg)
                """
            ),
            Good(
                """
                from lasagne.layers import DenseLayer

                layer = lambda x: DenseLayer(x, W_regularizer=None)
                """
            ),
            Good(
                """
                W_regularizer = l2(0.01)
                Dense(4, kernel_regularizer=W_regularizer)
                """
            ),
            Good(
                """
                class Highway:
                    def __init__(self, W_regularizer):
                        pass


                Highway(W_regularizer=None)
                """
            ),
            Good(
                """
                settings = dict(W_regularizer='l2')
                Dense(4)
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        if layer.layer is None or context.version.major == 1:
            return
        converted = within(context.version, KERAS_1_CONVERTED)
        for argument in layer.arguments:
            keyword = argument.keyword
            if keyword is not None and keyword in KERAS_1_KEYWORDS and argument.keyword_span is not None:
                known = layer_of(layer, context.keras)
                now = keyword_today(keyword, known)
                yield Finding(
                    argument.keyword_span,
                    f"'{keyword}' is a Keras 1 keyword, now {now}",
                    outcome=Effect.CONVERTED if converted else refusal(context.keras),
                    severity=Severity.WARNING if converted else None,
                    related=written(argument),
                    fix=renamed(argument, now, Safety.SAFE)
                    if known is not None and now in known.regularizers and layer.keyword(now) is None
                    else None,
                )
