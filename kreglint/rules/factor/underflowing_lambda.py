"""KRG210 underflowing-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.facts.factors import number
from kreglint.facts.values import Value
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault
from kreglint.rules.outcomes import outcome_of

_NOTHING, _TOO_MUCH = 1e-45, 1e38


class UnderflowingLambda(FactorRule):
    """λ is too small or too large for float32.

    ## Why is this bad?
    Weights and penalties are float32. There, a factor of 1e-46 is 0, so nothing is added. With 1e38, the penalty is
    infinite after a few weights, and training ends in NaN. Keras does not warn about either.

    ## What to write instead
    Usually a factor between 1e-8 and 1.
    """

    code, name, severity = "KRG210", "underflowing-lambda", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, kernel_regularizer=l2(«1e-46»))", both=Penalty("0")),
            Bad("Dense(4, kernel_regularizer=l1(«10 ** -60»))", both=Penalty("0")),
            Bad("Dense(64, kernel_regularizer=L2(«1e38»))", both=Penalty("inf")),
            Good("Dense(4, kernel_regularizer=l2(1e-12))", both=Penalty("1e-12 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=None)"),
            Good("Dense(4, kernel_regularizer=l2(10 ** -6))"),
            Good(
                """
                def build(rate=1e-50):
                    return Dense(4, kernel_regularizer=l2(rate))


                build(0.1)
                """
            ),
            Good(
                """
                epsilon = 1e-50
                Dense(4, kernel_regularizer=l2(0.01 + epsilon))
                """
            ),
            Good(
                """
                Adam = optimizers.Adam(epsilon=1e-60)
                Dense(4)
                """
            ),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        given = number(value)
        if given is None or given in (0, float("inf")):
            return None
        if 0 < given <= _NOTHING:
            return Fault(f"λ = {given:g} rounds to 0 in float32, so nothing is added")
        tried = context.keras.factor(factor.regularizer.kind, "huge" if given > 3.4028234663852886e38 else "overflow")
        if tried is None or not given >= _TOO_MUCH:
            return None
        return Fault(f"λ = {given:g} is too large for float32", outcome_of(tried))
