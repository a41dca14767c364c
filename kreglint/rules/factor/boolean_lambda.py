"""KRG204 boolean-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Const, Value
from kreglint.rules.base import Bad, Context, Good, Penalty
from kreglint.rules.edits import value_replacement
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault

_USUAL = "0.01"  # the default of L1 and L2


class BooleanLambda(FactorRule):
    """λ is a bool.

    ## Why is this bad?
    `True` counts as 1, so `L2(True)` does not switch a usual penalty on but adds one a hundred times the
    default. `L2(False)` adds nothing. Keras says nothing in either case.

    ## What to write instead
    The factor: `L2(0.01)`, or `None` in place of the regularizer for no penalty.

    ## Fix safety
    Unsafe: `True` becomes Keras' default of 0.01, a hundredth of it. There is none for `False`.
    """

    code, name, severity = "KRG204", "boolean-lambda", Severity.WARNING
    examples = (
        Bad(
            "Dense(4, kernel_regularizer=regularizers.L2(«True»))",
            keras2=Penalty("sum(kernel**2)"),
            keras3=Penalty("sum(kernel**2)"),
            fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
        ),
        Bad(
            "Dense(4, kernel_regularizer=l2(«False»))",
            keras2=Penalty("0"),
            keras3=Penalty("0"),
        ),
        Good(
            "Dense(4, True and 'relu', kernel_regularizer=l2(1.0))",
            keras2=Penalty("sum(kernel**2)"),
            keras3=Penalty("sum(kernel**2)"),
        ),
        Good("def block(regularize=True):\n    return Dense(4, kernel_regularizer=l2(regularize))\n\n\nblock(0.1)"),
        Good("def block(regularize):\n    return Dense(4, kernel_regularizer=l2(0.01) if regularize else None)"),
        Good("Dense(4, use_bias=True, kernel_regularizer='l2')"),
        Good(
            "def block(regularize=False):\n    penalty = l2(1e-4) if regularize else None\n"
            "    return Dense(4, kernel_regularizer=penalty)\n\n\nblock(True)",
            keras2=Penalty("0.0001 * sum(kernel**2)"),
            keras3=Penalty("0.0001 * sum(kernel**2)"),
        ),
        Good(
            "options = {'use_bias': False, 'kernel_regularizer': l2(5e-4)}\nDense(4, **options)",
            keras2=Penalty("0.0005 * sum(kernel**2)"),
            keras3=Penalty("0.0005 * sum(kernel**2)"),
        ),
    )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        if not isinstance(value, Const) or not isinstance(value.value, bool):
            return None
        fix = value_replacement(f"Write {_USUAL}", factor.argument, value, _USUAL, Safety.UNSAFE)
        message = f"λ is the bool {value.value}, which counts as {int(value.value)}"
        return Fault(message, fix=fix if value.value else None)
