"""KRG313 unchecked-lambda."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Severity
from kreglint.facts.factors import factor_kind, number
from kreglint.facts.late import FactorUse
from kreglint.facts.meaning import FACTORS, meaning
from kreglint.facts.values import Unknown, Value
from kreglint.outcomes import Effect, Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault, judge

_NO_NUMBERS = {
    "str": "a string",
    "bytes": "bytes",
    "none": "None",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "complex": "a complex number",
}


class UncheckedLambda(Rule):
    """A regularizer's λ is set to something wrong after it is made.

    ## Why is this bad?
    Keras checks λ only in the constructor. A negative λ that is set later rewards large weights, in every version; NaN
    makes the loss NaN, and what is no number fails when the penalty is computed.

    ## What to write instead
    A factor that is not negative. For no penalty, set 0, or make the layer without a regularizer.
    """

    code, name, severity = "KRG313", "unchecked-lambda", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                reg = L2(0.1)
                reg.l2 = «-0.5»
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("-0.5 * sum(kernel**2)"),
            ),
            Bad(
                """
                layer = Dense(4, kernel_regularizer=l1(0.1))
                layer.kernel_regularizer.l1 = «-0.1»
                layer
                """,
                both=Penalty("-0.1 * sum(abs(kernel))"),
            ),
            Bad(
                """
                reg = L2(0.1)
                setattr(reg, "l2", «-1»)
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("-1 * sum(kernel**2)"),
            ),
            Bad(
                """
                reg = L2(0.1)
                reg.l2 = «float('nan')»
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("nan"),
            ),
            Bad(
                """
                reg = L2(0.1)
                reg.l2 = «None»
                Dense(4, kernel_regularizer=reg)
                """,
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "losses", "", "tensorflow"),
            ),
            Good(
                """
                reg = L2(0.1)
                reg.l2 = 0.5
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("0.5 * sum(kernel**2)"),
            ),
            Good(
                """
                reg = L2(0.1)
                reg.l2 = 0
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                def weaken(model, step):
                    for layer in model.layers:
                        layer.kernel_regularizer.l2 = layer.kernel_regularizer.l2 - step


                Dense(4)
                """
            ),
            Good(
                """
                class Config:
                    pass


                config = Config()
                config.l2 = -4
                Dense(4, kernel_regularizer=l2(10.0 ** config.l2))
                """,
                both=Penalty("1e-4 * sum(kernel**2)"),
            ),
            Good(
                """
                class Scheduled(Regularizer):
                    def __init__(self):
                        self.l2 = None

                    def __call__(self, weights):
                        return tf.reduce_sum(weights**2) * (self.l2 or 0.1)

                    def get_config(self):
                        return {}


                reg = Scheduled()
                reg.l2 = None
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def scaled(rate=None):
                    reg = L2(0.1)
                    reg.l2 = rate
                    return Dense(4, kernel_regularizer=reg)


                scaled(0.2)
                """,
                both=Penalty("0.2 * sum(kernel**2)"),
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        told = {change.span for change in context.facts.late.traced}
        for use in context.facts.factor_uses:
            traced = any(span.start <= use.span.start and use.span.end <= span.end for span in told)
            if use.given is not None and not traced and _has_factor(use, context.keras):
                yield from judge(use.given, "λ", _fault, defaults=False)


def _has_factor(use: FactorUse, keras: Keras) -> bool:
    """True if what it is set on certainly has such a factor, or is some layer's regularizer."""
    ways = use.regularizer.ways
    return use.name in FACTORS and all(isinstance(way, Unknown) or _has(use.name, way, keras) for way in ways)


def _has(name: str, value: Value, keras: Keras) -> bool:
    found = meaning(value, keras)
    return found.kind == "L1L2" or name in {"L1": ("l1",), "L2": ("l2",), "OrthogonalRegularizer": ("factor",)}.get(
        found.kind, ()
    )


def _fault(value: Value) -> Fault | None:
    kind, given = factor_kind(value), number(value)
    if kind == "negative" and given is not None:
        return Fault(f"λ = {given:g} is negative", Effect.REWARDS_LARGE_WEIGHTS)
    if kind in ("nan", "inf"):
        return Fault(f"λ is {kind}", Effect.NOT_FINITE)
    if kind in _NO_NUMBERS:
        return Fault(f"λ is {_NO_NUMBERS[kind]}, not a number", Fails("an error", "losses"))
    return None
