"""KRG302 inert-identifier."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Argument, Const, Value
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.slots import SlotRule

_L1L2 = "keras.regularizers.L1L2"


class InertIdentifier(SlotRule):
    """A string names a regularizer whose default factors are all zero.

    ## Why is this bad?
    Keras calls the named class without arguments, and `L1L2` defaults to `l1=0.0, l2=0.0`: the layer looks regularized
    but is not. Neither Keras 2 nor Keras 3 warns.

    ## What to write instead
    The regularizer with its factors: `regularizers.L1L2(l1=0.01, l2=0.01)`. A string cannot carry them.

    ## Fix safety
    Unsafe: the layer gets a penalty, so training changes. 0.01 is the default of `L1` and `L2`.
    """

    code, name, severity = "KRG302", "inert-identifier", Severity.ERROR
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                'Dense(4, kernel_regularizer=«"L1L2"»)',
                both=Penalty("0"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))",
            ),
            Bad(
                "Conv2D(8, 3, bias_regularizer=«'l1l2'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Penalty("0"),
                fixed="Conv2D(8, 3, bias_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))",
                majors=(3,),
            ),
            Bad("Dense(4, kernel_regularizer=«'Regularizer'»)", both=Penalty("0")),
            Bad(
                """
                def block(units, reg=«'L1L2'»):
                    return Dense(units, kernel_regularizer=reg)


                block(4)
                """,
                both=Penalty("0"),
            ),
            Good('Dense(4, kernel_regularizer="l2")', both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                "Dense(4, kernel_regularizer=L1L2(l1=0.02, l2=0.05))",
                both=Penalty("0.02 * sum(abs(kernel)) + 0.05 * sum(kernel**2)"),
            ),
            Good(
                """
                CHOICES = ('L1L2', 'l1l2')
                Dense(4)
                """
            ),
            Good(
                """
                def fit(model, penalty='L1L2'):
                    return model


                fit(Dense(4), penalty='L1L2')
                """
            ),
            Good(
                """
                def make(name):
                    return Dense(4, kernel_regularizer=name)


                make('l2')
                """
            ),
            Good("Dense(4, name='L1L2')", both=Penalty("0")),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        identifier = value.value if isinstance(value, Const) else None
        known = context.keras.identifiers.get(identifier) if isinstance(identifier, str) else None
        if known is None or not known.inert:
            return None
        if known.kind != "L1L2":
            return Fault(f"{identifier!r} names the base class, which adds nothing")
        text = f"{_L1L2}(l1=0.01, l2=0.01)"
        fix = value_replacement(f"Write {text}", argument, value, text, Safety.UNSAFE, _L1L2)
        return Fault(f"{identifier!r} makes L1L2 with l1=0.0 and l2=0.0, which adds nothing", fix=fix)
