"""KRG206 full-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.facts.factors import number
from kreglint.facts.values import Const, Value
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault


class FullLambda(FactorRule):
    """λ is exactly 1.

    ## Why is this bad?
    It is a hundred times the default, and often a forgotten placeholder.
    """

    code, name, severity, default = "KRG206", "full-lambda", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, kernel_regularizer=l2(«1.0»))", both=Penalty("sum(kernel**2)")),
            Bad(
                "ActivityRegularization(l2=«1»)",
                both=Penalty("sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("sum(output**2)")),),
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1))", keras2=Penalty("0.1 * sum(kernel**2)")),
            Good(
                """
                def build(rate=1.0):
                    return Dense(4, kernel_regularizer=l2(rate))
                """
            ),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        is_one = number(value) == 1 and not (isinstance(value, Const) and isinstance(value.value, bool))
        return Fault("λ is exactly 1") if is_one else None
