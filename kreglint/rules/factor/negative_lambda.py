"""KRG201 negative-lambda."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity, Span
from kreglint.facts.factors import number
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.meaning import FACTORS, meaning
from kreglint.facts.values import Argument, Mapping, Value
from kreglint.outcomes import Effect
from kreglint.rules.base import Context
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault
from kreglint.rules.outcomes import failure_of
from kreglint.rules.slots import given_to_get

_SIGN = r"-[ \t]*"
_LAYOUT = r"#[^\r\n]*|[\s\\()]"


class NegativeLambda(FactorRule):
    """λ is negative.

    ## Why is this bad?
    Keras 3 raises a `ValueError` when the regularizer is constructed. Keras 2 accepts it and rewards large weights: the
    loss falls without end as the weights grow.

    ## What to write instead
    A factor that is not negative. To remove a penalty, pass `None` as the regularizer.

    ## Fix safety
    Unsafe: without the sign, the penalty is different.
    """

    code, name, severity = "KRG201", "negative-lambda", Severity.ERROR
    judges_defaults = True

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=regularizers.L2(«-0.1»))",
                keras2=Penalty("-0.1 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor", "expected a non-negative float"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.1))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=L1L2(l1=0.01, l2=«-1e-4»))",
                keras2=Penalty("0.01 * sum(abs(kernel)) - 1e-4 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=L1L2(l1=0.01, l2=1e-4))",
            ),
            Bad(
                """
                decay = -5e-4
                Dense(4, kernel_regularizer=l2(«decay»))
                """,
                keras2=Penalty("-5e-4 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                """
                def block(units, decay=«-0.1»):
                    return Dense(units, kernel_regularizer=l2(decay))


                block(4)
                """,
                keras2=Penalty("-0.1 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "regularizers.get(«{'class_name': 'L2', 'config': {'l2': -0.1}}»)",
                keras2=Penalty("-0.1 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor"),
                majors=(2,),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«{'class_name': 'L2', 'config': {'l2': -0.1}}»)",
                keras2=Penalty("-0.1 * sum(kernel**2)"),
                keras3=Raises("ValueError", "constructor"),
                majors=(2,),
            ),
            Good("Dense(4, kernel_regularizer=l2(1e-4))", both=Penalty("1e-4 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=l2(10 ** -4))", both=Penalty("1e-4 * sum(kernel**2)")),
            Good(
                """
                def block(decay):
                    return Dense(4, kernel_regularizer=l2(-decay))
                """
            ),
            Good(
                """
                def block(decay=-4):
                    return Dense(4, kernel_regularizer=l2(10.0 ** decay))


                block()
                """
            ),
            Good(
                """
                def l2(factor):
                    return factor


                l2(-0.1)
                Dense(4)
                """
            ),
            Good(
                """
                def clip(low, high):
                    return low


                Dense(4, name=str(clip(-0.1, 0.1)))
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        yield from _check_configuration(argument, context)

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        yield from super().check_call(call, context)
        for argument in given_to_get(call):
            yield from _check_configuration(argument, context)

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        given = number(value)
        if given is None or not given < 0:
            return None
        tried = context.keras.factor(factor.regularizer.kind, "negative")
        fails = failure_of(tried) if tried is not None else None
        return Fault(f"λ = {given:g} is negative", fails or Effect.REWARDS_LARGE_WEIGHTS, _fix(value, factor))


def _check_configuration(argument: Argument, context: Context) -> Iterator[Finding]:
    """Check a dict like a call: Keras 3 refuses it (KRG103), Keras 2 accepts it."""
    value = argument.value
    config = value.get("config") if isinstance(value, Mapping) else None
    if isinstance(config, Mapping) and meaning(value, context.keras).outcome is None:
        for key, factor in config.entries:
            given = number(factor)
            if key in FACTORS and given is not None and given < 0 and factor.is_exact:
                yield Finding(argument.value_span, f"λ = {given:g} is negative", outcome=Effect.REWARDS_LARGE_WEIGHTS)


def _fix(value: Value, factor: Factor) -> Fix | None:
    """Take the sign away, where it is that of a number as it stands."""
    source = factor.argument.source
    sign = re.match(_SIGN, source)
    if sign is None or value.origin or not _is_number(re.sub(_LAYOUT, "", source[sign.end() :])):
        return None
    positive = source[sign.end() :]
    start = factor.argument.value_span.start
    return replacement(f"Write {positive}", Span(start, start + sign.end()), "", Safety.UNSAFE)


def _is_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False
