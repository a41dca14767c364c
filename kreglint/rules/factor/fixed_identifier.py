"""KRG207 fixed-identifier."""

from __future__ import annotations

from kreglint.catalog.model import Identifier
from kreglint.diagnostics import Fix, Safety, Severity
from kreglint.facts.values import Argument, Const, Value
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.faults import Fault
from kreglint.rules.slots import SlotRule

_KINDS = {"l1": "L1", "l2": "L2"}  # by the only factor


class FixedIdentifier(SlotRule):
    """A regularizer is named by a string, which cannot carry a λ.

    ## Why is this bad?
    `"l2"` means λ = 0.01. The number is not in the code, so it cannot be seen, searched for or tuned.

    ## What to write instead
    The class with its factor: `regularizers.L2(l2=0.01)`.

    ## Fix safety
    Safe: the factor is the one that the string stands for.
    """

    code, name, severity, default = "KRG207", "fixed-identifier", Severity.INFO, False
    triggers = (REGULARIZER, IDENTIFIER)
    judges_defaults = False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«'l2'»)",
                both=Penalty("0.01 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(l2=0.01))",
            ),
            Bad(
                "Dense(4, bias_regularizer=«'L1'»)",
                both=Penalty("0.01 * sum(abs(bias))"),
                fixed="Dense(4, bias_regularizer=regularizers.L1(l1=0.01))",
            ),
            Good("Dense(4, kernel_regularizer=l2(0.01))", keras2=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def build(regularizer='l2'):
                    return Dense(4, kernel_regularizer=regularizer)
                """
            ),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if not isinstance(value, Const) or not isinstance(value.value, str):
            return None
        known = context.keras.identifiers.get(value.value)
        if known is None or known.inert:
            return None
        factors = ", ".join(f"{name}={factor}" for name, factor in _factors(known).items())
        return Fault(f"{value.value!r} as a string fixes λ at {factors}", fix=_fix(known, argument, value, context))


def _fix(known: Identifier, argument: Argument, value: Value, context: Context) -> Fix | None:
    factors = _factors(known)
    [only] = factors if len(factors) == 1 else ("",)
    made = context.names.call(_KINDS.get(only, known.kind), **factors)
    if made is None:
        return None
    return value_replacement(f"Write {made.text}", argument, value, made.text, Safety.SAFE, made.name)


def _factors(known: Identifier) -> dict[str, str]:
    """Return the factors that add something: Keras up to 2.3 makes an L1L2 of "l2", whose other factor is 0."""
    named = (("l1", known.l1), ("l2", known.l2), ("factor", known.factor))
    return {name: f"{factor:g}" for name, factor in named if factor}
