"""KRG301 zero-lambda."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.factors import number
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Construct, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import dropped
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import factor_arguments, layer_factors, regularizer_class
from kreglint.rules.faults import Fault, judge


class ZeroLambda(Rule):
    """Every factor of a layer's regularizer is 0, so nothing is added.

    ## Why is this bad?
    The layer looks regularized but is not. Keras keeps the regularizer, computes it at every step, and adds zero.

    ## What to write instead
    A factor above 0, or no regularizer at all.

    ## Fix safety
    Safe: without the argument, the penalty is still 0.
    """

    code, name, severity = "KRG301", "zero-lambda", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, kernel_regularizer=«regularizers.L2(0.0)»)", both=Penalty("0"), fixed="Dense(4)"),
            Bad(
                "Dense(4, kernel_regularizer=«L1L2(l1=0, l2=0.0)», use_bias=False)",
                both=Penalty("0"),
                fixed="Dense(4, use_bias=False)",
            ),
            Bad(
                """
                DECAY = 0.0
                Dense(4, kernel_regularizer=«l2(DECAY)»)
                """,
                both=Penalty("0"),
                fixed="""
                DECAY = 0.0
                Dense(4)
                """,
            ),
            Bad("«ActivityRegularization(l1=0.0, l2=0.0)»", both=Penalty("0")),
            Bad("«ActivityRegularization(0.0)»", both=Penalty("0")),
            Good(
                """
                def block(weight=0.0):
                    return ActivityRegularization(l2=weight)


                block()
                """
            ),
            Good("Dense(4, kernel_regularizer=L1L2(l1=0.0, l2=0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def block(units, decay=0.0):
                    return Dense(units, kernel_regularizer=l2(decay))


                block(4)
                """
            ),
            Good(
                """
                def block(decay=0):
                    return Dense(4, kernel_regularizer=L1L2(decay, decay))


                block(0.1)
                """
            ),
            Good(
                """
                decay = 0.0
                for _ in range(3):
                    Dense(4, kernel_regularizer=l2(decay))
                    decay = decay + 0.1
                """
            ),
            Good(
                """
                off = l2(0.0)
                print(off)
                Dense(4)
                """
            ),
            Good(
                """
                def dense(units, kernel_regularizer=0.0):
                    print(kernel_regularizer)
                    return Dense(units)


                dense(4, kernel_regularizer=0.0)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        def fault_of(value: Value) -> Fault | None:
            if not isinstance(value, Construct) or not _is_zero(value, context):
                return None
            return Fault("λ = 0: this regularizer adds nothing", fix=dropped(argument, layer))

        yield from judge(argument, "the regularizer", fault_of, defaults=False)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """`ActivityRegularization(l1=0.0, l2=0.0)`."""
        given = [factor.value for _, factor in layer_factors(layer, context)]
        certain = not layer.has_star and all(value.is_exact and not _is_bool(value) for value in given)
        if given and certain and all(number(value) == 0 for value in given):
            yield Finding(layer.span, "λ = 0: this layer adds nothing")


def _is_zero(value: Construct, context: Context) -> bool:
    """True if factors are given and all that count are certainly 0."""
    known = regularizer_class(value, context)
    given = [factor for _, factor in factor_arguments(value, known)] if known is not None else []
    found = meaning(value, context.keras)
    certain = found.provenance <= value.provenance and not any(_is_bool(factor.value) for factor in given)
    return bool(given) and certain and bool(found.factors) and not any(found.factors.values())


def _is_bool(value: Value) -> bool:
    return number(value) is not None and isinstance(value, Const) and isinstance(value.value, bool)
