"""KRG702 regularized-bias."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import dropped
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty


class RegularizedBias(Rule):
    """A layer's bias is regularized.

    ## Why is this bad?
    A bias is one number per unit and only shifts the output, so it hardly helps a network fit noise. Regularizing it
    changes little, and can keep the output away from the mean of the data.

    ## Fix safety
    Unsafe: the penalty changes.
    """

    code, name, severity, default = "KRG702", "regularized-bias", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer='l2', bias_regularizer=«l2(0.1)»)",
                both=Penalty("0.01 * sum(kernel**2) + 0.1 * sum(bias**2)"),
                fixed="Dense(4, kernel_regularizer='l2')",
            ),
            Good("Dense(4, kernel_regularizer='l2')", keras3=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, name='plain', use_bias=False)"),
            Good(
                """
                def build(penalty=None):
                    return Dense(4, bias_regularizer=penalty)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        asked = name == "bias_regularizer" and asks_for_penalty(argument.value, context.keras)
        if asked and not _has_no_bias(layer):
            fix = dropped(argument, layer)
            yield Finding(
                argument.value_span,
                "regularizing a bias changes little, as biases hardly affect what a network can fit",
                fix=_unsafe(fix) if fix is not None else None,
            )


def _has_no_bias(layer: LayerCall) -> bool:
    """True if the layer is told to have none, which is KRG304's."""
    given = layer.keyword("use_bias")
    return given is not None and isinstance(given.value, Const) and given.value.value is False


def _unsafe(fix: Fix) -> Fix:
    return replace(fix, safety=Safety.UNSAFE)
