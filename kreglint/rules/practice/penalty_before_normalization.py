"""KRG706 penalty-before-normalization."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.joins import Chain
from kreglint.facts.meaning import meaning
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty


class PenaltyBeforeNormalization(Rule):
    """A kernel with an L2 penalty comes before a batch normalization.

    ## Why is this bad?
    The normalization divides by the scale of its input, so a smaller kernel gives the same output and L2 does not
    regularize it. L2 still changes the effective learning rate, which some code relies on.

    ## What to write instead
    L2 on the layers that are not normalized, or a learning rate that is tuned on its own.
    """

    code, name, severity, default = "KRG706", "penalty-before-normalization", Severity.INFO, False
    reads = ("previous",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=«l2(0.1)»), BatchNormalization()])",
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Bad(
                """
                inputs = keras.Input((8, 8, 3))
                x = Conv2D(4, 3, kernel_regularizer=«'l2'»)(inputs)
                x = BatchNormalization()(x)
                keras.Model(inputs, x)
                """,
                both=Penalty("0.01 * sum(kernel**2)"),
            ),
            Good("keras.Sequential([keras.Input((3,)), BatchNormalization(), Dense(4, kernel_regularizer=l2(0.1))])"),
            Good("keras.Sequential([Dense(4, kernel_regularizer='l1'), BatchNormalization()])"),
            Good(
                """
                def build(x, y):
                    x = Dense(4, kernel_regularizer='l2')(x)
                    return BatchNormalization()(y)
                """
            ),
            Good("keras.Sequential([Dense(4, 'relu', kernel_regularizer='l2'), BatchNormalization()])"),
            Good("keras.Sequential([Dense(4, kernel_regularizer='l2'), LayerNormalization()])"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        chain = Chain(context.layers, context.facts.previous)
        for name, argument, layer in context.slots:
            normalized = any(after.layer == "BatchNormalization" for after in chain.directly_after(layer))
            if name != "kernel_regularizer" or not normalized:
                continue
            known = layer_of(layer, context.keras)
            activated = known is None or argument_for(layer, known, "activation") is not None
            wanted = asks_for_penalty(argument.value, context.keras) and meaning(argument.value, context.keras).l2
            if wanted and not activated and not layer.has_star:
                yield Finding(
                    argument.value_span, "the batch normalization after this layer cancels the effect of its L2 penalty"
                )
