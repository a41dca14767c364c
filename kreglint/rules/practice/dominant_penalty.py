"""KRG701 dominant-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.joins import Chain
from kreglint.facts.meaning import Meaning, meaning
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.sizes import Kernel, kernel_of

_USUAL_LOSS = 10.0  # what few losses of data exceed on an untrained network


class DominantPenalty(Rule):
    """The penalty of a new layer is many times a typical loss.

    ## Why is this bad?
    The sum over a large kernel is large: before the first step, L2 of a Dense layer is about 2λ·n·m / (n + m) with n
    inputs and m units, and L1 is λ·n·m·√(6 / (n + m)) / 2 (`glorot_uniform`). Above 10, the penalty controls training,
    and the loss of the data does not.

    ## What to write instead
    A smaller λ. Usual values are 1e-5 to 1e-3 for L2, and less for L1.
    """

    code, name, severity, default = "KRG701", "dominant-penalty", Severity.INFO, False
    reads = ("previous",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "keras.Sequential([keras.Input((784,)), Dense(512, kernel_regularizer=«l2(0.1)»)])",
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Bad(
                """
                inputs = keras.Input((784,))
                x = Dense(512)(inputs)
                x = Dropout(0.5)(x)
                x = Dense(512, kernel_regularizer=«'l1'»)(x)
                keras.Model(inputs, x)
                """,
                both=Penalty("0.01 * sum(abs(kernel1))"),
            ),
            Good("keras.Sequential([keras.Input((784,)), Dense(512, kernel_regularizer=l2(0.001))])"),
            Good("keras.Sequential([keras.Input((20,)), Dense(8, kernel_regularizer=l2(0.1))])"),
            Good(
                """
                def build(n):
                    return keras.Sequential([keras.Input((n,)), Dense(512, kernel_regularizer='l2')])
                """
            ),
            Good("Dense(512, kernel_regularizer=l2(0.1))"),
            Good(
                "keras.Sequential([keras.Input((9000,)), "
                "Dense(512, kernel_initializer='zeros', kernel_regularizer='l2')])"
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        chain = Chain(context.layers, context.facts.previous)
        for name, argument, layer in context.slots:
            found = meaning(argument.value, context.keras)
            if name != "kernel_regularizer" or not found.is_exact:
                continue
            kernel = kernel_of(layer, chain, context.keras)
            penalty = _predict_penalty(kernel, found) if kernel is not None else 0.0
            if kernel is not None and penalty > _USUAL_LOSS:
                window = f"{kernel.window}·" if kernel.window > 1 else ""
                shape = f"{window}{kernel.inputs}×{kernel.outputs}"
                yield Finding(
                    argument.value_span,
                    f"before training, this penalty is about {penalty:.3g} ({_factors(found)}, {shape} weights), "
                    "many times a typical loss",
                )


def _predict_penalty(kernel: Kernel, found: Meaning) -> float:
    return (found.l1 or 0.0) * kernel.absolutes() + (found.l2 or 0.0) * kernel.squares()


def _factors(found: Meaning) -> str:
    return ", ".join(f"{name} = {factor:g}" for name, factor in found.factors.items() if factor)
