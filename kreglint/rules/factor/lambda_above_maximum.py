"""KRG202 lambda-above-maximum."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.factors import number
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const, Construct, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import factor_arguments, layer_factors, regularizer_class
from kreglint.rules.faults import Fault, judge


class LambdaAboveMaximum(Rule):
    """The λ of a layer's regularizer is above `max-lambda` (1.0 by default).

    ## Why is this bad?
    No version of Keras has an upper bound, and none warns. With λ = 1.5 a layer's penalty is usually many times the
    data loss: the weights shrink towards zero and the model learns little else. The cause is often a misplaced decimal
    point, or two swapped numbers.

    ## What to write instead
    Usual factors lie between 1e-6 and 0.1. If you need the large factor, raise `max-lambda`.

    ## Options
    `max-lambda`: the largest λ that is not reported.
    """

    code, name, severity = "KRG202", "lambda-above-maximum", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, kernel_regularizer=regularizers.L2(«1.5»))", both=Penalty("1.5 * sum(kernel**2)")),
            Bad(
                """
                decay = 5.0
                Dense(4, bias_regularizer=l1(«decay»))
                """,
                both=Penalty("5 * sum(abs(bias))"),
            ),
            Bad(
                "ActivityRegularization(l2=«5.0»)",
                both=Penalty("5 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("5 * sum(output**2)")),),
            ),
            Good("Dense(4, kernel_regularizer=regularizers.L2(1.0))", both=Penalty("sum(kernel**2)")),
            Good(
                """
                scale = l2(5.0)
                Dense(4, activity_regularizer=lambda y: 1e-4 * scale(y))
                """
            ),
            Good(
                """
                def penalty(weights):
                    return 1e-4 * l2(5.0)(weights)


                Dense(4)
                """
            ),
            Good(
                """
                def block(decay=5.0):
                    return Dense(4, kernel_regularizer=l2(decay * 1e-4))


                block(1.0)
                """
            ),
            Good(
                """
                def build(hp):
                    return Dense(4, kernel_regularizer=l2(hp.Float('l2', 0.0, 5.0)))
                """
            ),
            Good(
                """
                def block(units, l2=5.0):
                    return Dense(int(units * l2))


                block(4, l2=5.0)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        value = argument.value
        known = regularizer_class(value, context) if isinstance(value, Construct) else None
        if known is not None and isinstance(value, Construct):
            for _, factor in factor_arguments(value, known):
                yield from judge(factor, "λ", lambda given: _fault(given, context), defaults=False)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        for _, factor in layer_factors(layer, context):
            yield from judge(factor, "λ", lambda given: _fault(given, context), defaults=False)


def _fault(value: Value, context: Context) -> Fault | None:
    given = number(value)
    if given is None or not context.max_lambda < given < float("inf"):
        return None
    if isinstance(value, Const) and isinstance(value.value, bool):
        return None
    return Fault(
        f"λ = {given:g} is above the maximum of {context.max_lambda:g} (max-lambda); Keras itself has no limit"
    )
