"""KRG101 unknown-identifier."""

from __future__ import annotations

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Fix, Safety, Severity
from kreglint.facts.values import Argument, Const, Value
from kreglint.likeness import closest
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context
from kreglint.rules.edits import quoted_like, value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.identifier.strings import METHODS, is_other_role, looks_like_a_call, other_major
from kreglint.rules.outcomes import outcome_of
from kreglint.rules.slots import SlotRule

_NOTHING = ("none", "", "no", "null")


class UnknownIdentifier(SlotRule):
    """A string names a regularizer that Keras does not have.

    ## Why is this bad?
    Keras 3 raises a `ValueError` when the layer is constructed. Keras 2 keeps the string. The model builds, predicts
    and serialises, but fails with `TypeError: 'str' object is not callable` only when its losses are first read, in
    `fit` or `evaluate`.

    ## What to write instead
    `"l1"`, `"l2"`, or a regularizer with its factor, such as `regularizers.L2(0.01)`. For no regularizer, write `None`;
    there is no string for it.

    ## Fix safety
    Safe if only case or whitespace differs, because the meaning is clear. Otherwise unsafe: the nearest known name is a
    guess.
    """

    code, name, severity = "KRG101", "unknown-identifier", Severity.ERROR
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                'Dense(4, kernel_regularizer=«"l3"»)',
                keras2=Raises("TypeError", "losses", "'str' object is not callable"),
                keras3=Raises("ValueError", "constructor", "Could not interpret regularizer identifier: l3"),
                fixed='Dense(4, kernel_regularizer="l2")',
            ),
            Bad(
                "Conv2D(8, 3, bias_regularizer=«'l2 '»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Conv2D(8, 3, bias_regularizer='l2')",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«'none'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=None)",
            ),
            Bad(
                """
                def block(units, reg=«'ridge'»):
                    return Dense(units, kernel_regularizer=reg)


                block(4)
                """,
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Good('Dense(4, kernel_regularizer="l2")', both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer='L1')", both=Penalty("0.01 * sum(abs(kernel))")),
            Good("Dense(4, kernel_regularizer=None)", both=Penalty("0")),
            Good(
                """
                def fit(model, regularizer='none'):
                    return model


                fit(Dense(4), regularizer='none')
                """
            ),
            Good(
                """
                def wrapped(units, kernel_regularizer='none'):
                    print(kernel_regularizer)
                    return Dense(units)


                wrapped(4)
                """
            ),
            Good(
                """
                import pytest

                with pytest.raises(ValueError):
                    Dense(4, kernel_regularizer='l3')
                """
            ),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if not isinstance(value, Const) or not isinstance(value.value, str):
            return None
        identifier, keras = value.value, context.keras
        if identifier in keras.identifiers or looks_like_a_call(identifier):
            return None
        if other_major(identifier, keras) or is_other_role(identifier):
            return None
        if keras.major == 2 and context.facts.registers_custom_objects:
            return None  # the name may be one that the program registers
        meant, safety = _nearest(identifier, keras)
        return Fault(
            f"{identifier!r} is not a Keras regularizer",
            outcome_of(keras.unknown_identifier),
            _fix(value, argument, meant, safety) if meant != "" else None,
            meant=repr(meant) if meant != "" else "",
        )


def _fix(value: Value, argument: Argument, meant: str | None, safety: Safety) -> Fix | None:
    text = quoted_like(argument, meant) if meant else "None"
    return value_replacement(f"Write {text}", argument, value, text, safety)


def _nearest(identifier: str, keras: Keras) -> tuple[str | None, Safety]:
    """Return what was probably meant, None for no regularizer and "" where nobody knows, and how sure that is."""
    plain = identifier.strip().lower()
    if plain in keras.identifiers:
        return plain, Safety.SAFE
    if plain in _NOTHING:
        return None, Safety.UNSAFE
    if plain in METHODS:
        return METHODS[plain] if METHODS[plain] in keras.identifiers else "", Safety.UNSAFE
    known = [name for name, given in keras.identifiers.items() if not given.inert and name == name.lower()]
    return closest(plain, known, 0.5) or "", Safety.UNSAFE
