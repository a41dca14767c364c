"""KRG204 boolean-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Const, Value
from kreglint.outcomes import Effect
from kreglint.rules.base import Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault
from kreglint.rules.outcomes import failure_of_factor

_USUAL = "0.01"  # the default of L1 and L2
_REFUSED = ">=3.16"


class BooleanLambda(FactorRule):
    """λ is a bool.

    ## Why is this bad?
    `True` counts as 1, so `L2(True)` adds a penalty that is a hundred times the default. `L2(False)` adds nothing.
    Keras gives no warning in either case. `OrthogonalRegularizer(factor=True)` is accepted by Keras 3 and fails on
    TensorFlow when its losses are read. From Keras 3.16 on (not released yet), each of them raises a `ValueError` when
    it is constructed.

    ## What to write instead
    The factor: `L2(0.01)`, or `None` in place of the regularizer for no penalty.

    ## Fix safety
    Unsafe: `True` becomes Keras' default of 0.01, a hundredth of 1. There is no fix for `False`.
    """

    code, name, severity = "KRG204", "boolean-lambda", Severity.WARNING
    ranges = (_REFUSED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=regularizers.L2(«True»))",
                both=Penalty("sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
                older=((_REFUSED, Raises("ValueError", "constructor", "expected a non-negative float")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=l2(«False»))",
                both=Penalty("0"),
                older=((_REFUSED, Raises("ValueError", "constructor")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=«True»))",
                keras2=Penalty("mean_cosine(kernel)"),
                keras3=Raises("TypeError", "losses", backend="tensorflow"),
                fixed="Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=0.01))",
                older=((_REFUSED, Raises("ValueError", "constructor")),),
            ),
            Bad(
                "ActivityRegularization(l1=«True»)",
                both=Penalty("sum(abs(output)) / batch"),
                fixed="ActivityRegularization(l1=0.01)",
                older=((_REFUSED, Raises("ValueError", "constructor")), (">=3.0,<3.14", Penalty("sum(abs(output))"))),
            ),
            Good("Dense(4, True and 'relu', kernel_regularizer=l2(1.0))", both=Penalty("sum(kernel**2)")),
            Good(
                """
                def block(regularize=True):
                    return Dense(4, kernel_regularizer=l2(regularize))


                block(0.1)
                """
            ),
            Good(
                """
                def block(regularize):
                    return Dense(4, kernel_regularizer=l2(0.01) if regularize else None)
                """
            ),
            Good("Dense(4, use_bias=True, kernel_regularizer='l2')"),
            Good(
                """
                def block(regularize=False):
                    penalty = l2(1e-4) if regularize else None
                    return Dense(4, kernel_regularizer=penalty)


                block(True)
                """,
                both=Penalty("0.0001 * sum(kernel**2)"),
            ),
            Good(
                """
                options = {'use_bias': False, 'kernel_regularizer': l2(5e-4)}
                Dense(4, **options)
                """,
                both=Penalty("0.0005 * sum(kernel**2)"),
            ),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        if not isinstance(value, Const) or not isinstance(value.value, bool):
            return None
        fix = value_replacement(f"Write {_USUAL}", factor.argument, value, _USUAL, Safety.UNSAFE)
        tried = context.keras.factor(factor.regularizer.kind, "bool_true" if value.value else "bool_false")
        fails = failure_of_factor(tried)
        return Fault(
            f"λ is the bool {value.value}",
            fails or (Effect.COUNTS_AS_1 if value.value else Effect.COUNTS_AS_0),
            fix if value.value else None,
            Severity.ERROR if fails else None,
        )
