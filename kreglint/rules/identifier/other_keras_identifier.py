"""KRG102 other-keras-identifier."""

from __future__ import annotations

from kreglint.diagnostics import Safety, Severity
from kreglint.facts.values import Argument, Const, Value
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.identifier.strings import other_major
from kreglint.rules.outcomes import outcome_of
from kreglint.rules.slots import SlotRule

_L1L2 = "keras.regularizers.L1L2"


class OtherKerasIdentifier(SlotRule):
    """A string names a regularizer that only another major version of Keras knows.

    ## Why is this bad?
    `"l1_l2"` means `l1=0.01, l2=0.01` in Keras 2; Keras 3 raises a `ValueError`, though the docstring of 3.15
    still advertises it. `"l1l2"` is accepted by Keras 3, where it adds nothing (KRG302), and fails in Keras 2.

    ## What to write instead
    The regularizer itself, with both factors: `regularizers.L1L2(l1=0.01, l2=0.01)`. It means the same in both.

    ## Fix safety
    Safe for `"l1_l2"`: the penalty is that of Keras 2.
    """

    code, name, severity = "KRG102", "other-keras-identifier", Severity.ERROR
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                'Dense(4, kernel_regularizer=«"l1_l2"»)',
                keras2=Penalty("0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor", "l1_l2"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))",
                majors=(3,),
            ),
            Bad(
                'Dense(4, kernel_regularizer=«"l1l2"»)',
                keras2=Raises("TypeError", "losses"),
                keras3=Penalty("0"),
                majors=(2,),
            ),
            Good(
                "Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))",
                both=Penalty("0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
            ),
            Good(
                "Dense(4, kernel_regularizer='l1_l2')",
                keras2=Penalty("0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
                majors=(2,),
            ),
            Good("Dense(4, kernel_regularizer='orthogonal_regularizer')", both=Penalty("0.01 * mean_cosine(kernel)")),
            Good("Dense(4, kernel_regularizer='L2')"),
            Good(
                "Dense(4, kernel_regularizer=regularizers.l1_l2(l1=1e-5, l2=1e-4))",
                both=Penalty("0.00001 * sum(abs(kernel)) + 0.0001 * sum(kernel**2)"),
            ),
            Good(
                """
                def penalty(name='l1_l2'):
                    return name


                penalty()
                Dense(4, name='l1_l2')
                """
            ),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if not isinstance(value, Const) or not isinstance(value.value, str):
            return None
        identifier, keras = value.value, context.keras
        other = other_major(identifier, keras)
        if identifier in keras.identifiers or other is None:
            return None
        text = f"{_L1L2}(l1=0.01, l2=0.01)"
        fix = None
        if identifier == "l1_l2":
            fix = value_replacement(f"Write {text}, as Keras 2 has it", argument, value, text, Safety.SAFE, _L1L2)
        return Fault(
            f"{identifier!r} is a regularizer only in Keras {other}", outcome_of(keras.unknown_identifier), fix
        )
