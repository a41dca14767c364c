"""KRG209 integer-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Const, Value
from kreglint.rules.base import Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault
from kreglint.rules.outcomes import failure_of_factor

_L1_FAILS = ">=3.0,<3.14"


class IntegerLambda(FactorRule):
    """λ is an integer that Keras does not convert to a float.

    ## Why is this bad?
    Before Keras 3.14, `L1(1)` is accepted, but fails on TensorFlow when its losses are read, because it does not
    multiply an integer with a float. `OrthogonalRegularizer(factor=1)` fails in the same way in every Keras 3. `L2(1)`
    and `L1L2(1)` work.

    ## What to write instead
    A float: `L1(1.0)`.

    ## Fix safety
    Safe: a crash becomes what Keras 2 did.
    """

    code, name, severity = "KRG209", "integer-lambda", Severity.ERROR
    ranges = (_L1_FAILS,)
    judges_defaults = True

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=L1(«1»))",
                both=Penalty("sum(abs(kernel))"),
                fixed="Dense(4, kernel_regularizer=L1(1.0))",
                majors=(3,),
                versions="<3.14",
                older=((_L1_FAILS, Raises("InvalidArgumentError", "losses", backend="tensorflow")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=«1»))",
                keras2=Penalty("mean_cosine(kernel)"),
                keras3=Raises("TypeError", "losses", backend="tensorflow"),
                fixed="Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=1.0))",
                majors=(3,),
            ),
            Good("Dense(4, kernel_regularizer=L1(1.0))", both=Penalty("sum(abs(kernel))")),
            Good("Dense(4, kernel_regularizer=L2(1))", both=Penalty("sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=L1L2(l1=1, l2=1))", both=Penalty("sum(abs(kernel)) + sum(kernel**2)")),
            Good(
                """
                def build(rate):
                    return Dense(4, kernel_regularizer=L1(rate))


                build(0.5)
                """
            ),
            Good("Dense(4, kernel_regularizer=L1(1 / 100))"),
            Good(
                """
                for power in range(3):
                    Dense(4, kernel_regularizer=L1(10.0 ** -power))
                """
            ),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        if not isinstance(value, Const) or type(value.value) is not int or value.value < 0:
            return None
        tried = context.keras.factor(factor.regularizer.kind, "int" if value.value else "int_zero")
        fails = failure_of_factor(tried)
        if fails is None:
            return None
        text = f"{value.value}.0"
        fix = value_replacement(f"Write {text}", factor.argument, value, text, Safety.SAFE)
        return Fault(f"λ = {value.value} is an integer", fails, fix)
