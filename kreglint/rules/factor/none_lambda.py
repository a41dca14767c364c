"""KRG205 none-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Const, Value
from kreglint.rules.base import Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault


class NoneLambda(FactorRule):
    """λ is None, which means the default of 0.01, not "off".

    ## Why is this bad?
    `L1(None)` and `L2(None)` replace None with 0.01, in Keras 2 and 3. Code that means "no penalty" gets one.

    ## What to write instead
    For no penalty, pass `None` as the regularizer: `kernel_regularizer=None`. For the default, write 0.01.

    ## Fix safety
    Safe: 0.01 is what None means.
    """

    code, name, severity = "KRG205", "none-lambda", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=regularizers.L2(«None»))",
                both=Penalty("0.01 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=l1(l1=«None»))",
                both=Penalty("0.01 * sum(abs(kernel))"),
                fixed="Dense(4, kernel_regularizer=l1(l1=0.01))",
            ),
            Good("Dense(4, kernel_regularizer=L1L2(l1=None, l2=0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=None)", both=Penalty("0")),
            Good(
                """
                decay = None
                Dense(4, kernel_regularizer=l2(decay) if decay is not None else None)
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                class Net:
                    def __init__(self, weight_decay=None):
                        self.penalty = None if weight_decay is None else l2(weight_decay)

                    def layer(self):
                        return Dense(4, kernel_regularizer=self.penalty)


                Net(1e-4).layer()
                """,
                both=Penalty("0.0001 * sum(kernel**2)"),
            ),
            Good(
                """
                def block(decay=None):
                    return Dense(4, kernel_regularizer=l2(decay))


                block(0.1)
                """
            ),
            Good(
                """
                def block(decay=None):
                    return Dense(4, kernel_regularizer=l2(decay) if decay else None)
                """
            ),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        if not isinstance(value, Const) or value.value is not None:
            return None
        tried = context.keras.factor(factor.regularizer.kind, "none")
        if tried is None or tried.exception is not None or not tried.penalty:
            return None
        default = f"{tried.l2 or tried.l1:g}"
        fix = value_replacement(
            f"Write {default}, which is what None gives", factor.argument, value, default, Safety.SAFE
        )
        return Fault(
            f"λ = None means the default of {default}, not off; for no penalty, pass None as the regularizer", fix=fix
        )
